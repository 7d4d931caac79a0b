/** What scripts/build.ts puts into the browser bundles. */
declare module 'journey:worker-text' {
  /** The engine worker's script. */
  const text: string;
  export default text;
}
declare module '*.wasm' {
  const bytes: Uint8Array;
  export default bytes;
}
/** TypeScript knows pages or workers, not both; this is what a dedicated worker adds. */
interface DedicatedWorkerGlobalScope extends EventTarget {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  onmessage: ((this: DedicatedWorkerGlobalScope, event: MessageEvent) => unknown) | null;
  addEventListener(type: 'unhandledrejection', listener: (event: PromiseRejectionEvent) => void): void;
}
