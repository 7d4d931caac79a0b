/** What an id's text alone gives away: that it stands for none, and which ids are the same but for how they are written. */

import { encode, HASH_START, hashOf } from '../../read/dictionary.ts';

/** Words that stand for no value; compared without case, quotes, brackets and punctuation around them. */
const NONE = new Set(
  'null nil none undefined unknown unset empty missing anonymous anon guest nobody noone na n/a nan nul void default dummy test todo tbd'.split(
    ' ',
  ),
);
const WORDY_NONE = new Set(['not set', 'not available', 'not applicable', 'no value', 'object object', 'not provided', 'not found']);

export type Looks = 'word' | 'zeros' | 'same';

/**
 * Why a value looks as if it stood for none: a word such as `"null"`, `[object Object]`; nothing but zeros and separators, as
 * `00000000-0000-0000-0000-000000000000`; one character over and over, as `xxxx`. Null where it doesn't.
 */
export function placeholderLooks(text: string): Looks | null {
  if (text.length > 60) return null;
  const bare = text
    .toLowerCase()
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
    .replace(/[\s_-]+/g, ' ');
  if (bare === '') return 'word';
  if (NONE.has(bare) || WORDY_NONE.has(bare)) return 'word';
  const letters = bare.replace(/[^\p{L}\p{N}]/gu, '');
  if (/^0+$/.test(letters)) return 'zeros';
  // `-1` is what programs say for none; 111111111 and ffffffff-ffff-… are what people type and programs fill in.
  if (/^-1(\.0)?$/.test(text)) return 'zeros';
  // Where ids are counted up, 1111 is somebody.
  const least = /^\d/.test(letters) ? 6 : 4;
  return letters.length >= least && /^(.)\1+$/u.test(letters) ? 'same' : null;
}

/** So many digits are a phone number or a UUID, however they are separated; fewer may be two numbers side by side. */
const LONG_DIGITS = 9;

/**
 * A text without what is only manner: case, accents' encoding, blanks, punctuation. Ids with equal keys are the same but for how they are written.
 * Between two digits a separator stays, as one kind of separator, unless the digits are many: 1-23 is not 12-3, but 0660 123 4567 is 06601234567.
 */
export function writtenKey(text: string): string {
  const folded = text.normalize('NFKC').toLowerCase();
  const digits = folded.replace(/[^0-9a-f]/g, '').length;
  const parted = digits >= LONG_DIGITS ? folded : folded.replace(/(?<=\p{N})[^\p{L}\p{N}]+(?=\p{N})/gu, '\u0000');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it stands for any separator
  return parted.replace(/[^\p{L}\p{N}\u0000]+/gu, '');
}

/**
 * Equal for texts with equal keys, straight from UTF-8: letters and digits, small. HASH_START where there are none.
 * @returns null for a text with bytes beyond ASCII: `writtenHashOf` it
 */
export function writtenHash(bytes: Uint8Array, start: number, end: number): number | null {
  let hash = HASH_START;
  for (let i = start; i < end; i++) {
    let byte = bytes[i];
    if (byte > 0x7f) return null;
    if (byte >= 0x41 && byte <= 0x5a) byte += 0x20;
    if ((byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39)) hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash;
}

/** The same of any text. */
export function writtenHashOf(text: string): number {
  const { bytes, length } = encode(writtenKey(text).replaceAll('\u0000', ''));
  return hashOf(bytes, 0, length);
}
