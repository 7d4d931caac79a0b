/** What Langium and Chevrotain call and Node 20 lacks; put in front of every bundle, so that these run on Node 20.9 and older browsers. */
const object = Object as unknown as { groupBy?: unknown };
object.groupBy ??= <K extends PropertyKey, T>(items: Iterable<T>, keyOf: (item: T, index: number) => K): Partial<Record<K, T[]>> => {
  const groups = Object.create(null) as Record<K, T[]>;
  let index = 0;
  for (const item of items) {
    const key = keyOf(item, index++);
    groups[key] ??= [];
    groups[key].push(item);
  }
  return groups;
};
