/** What the engine asks of its surroundings: nothing else comes in. */

export interface FileInfo {
  uri: string;
  /** What people call it: relative to where they work. */
  path: string;
  size: number;
  /** Milliseconds since 1970 UTC; with `size` it tells whether the file has changed. */
  modified: number;
}

export interface Files {
  /**
   * The files a path or glob means, in order of path.
   * @param base uri of the folder the pattern is relative to
   * @returns none where nothing matches
   */
  list(base: string, pattern: string): Promise<FileInfo[]>;
  /**
   * The bytes of a file as stored (a .gz comes compressed), in pieces.
   * @throws Error with a sentence for people, where it can't be read
   */
  read(uri: string): AsyncIterable<Uint8Array>;
}

export interface PreviewOptions {
  /** Milliseconds UTC; before the plan's own and the default, the last event's time. */
  asOf?: number;
  /** Only these journeys; all, where absent. */
  journeys?: string[];
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}
export interface Progress {
  stage: 'reading' | 'storing' | 'matching' | 'simulating' /** a source or journey */;
  name: string;
  done: number;
  total: number;
}

/** A column of a source or table, by the dotted name that its files know it by. */
export interface ColumnPlace {
  kind: 'source' | 'table';
  name: string;
  column: string;
}

/** A running engine, here or in a worker. Loaded data and posting lists stay between calls. */
export interface EngineApi {
  /** @throws AbortError (DOMException) when `signal` fires */
  preview(plan: import('./plan.ts').Plan, options?: PreviewOptions): Promise<import('./result.ts').Preview>;
  /**
   * Runs the plan's scenarios alone: no sample is read.
   * @throws AbortError (DOMException) when `signal` fires
   */
  test(plan: import('./plan.ts').Plan, options?: Pick<PreviewOptions, 'signal'>): Promise<import('./result.ts').ScenarioResult[]>;
  /**
   * Which rules the sample and the scenarios exercise, and what would change without each.
   * @throws AbortError (DOMException) when `signal` fires
   */
  coverage(plan: import('./plan.ts').Plan, options?: PreviewOptions): Promise<import('./coverage/types.ts').Coverage>;
  /**
   * What happened to one person in one journey, and why.
   * @throws AbortError (DOMException) when `signal` fires
   */
  explain(
    plan: import('./plan.ts').Plan,
    options: import('./explain/types.ts').ExplainOptions,
  ): Promise<import('./explain/types.ts').Explanation>;
  /**
   * Who is one customer and why, what each rule of an identity does, and what looks wrong with its ids.
   * @returns null where the plan has no such identity
   * @throws AbortError (DOMException) when `signal` fires
   */
  identity(
    plan: import('./plan.ts').Plan,
    options?: import('./identity/types.ts').IdentityOptions,
  ): Promise<import('./identity/types.ts').IdentityReport | null>;
  /**
   * A few frequent values of a column, also of one that no rule uses: then it is read for this, and forgotten like one that has
   * fallen out of use.
   * @returns none of personal data, of a column with about one value a row, or where there is no such column
   * @throws AbortError (DOMException) when `signal` fires
   */
  values(plan: import('./plan.ts').Plan, column: ColumnPlace, options?: Pick<PreviewOptions, 'signal'>): Promise<string[]>;
  /**
   * What is doubtful about the values of the columns that rules use: they drift, or whole rows repeat. The preview doesn't wait for it.
   * @throws AbortError (DOMException) when `signal` fires
   */
  doubts(plan: import('./plan.ts').Plan, options?: Pick<PreviewOptions, 'asOf' | 'signal'>): Promise<import('./result.ts').DataProblem[]>;
  /** Tell it that files may have changed; the next preview looks at their size and time again. */
  filesChanged(): void;
  dispose(): void;
}
