/** Values by key; the least lately used go when there are more than `size`, or they weigh more than `limit` together. */
export class Kept<T> {
  private readonly map = new Map<string, { value: T; weight: number; turn: number }>();
  private readonly size: number;
  private readonly weigh: (value: T) => number;
  private readonly limit: number;
  private weight = 0;
  /** What was used in this turn or the last is kept, whatever it weighs: it will be asked for again at once. */
  turn = 0;

  constructor(size: number, weigh: (value: T) => number = () => 0, limit = Infinity) {
    this.size = size;
    this.weigh = weigh;
    this.limit = limit;
  }

  find(key: string): T | undefined {
    const entry = this.map.get(key);
    if (!entry) return undefined;
    entry.turn = this.turn;
    this.map.delete(key);
    this.map.set(key, entry);
    return entry.value;
  }

  set(key: string, value: T): T {
    this.drop(key);
    const weight = this.weigh(value);
    this.map.set(key, { value, weight, turn: this.turn });
    this.weight += weight;
    for (const [oldest, entry] of this.map) {
      const tooHeavy = this.weight > this.limit && entry.turn < this.turn - 1;
      if (this.map.size <= this.size && !tooHeavy) break;
      this.drop(oldest);
    }
    return value;
  }

  get(key: string, make: () => T): T {
    return this.find(key) ?? this.set(key, make());
  }

  drop(key: string): void {
    this.weight -= this.map.get(key)?.weight ?? 0;
    this.map.delete(key);
  }

  keep(wanted: (value: T) => boolean): void {
    for (const [key, { value }] of this.map) if (!wanted(value)) this.drop(key);
  }

  /** A turn has passed: what nobody asked for in so many turns goes. */
  pass(turns: number): void {
    this.turn++;
    for (const [key, { turn }] of this.map) if (turn < this.turn - turns) this.drop(key);
  }

  clear(): void {
    this.map.clear();
    this.weight = 0;
  }

  *values(): Iterable<T> {
    for (const { value } of this.map.values()) yield value;
  }
}
