/** What the server and its engine worker say to each other, over vscode-jsonrpc on a message port. */
import type {
  ColumnPlace,
  Coverage,
  DataProblem,
  ExplainOptions,
  Explanation,
  FileInfo,
  IdentityOptions,
  IdentityReport,
  Plan,
  Preview,
  Progress,
  ScenarioResult,
} from '@journey/engine';
import { NotificationType, RequestType } from 'vscode-jsonrpc';

export interface PreviewParams {
  /** Names the run in progress notifications. */
  run: number;
  plan: Plan;
  asOf?: number;
  journeys?: string[];
}

/** Server to worker. Cancelled the ordinary way. */
export const PreviewRequest = new RequestType<PreviewParams, Preview, void>('engine/preview');
export const CoverageRequest = new RequestType<PreviewParams, Coverage, void>('engine/coverage');
export const TestRequest = new RequestType<{ run: number; plan: Plan }, ScenarioResult[], void>('engine/test');
export const ExplainRequest = new RequestType<{ run: number; plan: Plan; options: ExplainOptions }, Explanation, void>('engine/explain');
export const IdentityRequest = new RequestType<{ run: number; plan: Plan; options: IdentityOptions }, IdentityReport | null, void>(
  'engine/identity',
);
export const ValuesRequest = new RequestType<{ run: number; plan: Plan; column: ColumnPlace }, string[], void>('engine/values');
export const DoubtsRequest = new RequestType<{ run: number; plan: Plan; asOf?: number }, DataProblem[], void>('engine/doubts');
export const FilesChanged = new NotificationType<Record<string, never>>('engine/filesChanged');
/** Worker to server. */
export const ProgressNote = new NotificationType<{ run: number; progress: Progress }>('engine/progress');

/** Worker to server: only where the worker can't reach the files itself. */
export const ListFiles = new RequestType<{ base: string; pattern: string }, FileInfo[], void>('engine/listFiles');
export const ReadFile = new RequestType<{ uri: string }, { bytes: Uint8Array }, void>('engine/readFile');
