import type { FileInfo, Files } from '../ports.ts';
import type { ColumnSchema } from '../result.ts';
import { type Sink, TextColumn, TimeColumn } from './column.ts';
import { Dictionary, wipe } from './dictionary.ts';
import { readFile } from './file.ts';
import type { Pacer } from './pause.ts';
import { type CountedFault, type Fault, Faults, plural } from './problem.ts';
import { type Limits, Reading } from './reading.ts';
import { TimeReader } from './time.ts';
import { Zone } from './zone.ts';

/** A column in one of its readings: as texts, or as times in a zone. */
export interface Want {
  name: string;
  zone?: string;
  time: boolean;
}
export const wantKey = (want: Want): string => (want.time ? `${want.name}\0${want.zone ?? 'UTC'}` : want.name);

/** The rows of a list of files: what a source or a table reads. Holds the columns somebody uses, and no other value. */
export class Relation {
  readonly files: readonly FileInfo[];
  rows = 0;
  /** By file: how many rows there are up to its end. */
  fileEnds: readonly number[] = [];
  /** What is wrong with the files themselves. */
  faults: Fault[] = [];
  private names: ReadonlySet<string> = new Set();
  private profiled = new Map<string, ColumnSchema>();
  private readonly columns = new Map<string, { sink: TextColumn | TimeColumn; faults: CountedFault[]; used: number }>();
  private loaded = false;
  private turn = 0;
  private nothing: Int32Array | null = null;

  constructor(files: readonly FileInfo[]) {
    this.files = files;
  }

  get bytes(): number {
    return this.files.reduce((sum, file) => sum + file.size, 0);
  }

  /**
   * Makes sure that these columns are here, reading the files only for those that are not.
   * Lets go of columns that nobody has wanted for long.
   */
  async load(wants: Want[], from: Files, limits: Limits, pacer: Pacer, tell: (bytes: number) => void): Promise<void> {
    this.turn++;
    await this.provide(wants, from, limits, pacer, tell);
    for (const [key, { sink, used }] of this.columns) {
      if (used >= this.turn - KEPT) continue;
      this.profiled.set(key.split('\0')[0], { ...sink.schema(), examples: [] });
      this.columns.delete(key);
    }
  }

  /** A look at one column between two loadings: it stays as long as one that has just fallen out of use, and no other goes sooner. */
  async look(name: string, from: Files, limits: Limits, pacer: Pacer): Promise<ColumnSchema | undefined> {
    await this.provide([{ name, time: false }], from, limits, pacer, () => {});
    return this.has(name) ? this.text(name).schema() : undefined;
  }

  private async provide(wants: Want[], from: Files, limits: Limits, pacer: Pacer, tell: (bytes: number) => void): Promise<void> {
    const { turn } = this;
    const lacking = wants.filter(want => !this.columns.has(wantKey(want)));
    // What the files don't hold needs no reading.
    const toRead = this.loaded ? lacking.filter(want => this.names.has(want.name)) : lacking;
    if (!this.loaded || toRead.length) await this.read(toRead, from, limits, pacer, tell);
    for (const want of lacking)
      if (!this.columns.has(wantKey(want))) this.columns.set(wantKey(want), { sink: this.absent(want), faults: [], used: turn });
    for (const want of wants) this.columns.get(wantKey(want))!.used = turn;
  }

  text(name: string): TextColumn {
    return this.columns.get(name)!.sink as TextColumn;
  }

  time(name: string, zone?: string): TimeColumn {
    return this.columns.get(wantKey({ name, zone, time: true }))!.sink as TimeColumn;
  }

  faultsOf(want: Want): CountedFault[] {
    return this.columns.get(wantKey(want))?.faults ?? [];
  }

  columnNames(): string[] {
    return [...this.names];
  }

  *dictionaries(): Iterable<Dictionary> {
    for (const { sink } of this.columns.values()) if (sink instanceof TextColumn) yield sink.dictionary;
  }

  has(name: string): boolean {
    return this.names.has(name);
  }

  schema(): Record<string, ColumnSchema> {
    const schema: Record<string, ColumnSchema> = {};
    for (const name of this.names) {
      const text = this.columns.get(name)?.sink;
      const time = [...this.columns].find(([key]) => key.startsWith(`${name}\0`))?.[1].sink;
      const own = text?.schema() ?? time?.schema() ?? this.profiled.get(name);
      schema[name] = own ?? { type: 'empty', missing: 1, examples: [] };
    }
    return schema;
  }

  private absent(want: Want): TextColumn | TimeColumn {
    if (!want.time) {
      this.nothing ??= new Int32Array(this.rows).fill(-1);
      return TextColumn.of(this.nothing, new Dictionary(), 0);
    }
    const times = new TimeColumn(new TimeReader(zoneOrUtc(want.zone)), this.rows);
    for (let row = 0; row < this.rows; row++) times.copy(undefined, -1);
    return times.seal();
  }

  private async read(lacking: Want[], from: Files, limits: Limits, pacer: Pacer, tell: (bytes: number) => void): Promise<void> {
    const wanted = new Map<string, Sink[]>();
    const faults = new Map<Sink, Faults>();
    const made = new Map<string, TextColumn | TimeColumn>();
    for (const want of lacking) {
      if (made.has(wantKey(want))) continue;
      const expected = this.rows || 1024;
      const sink = want.time
        ? new TimeColumn(new TimeReader(zoneOrUtc(want.zone)), expected)
        : new TextColumn(expected, limits.columnBytes);
      made.set(wantKey(want), sink);
      faults.set(sink, new Faults());
      wanted.set(want.name, [...(wanted.get(want.name) ?? []), sink]);
    }
    const fileEnds: number[] = [];
    const reading = new Reading(wanted, limits, sink => faults.get(sink)!);
    if (this.bytes > limits.fileBytes) {
      reading.faults.add({
        code: 'sample-too-large',
        severity: 'error',
        message: `${plural(this.files.length, 'file')} with ${Math.round(this.bytes / 1048576).toLocaleString('en-US')} MB together, from ${this.files[0].path}: the engine reads at most ${Math.round(limits.fileBytes / 1048576).toLocaleString('en-US')} MB; take a smaller sample`,
      });
    } else {
      let before = 0;
      for (const file of this.files) {
        await readFile(from, file, reading, pacer, bytes => tell(before + bytes));
        before += file.size;
        fileEnds.push(reading.rows);
      }
    }
    wipe();
    if (this.loaded && reading.rows !== this.rows) throw new FileChanged();
    for (const [key, sink] of made) this.columns.set(key, { sink: sink.seal(), faults: faults.get(sink)!.list(), used: 0 });
    if (this.loaded) return;
    this.loaded = true;
    this.rows = reading.rows;
    this.fileEnds = fileEnds;
    this.faults = reading.faults.list();
    this.names = reading.names;
    for (const [name, profile] of reading.profiles) this.profiled.set(name, profile.schema(reading.looked));
  }
}

/** Previews a column outlives its last use: an edit half done must not cost a reading. */
const KEPT = 16;

/** The file isn't what it was when its other columns were read. */
export class FileChanged extends Error {}

const zones = new Map<string, Zone | null>();
/** @returns null where the runtime doesn't know the zone */
export function zoneOf(name = 'UTC'): Zone | null {
  let zone = zones.get(name);
  if (zone === undefined) {
    try {
      zone = new Zone(name);
    } catch {
      zone = null;
    }
    zones.set(name, zone);
  }
  return zone;
}
export const zoneOrUtc = (name?: string): Zone => zoneOf(name) ?? zoneOf()!;
