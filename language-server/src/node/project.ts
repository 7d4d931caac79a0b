import { createEngine, type EngineApi, type Files } from '@journey/engine';
import { NodeFileSystem } from 'langium/node';
import { createJourneyServices } from '../language/services.ts';
import { Project } from '../project/project.ts';
import { nodeFiles } from './files.ts';
import { loadSql } from './sql.ts';

export interface NodeProjectOptions {
  /** The folder that the paths shown to people are relative to. */
  cwd: string;
  /** Default: the disk's. */
  files?: Files;
  /** Default: one in this very thread, which is what a command wants and an editor doesn't. */
  engine?: EngineApi;
  /** The bytes of sql.js' WebAssembly; see `loadSql`. */
  wasmBinary?: Uint8Array;
}

export interface NodeProject extends Project {
  readonly engine: EngineApi;
  /** Frees what has been read. */
  dispose(): void;
}

/** The facade over the files of this machine. Uris are `file:` uris; `pathToFileURL` makes them of paths. */
export function createNodeProject({ cwd, files = nodeFiles(cwd), engine, wasmBinary }: NodeProjectOptions): NodeProject {
  const services = createJourneyServices(NodeFileSystem);
  const running = engine ?? createEngine({ files, sql: () => loadSql(wasmBinary) });
  return Object.assign(new Project(services, { files, engine: running }), { engine: running, dispose: () => running.dispose() });
}
