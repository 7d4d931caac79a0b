import type { Dictionary } from '../read/dictionary.ts';

/** Ranges this short are sorted by inserting. */
const SHORT = 12;

/** The codes of a dictionary's values in order of code point, which in UTF-8 is the order of bytes. A three-way radix quicksort. */
export function lexicalOrder(dictionary: Dictionary): Int32Array {
  const { count } = dictionary;
  const codes = new Int32Array(count);
  const starts = new Uint32Array(count);
  const ends = new Uint32Array(count);
  let arena: Uint8Array = new Uint8Array(0);
  for (let code = 0; code < count; code++) {
    codes[code] = code;
    dictionary.bytes(code, (bytes, start, end) => {
      arena = bytes;
      starts[code] = start;
      ends[code] = end;
    });
  }
  // A value that ends is smaller than any that goes on.
  const byteAt = (code: number, depth: number): number => {
    const at = starts[code] + depth;
    return at < ends[code] ? arena[at] : -1;
  };
  const compare = (a: number, b: number, depth: number): number => {
    for (; ; depth++) {
      const difference = byteAt(a, depth) - byteAt(b, depth);
      if (difference !== 0 || byteAt(a, depth) < 0) return difference;
    }
  };
  const swap = (i: number, j: number): void => {
    const code = codes[i];
    codes[i] = codes[j];
    codes[j] = code;
  };
  const sort = (low: number, high: number, depth: number): void => {
    // What agrees so far goes round the loop, however long it agrees; only the rest is left to recursion.
    while (high - low > SHORT) {
      const [x, y, z] = [byteAt(codes[low], depth), byteAt(codes[(low + high) >>> 1], depth), byteAt(codes[high - 1], depth)];
      const pivot = Math.max(Math.min(x, y), Math.min(Math.max(x, y), z));
      let less = low;
      let more = high;
      for (let i = low; i < more; ) {
        const byte = byteAt(codes[i], depth);
        if (byte < pivot) swap(i++, less++);
        else if (byte > pivot) swap(i, --more);
        else i++;
      }
      sort(low, less, depth);
      sort(more, high, depth);
      if (pivot < 0) return;
      low = less;
      high = more;
      depth++;
    }
    for (let i = low + 1; i < high; i++) for (let j = i; j > low && compare(codes[j - 1], codes[j], depth) > 0; j--) swap(j - 1, j);
  };
  sort(0, count, 0);
  return codes;
}

/** Negative where the value of code a is the smaller by code point. */
export function compareValues(dictionary: Dictionary, a: number, b: number): number {
  return dictionary.bytes(a, (bytes, from, to) =>
    dictionary.bytes(b, (_, start, end) => {
      const shorter = Math.min(to - from, end - start);
      for (let i = 0; i < shorter; i++) if (bytes[from + i] !== bytes[start + i]) return bytes[from + i] - bytes[start + i];
      return to - from - (end - start);
    }),
  );
}
