/** Values by key; the least lately used go when there are more than `size`. */
export class Kept<T> {
  private readonly map = new Map<string, T>();
  private readonly size: number;

  constructor(size: number) {
    this.size = size;
  }

  find(key: string): T | undefined {
    const value = this.map.get(key);
    if (value !== undefined) {
      this.map.delete(key);
      this.map.set(key, value);
    }
    return value;
  }

  set(key: string, value: T): T {
    this.map.delete(key);
    this.map.set(key, value);
    if (this.map.size > this.size) this.map.delete(this.map.keys().next().value!);
    return value;
  }

  get(key: string, make: () => T): T {
    return this.find(key) ?? this.set(key, make());
  }

  drop(key: string): void {
    this.map.delete(key);
  }

  clear(): void {
    this.map.clear();
  }

  values(): Iterable<T> {
    return this.map.values();
  }
}
