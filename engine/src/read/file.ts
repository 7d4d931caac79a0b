import type { FileInfo, Files } from '../ports.ts';
import { CsvReader } from './csv.ts';
import { TooLarge } from './dictionary.ts';
import { Damaged, gunzip, isGzip } from './gzip.ts';
import { JsonReader, NdjsonReader } from './json.ts';
import type { Pacer } from './pause.ts';
import type { Reading } from './reading.ts';

interface Reader {
  push(piece: Uint8Array): void;
  end(): void;
}
/** What the first bytes should be enough to tell. */
const SNIFFED = 1024;

/**
 * Reads one file into the reading's sinks. What is wrong with it is told in the reading's faults; what came before counts.
 * @param tell bytes read so far, as stored
 */
export async function readFile(files: Files, info: FileInfo, reading: Reading, pacer: Pacer, tell: (bytes: number) => void): Promise<void> {
  reading.fileStarts(info.path);
  let reader: Reader | null = null;
  const before = reading.rows;
  let stored = 0;
  const count = (bytes: number) => {
    stored = bytes;
    tell(bytes);
  };
  try {
    let head = new Uint8Array(0);
    const start = (): Reader | null => {
      const refused = refuse(head, info.path);
      if (refused) {
        reading.faults.add({ ...refused, severity: 'error', data: { path: info.path } });
        return null;
      }
      const body = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? head.subarray(3) : head;
      const made = readerFor(info.path, body, reading);
      made.push(body);
      return made;
    };
    for await (const piece of unpacked(files.read(info.uri), count)) {
      if (reader) reader.push(piece);
      else {
        const both = new Uint8Array(head.length + piece.length);
        both.set(head);
        both.set(piece, head.length);
        head = both;
        if (head.length >= SNIFFED) {
          reader = start();
          if (!reader) return;
        }
      }
      if (reading.rows > before) reading.expect(before + ((reading.rows - before) * info.size * 1.02) / Math.max(1, stored));
      await pacer.pause();
    }
    reader ??= start();
    reader?.end();
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    if (error instanceof Damaged) {
      reader?.end();
      reading.faults.add({
        code: 'sample-damaged',
        severity: 'error',
        message: `${info.path}: ${error.message}`,
        data: { path: info.path },
      });
    } else if (error instanceof TooLarge || error instanceof RangeError) {
      // A RangeError is an array that this machine has no memory for.
      if (error.message)
        reading.faults.add({
          code: 'sample-too-large',
          severity: 'error',
          message: `${info.path}: ${error.message}. Take a smaller sample; the rows before are used`,
          data: { path: info.path },
        });
    } else
      reading.faults.add({
        code: 'sample-unreadable',
        severity: 'error',
        message: `${info.path} can't be read: ${(error as Error).message}`,
        data: { path: info.path },
      });
  } finally {
    reading.fileDone(reader instanceof CsvReader);
  }
}

async function* unpacked(pieces: AsyncIterable<Uint8Array>, tell: (bytes: number) => void): AsyncIterable<Uint8Array> {
  let bytes = 0;
  async function* counted(): AsyncIterable<Uint8Array> {
    for await (const piece of pieces) {
      bytes += piece.length;
      tell(bytes);
      if (piece.length) yield piece;
    }
  }
  const iterator = counted()[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done) return;
  async function* whole(): AsyncIterable<Uint8Array> {
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  // By content, not by name: servers and tools rename freely.
  yield* isGzip(first.value) ? gunzip(whole()) : whole();
}

function refuse(head: Uint8Array, path: string): { code: string; message: string } | null {
  const utf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  let zeros = 0;
  let odd = 0;
  const looked = Math.min(head.length, SNIFFED);
  for (let i = 0; i < looked; i++) {
    if (head[i] === 0) {
      zeros++;
      odd += i & 1;
    }
  }
  if (utf16 || (zeros * 3 > looked && (odd === zeros || odd === 0)))
    return { code: 'sample-encoding', message: `${path} is in UTF-16; save it as UTF-8 (in Excel: "CSV UTF-8")` };
  const magic = String.fromCharCode(...head.subarray(0, 4));
  const kind =
    magic === 'PAR1' ? 'a Parquet file' : magic.startsWith('PK\x03\x04') ? 'a zip archive or Excel workbook' : zeros ? 'binary data' : null;
  return kind ? { code: 'sample-binary', message: `${path} is ${kind}; expected CSV, NDJSON or JSON, plain or gzipped` } : null;
}

function readerFor(path: string, head: Uint8Array, reading: Reading): Reader {
  const extension = /\.([a-z]+)(?:\.gz)?$/i.exec(path)?.[1].toLowerCase();
  const text = new TextDecoder().decode(head).trimStart();
  const csv =
    extension === 'csv' ||
    extension === 'tsv' ||
    (text[0] !== '{' && text[0] !== '[' && extension !== 'json' && extension !== 'ndjson' && extension !== 'jsonl');
  if (csv) return new CsvReader(reading);
  if (text[0] === '[') return new JsonReader(reading);
  const lines = extension === 'ndjson' || extension === 'jsonl' || manyLines(text);
  return lines ? new NdjsonReader(reading) : new JsonReader(reading);
}

/** Whether what begins with an object goes on with another on the next line. */
function manyLines(text: string): boolean {
  const end = text.indexOf('\n');
  if (end < 0) return false;
  try {
    JSON.parse(text.slice(0, end));
    return true;
  } catch {
    return false;
  }
}
