/** Small tools of the measuring processes. */

export interface Spread {
  p50: number;
  p95: number;
}

export function spread(values: number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
  return { p50: at(0.5), p95: at(0.95) };
}

/** Milliseconds that something took. */
export async function timed<T>(work: () => T | Promise<T>): Promise<{ ms: number; value: T }> {
  const started = performance.now();
  const value = await work();
  return { ms: performance.now() - started, value };
}

/** What the process holds in memory, in megabytes, after what can be let go is let go; needs --expose-gc. */
export async function residentMegabytes(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  return process.memoryUsage.rss() / 1e6;
}
