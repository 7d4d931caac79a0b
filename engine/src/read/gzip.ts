import { Gunzip } from 'fflate';

/** The input ended or broke before it should have; `message` is a sentence for people. */
export class Damaged extends Error {}

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The bytes inside gzip, member after member (the platform's DecompressionStream takes a second member for junk).
 * @throws Damaged after what could be read, where it is cut off or broken
 */
export async function* gunzip(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let out: Uint8Array[] = [];
  let bytes = 0;
  let stored = 0;
  const inflate = new Gunzip(piece => {
    if (piece.length) out.push(piece);
  });
  const push = (piece: Uint8Array, last: boolean) => {
    try {
      inflate.push(piece, last);
      return null;
    } catch (error) {
      return error as Error;
    }
  };
  const empty = new Uint8Array(0);
  let failed: Error | null = null;
  for await (const piece of pieces) {
    // Small steps bound what is unpacked at once: a kilobyte may hold a megabyte.
    for (let at = 0; at < piece.length && !failed; at += 65_536) {
      failed = push(piece.subarray(at, at + 65_536), false);
      for (const unpacked of out) {
        bytes += unpacked.length;
        yield unpacked;
      }
      out = [];
    }
    stored += piece.length;
    if (failed) break;
  }
  failed ??= push(empty, true);
  yield* out;
  for (const unpacked of out) bytes += unpacked.length;
  if (failed) {
    throw new Damaged(
      `the gzip data is cut off or broken after ${stored.toLocaleString('en-US')} bytes (${bytes.toLocaleString('en-US')} unpacked); what came before is used`,
    );
  }
}
