/** A fault of the data, before anybody knows which line of a definition it belongs to. */
export interface Fault {
  code: string;
  severity: 'error' | 'warning' | 'info';
  message: string;
  /** The same where what stands in the data mustn't be told; absent where the message quotes nothing of it. */
  plain?: string;
  data?: { path: string; line?: number };
}
/** A fault and how often it came. */
export type CountedFault = Fault & { count: number };

/** Makes the sentence for so many faults; `quote` says a text from the data, if it may be told. */
type Tell = (count: number, quote: (text: string) => string) => string;

/** Collects faults that may come by the thousand: the first is shown with its line, the others are counted. */
export class Faults {
  private readonly seen = new Map<string, { fault: Fault; count: number; tell: Tell }>();

  add(fault: Fault): void {
    this.count(fault.code, { ...fault }, () => fault.message);
  }

  /** Faults with the same key, code and file are one; `tell` makes the sentence for all of them. */
  count(key: string, fault: Omit<Fault, 'message'>, tell: Tell): void {
    const id = `${fault.code}\0${fault.data?.path ?? ''}\0${key}`;
    const known = this.seen.get(id);
    if (known) known.count++;
    else this.seen.set(id, { fault: { ...fault, message: '' }, count: 1, tell });
  }

  list(): CountedFault[] {
    return [...this.seen.values()].map(({ fault, count, tell }) => {
      const [message, plain] = [tell(count, shown), tell(count, () => '(withheld)')];
      return { ...fault, message, ...(plain !== message ? { plain } : {}), count };
    });
  }
}

/** `1 row`, `2 rows`, `1,200 rows` */
export function plural(n: number, one: string, many = `${one}s`): string {
  return n === 1 ? `1 ${one}` : `${n.toLocaleString('en-US')} ${many}`;
}

/** A text from the data as a message shows it: short, on one line. */
export function shown(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return JSON.stringify(line.length > 60 ? `${line.slice(0, 57)}...` : line);
}
