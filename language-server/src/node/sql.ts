/** sql.js, with its WebAssembly read from the disk. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import initSqlJs, { type SqlJsStatic } from 'sql.js';

const WASM = 'sql-wasm.wasm';

/**
 * Starts sql.js.
 * @param wasmBinary the bytes of its `sql-wasm.wasm`; without them a file of that name beside this module is read (a bundle
 *   ships one), else the one of the installed package
 */
export async function loadSql(wasmBinary?: Uint8Array): Promise<SqlJsStatic> {
  const bytes = wasmBinary ?? (await readFile(wasmPath()));
  return initSqlJs({ wasmBinary: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer });
}

function wasmPath(): string {
  const beside = fileURLToPath(new URL(WASM, import.meta.url));
  return existsSync(beside) ? beside : createRequire(import.meta.url).resolve(`sql.js/dist/${WASM}`);
}
