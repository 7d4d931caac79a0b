/** A piece of input is larger than the engine can hold; `message` is a sentence for people. */
export class TooLarge extends Error {}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/** Where texts are turned into bytes before they are looked up; grows with the longest. */
let scratch = new Uint8Array(1024);
export function encode(text: string): { bytes: Uint8Array; length: number } {
  if (text.length * 3 > scratch.length) scratch = new Uint8Array(text.length * 4);
  return { bytes: scratch, length: encoder.encodeInto(text, scratch).written };
}

/** What was looked up must not outlive the reading. */
export const wipe = (): Uint8Array => scratch.fill(0);

export const HASH_START = 0x811c9dc5 | 0;
/** FNV-1a; readers compute the same while they scan, with HASH_START and one step a byte. */
export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = HASH_START;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  return hash;
}

/**
 * The distinct values of a column, as UTF-8 in one arena: a million ids cost their bytes and no string objects.
 * Codes count from 0 in order of first appearance.
 */
export class Dictionary {
  count = 0;
  /** No value holds a byte over 0x7f. */
  ascii = true;
  /** Told of every new value that holds such a byte. */
  onHigh: ((bytes: Uint8Array, start: number, end: number) => void) | null = null;
  private arena = new Uint8Array(1024);
  private ends = new Uint32Array(64);
  /** Open addressing: code + 1 (0: free) and the value's hash side by side, so that one look into memory tells both. */
  private slots: Int32Array | null = new Int32Array(512);
  private readonly maxBytes: number;

  /** @param maxBytes beyond it `add` throws TooLarge */
  constructor(maxBytes = 0x40000000) {
    this.maxBytes = maxBytes;
  }

  /** Bytes of all values together. */
  get size(): number {
    return this.count ? this.ends[this.count - 1] : 0;
  }

  /** The code of the value; a new one where it is new. `hash` is hashOf the same bytes. */
  add(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const slots = this.slots ?? this.index();
    const mask = slots.length - 1;
    let slot = slotOf(hash, mask);
    for (let code = slots[slot]; code > 0; code = slots[slot]) {
      if (slots[slot + 1] === hash && this.same(code - 1, bytes, start, end)) return code - 1;
      slot = (slot + 2) & mask;
    }
    slots[slot] = this.count + 1;
    slots[slot + 1] = hash;
    return this.append(bytes, start, end);
  }

  addText(text: string): number {
    const { bytes, length } = encode(text);
    return this.add(bytes, 0, length, hashOf(bytes, 0, length));
  }

  /** The code of a text, or -1. */
  find(text: string): number {
    const slots = this.slots ?? this.index();
    const { bytes, length } = encode(text);
    const hash = hashOf(bytes, 0, length);
    const mask = slots.length - 1;
    for (let slot = slotOf(hash, mask); ; slot = (slot + 2) & mask) {
      const code = slots[slot] - 1;
      if (code < 0 || (slots[slot + 1] === hash && this.same(code, bytes, 0, length))) return code;
    }
  }

  /** Codes of another dictionary's values in this one, added where new. */
  merge(other: Dictionary): Int32Array {
    const codes = new Int32Array(other.count);
    for (let code = 0; code < other.count; code++) {
      const start = other.start(code);
      const end = other.ends[code];
      codes[code] = this.add(other.arena, start, end, hashOf(other.arena, start, end));
    }
    return codes;
  }

  text(code: number): string {
    return decoder.decode(this.arena.subarray(this.start(code), this.ends[code]));
  }

  texts(from = 0, to = this.count): string[] {
    const out = new Array<string>(to - from);
    if (this.ascii) {
      // One decoding and many slices are several times faster than many decodings.
      const base = this.start(from);
      const all = to > from ? decoder.decode(this.arena.subarray(base, this.ends[to - 1])) : '';
      for (let code = from; code < to; code++) out[code - from] = all.slice(this.start(code) - base, this.ends[code] - base);
    } else for (let code = from; code < to; code++) out[code - from] = this.text(code);
    return out;
  }

  /** Hands a value's bytes to `read` without making a string. */
  bytes<T>(code: number, read: (bytes: Uint8Array, start: number, end: number) => T): T {
    return read(this.arena, this.start(code), this.ends[code]);
  }

  /** Nothing will be added soon: gives back what only adding needs. */
  seal(): this {
    this.slots = null;
    this.arena = this.arena.slice(0, this.size);
    this.ends = this.ends.slice(0, this.count);
    return this;
  }

  private start(code: number): number {
    return code ? this.ends[code - 1] : 0;
  }

  private same(code: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.start(code);
    if (this.ends[code] - from !== end - start) return false;
    const arena = this.arena;
    for (let i = start, j = from; i < end; i++, j++) if (arena[j] !== bytes[i]) return false;
    return true;
  }

  private append(bytes: Uint8Array, start: number, end: number): number {
    const from = this.size;
    const to = from + end - start;
    if (to > this.maxBytes) throw new TooLarge(`its distinct values take more than ${Math.round(this.maxBytes / 1048576)} MB`);
    if (to > this.arena.length) this.arena = grown(this.arena, to);
    if (this.count >= this.ends.length) this.ends = grown(this.ends, this.count + 1);
    let high = 0;
    for (let i = start, j = from; i < end; i++, j++) high |= this.arena[j] = bytes[i];
    if (high > 0x7f) {
      this.ascii = false;
      this.onHigh?.(bytes, start, end);
    }
    this.ends[this.count] = to;
    const code = this.count++;
    if (this.count * 4 > this.slots!.length) this.widen();
    return code;
  }

  /** Slots for the values there are, once sealing has thrown them away. */
  private index(): Int32Array {
    const slots = new Int32Array(slotsFor(this.count));
    for (let code = 0; code < this.count; code++) put(slots, code + 1, hashOf(this.arena, this.start(code), this.ends[code]));
    this.slots = slots;
    return slots;
  }

  private widen(): void {
    const old = this.slots!;
    const slots = new Int32Array(old.length * 2);
    for (let slot = 0; slot < old.length; slot += 2) if (old[slot]) put(slots, old[slot], old[slot + 1]);
    this.slots = slots;
  }
}

const slotOf = (hash: number, mask: number): number => ((hash ^ (hash >>> 15)) << 1) & mask;

function slotsFor(count: number): number {
  let length = 512;
  while (length < count * 6) length *= 2;
  return length;
}

function put(slots: Int32Array, codePlusOne: number, hash: number): void {
  const mask = slots.length - 1;
  let slot = slotOf(hash, mask);
  while (slots[slot]) slot = (slot + 2) & mask;
  slots[slot] = codePlusOne;
  slots[slot + 1] = hash;
}

type Numbers = Uint8Array | Uint32Array | Int32Array | Float64Array;
/** A copy with room for at least `length`: for all that is expected, else for half as much again as before. */
export function grown<T extends Numbers>(array: T, length: number, expected = 0): T {
  const Kind = array.constructor as new (length: number) => T;
  const larger = new Kind(expected > length ? expected : Math.max(length, Math.ceil(array.length * 1.5)));
  larger.set(array);
  return larger;
}
