/** Lets others have the thread now and then, and stops when told to. */
export class Pacer {
  private last = performance.now();
  private readonly signal: AbortSignal | undefined;

  constructor(signal?: AbortSignal) {
    this.signal = signal;
  }

  /** @throws AbortError (DOMException) when the signal has fired */
  check(): void {
    if (this.signal?.aborted) throw new DOMException('The preview was cancelled.', 'AbortError');
  }

  /** Call between pieces of work of a few milliseconds. */
  async pause(): Promise<void> {
    this.check();
    if (performance.now() - this.last < 25) return;
    // A macrotask: promises alone would starve timers and messages, and with them the cancellation.
    await new Promise(resolve => setTimeout(resolve, 0));
    this.last = performance.now();
    this.check();
  }
}
