/** The server in a process of its own. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nodeFiles } from '../node/files.ts';
import { startNodeWorker } from './engine/start.node.ts';
import type { Platform } from './server.ts';

/** @param cwd the folder that paths shown to people are relative to */
export function nodePlatform(cwd: string): Platform {
  return {
    localFiles: { files: nodeFiles(cwd), schemes: ['file'] },
    startWorker: () => startNodeWorker(cwd),
    docs: docsFolder(),
  };
}

/** The pages on diagnostics: beside a bundle, or in the sources. */
function docsFolder(): string | undefined {
  const folder = new URL(import.meta.url.endsWith('.ts') ? '../../../docs/diagnostics' : './docs', import.meta.url);
  return existsSync(fileURLToPath(folder)) ? folder.href : undefined;
}
