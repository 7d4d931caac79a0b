/** Where a fold's columns come from. Their contents are whatever was there before: write before you read. */
export interface Memory {
  uint8(length: number): Uint8Array;
  uint16(length: number): Uint16Array;
  int32(length: number): Int32Array;
  float64(length: number): Float64Array;
}

/** Columns of their own, to be kept. */
export const ownMemory: Memory = {
  uint8: length => new Uint8Array(length),
  uint16: length => new Uint16Array(length),
  int32: length => new Int32Array(length),
  float64: length => new Float64Array(length),
};

/**
 * Memory that is used again and again: while somebody types, every edit folds anew, and tens of megabytes of columns per fold
 * would keep the garbage collector busier than the fold. `begin` takes back all that was given out before.
 */
export interface SharedMemory extends Memory {
  begin(): void;
}

export function sharedMemory(): SharedMemory {
  const buffers: ArrayBuffer[] = [];
  let next = 0;
  // Folds ask for the same columns in the same order, so the nth buffer has about the size the nth column needs.
  const take = (bytes: number): ArrayBuffer => {
    const place = next++;
    // With room to spare: an edit that finds a few more events would otherwise ask for new memory, page by page, in every column.
    if (!(buffers[place]?.byteLength >= bytes)) buffers[place] = new ArrayBuffer(bytes + Math.ceil(bytes / 64) * 8);
    return buffers[place];
  };
  return {
    begin: () => {
      buffers.length = Math.min(buffers.length, next);
      next = 0;
    },
    uint8: length => new Uint8Array(take(length), 0, length),
    uint16: length => new Uint16Array(take(length * 2), 0, length),
    int32: length => new Int32Array(take(length * 4), 0, length),
    float64: length => new Float64Array(take(length * 8), 0, length),
  };
}
