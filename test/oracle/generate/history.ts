/** Random histories for a definition, biased towards trouble: a coarse grid of times, few people, ids that merge late, missing values. */
import fc from 'fast-check';
import type { Data, Row } from '../model.ts';
import { valueOfKind } from './definition/identity.ts';
import type { Blueprint } from './definition/index.ts';
import { HOUR, sometimes, TEXTS, TYPES } from './definition/picks.ts';

/** Three days before the clocks go forward in Europe, so that one day there has 23 hours. */
const START = Date.UTC(2026, 2, 27);
/** Keys of rows, and one that no row has. */
const ITEMS = ['17', 'o1', 'o2', 'o9'];
const SLOT = 6 * HOUR;

export interface History {
  data: Data;
  /** Instant to read it at; the default where undefined. */
  asOf?: number;
}

/** One row as small numbers, which shrink to an early, plain row. */
const rowPick = fc.record({
  source: fc.nat(2),
  slot: fc.nat(27),
  nudge: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 1, -1),
  type: fc.constantFrom(0, 0, 1, 1, 2, 2, 3),
  key: fc.constantFrom(0, 1, 0, 1, 2, 2, 3, 4),
  number: fc.nat(5),
  text: fc.nat(24),
  person: fc.constantFrom(0, 0, 1, 2),
  ids: fc.nat(19),
  mix: fc.nat(12),
  message: fc.nat(11),
  style: fc.nat(39),
});
type RowPick = typeof rowPick extends fc.Arbitrary<infer T> ? T : never;

const historyPick = fc.record({
  // The bias of one array towards few would leave most histories without an entry.
  rows: fc
    .tuple(fc.array(rowPick, { maxLength: 12, size: 'max' }), fc.array(rowPick, { maxLength: 16, size: 'max' }))
    .map(([a, b]) => [...a, ...b]),
  /** Once in a while many rows of one kind. */
  many: sometimes(rowPick, 12),
  profiles: fc.array(
    fc.record({
      who: fc.nat(3),
      age: fc.constantFrom('1', '2', '10', ''),
      tier: fc.constantFrom(...TEXTS, ''),
    }),
    { maxLength: 4 },
  ),
  items: fc.array(fc.record({ price: fc.constantFrom('1', '2', '10', ''), tag: fc.constantFrom(...TEXTS, '') }), { maxLength: 4 }),
  asOf: sometimes(fc.record({ slot: fc.integer({ min: 4, max: 30 }), nudge: fc.constantFrom(0, 0, 0, 1, -1) }), 3),
});
export type HistoryPick = typeof historyPick extends fc.Arbitrary<infer T> ? T : never;
export const historyPickArb: fc.Arbitrary<HistoryPick> = historyPick;

export function buildHistory({ def, dates }: Blueprint, pick: HistoryPick): History {
  const data: Data = {};
  for (const source of def.sources) for (const path of source.files) data[path] = [];
  const many = pick.many && Array.from({ length: 26 }, (_, i) => ({ ...pick.many!, slot: i, message: 9 }));
  for (const row of [...pick.rows, ...(many ?? [])]) {
    const s = row.source % def.sources.length;
    const source = def.sources[s];
    const path = source.files[row.style % source.files.length];
    data[path].push(buildRow(row, source.format === 'csv', dates[s], source.time.zone !== undefined));
  }
  for (const { file, idKind } of def.tables)
    data[file] =
      idKind === undefined
        ? pick.items.map(({ price, tag }, i) => ({ item: ITEMS[i], price, tag }))
        : pick.profiles.map(({ who, age, tier }) => ({ who: valueOfKind(idKind, who), age, tier }));
  return { data, asOf: pick.asOf && START + pick.asOf.slot * SLOT + pick.asOf.nudge };
}

function buildRow(pick: RowPick, csv: boolean, dates: Blueprint['dates'][number], zoned: boolean): Row {
  const row: Row = { at: timeOf(pick, csv, dates, zoned), type: TYPES[pick.type] };
  // Mostly one person: their other ids turn up on some rows only, and now and then an id is another person's.
  const p = pick.person;
  const other = (p + 1) % 3;
  row.user = pick.mix === 12 ? '0' : pick.ids % 4 === 3 ? null : valueOfKind('user', pick.mix === 11 ? other : p);
  row.user2 = pick.mix >= 8 && pick.mix <= 9 ? valueOfKind('user', pick.mix === 8 ? other : p) : null;
  const email = valueOfKind('email', pick.mix === 10 ? other : p);
  row.email = pick.ids % 5 === 0 ? (pick.ids === 0 ? `  ${email.toUpperCase()} ` : email) : null;
  row.device = pick.ids % 4 >= 2 ? valueOfKind('device', pick.ids === 18 || (pick.mix >= 6 && pick.mix <= 7) ? other : p) : '';
  // 17 and "17" are one key.
  row.k = [csv ? '17' : 17, '17', 'o1', null, ''][pick.key];
  row['order id'] = ['o1', 'o1', 'o2', 'o3', null][pick.key];
  const n = [0, 1, 2, 2.5, 10, null][pick.number];
  row.n = csv && n !== null ? String(n) : n;
  row.s = [...TEXTS, null][pick.text % 5];
  row.t = [...TEXTS, null][Math.floor(pick.text / 5)];
  row.mid = pick.message < 4 ? `m${pick.message}` : pick.message === 4 ? null : `r${pick.slot}-${pick.style}`;
  // JSON leaves out what is not there as often as it says null.
  if (!csv && pick.style % 2 === 0) for (const column of Object.keys(row)) if (row[column] === null) delete row[column];
  return row;
}

function timeOf(pick: RowPick, csv: boolean, dates: Blueprint['dates'][number], zoned: boolean): string | number | null {
  const instant = START + pick.slot * SLOT + pick.nudge;
  if (pick.style === 39) return csv ? 'soon' : 'n/a';
  if (pick.style === 38) return null;
  const iso = new Date(instant).toISOString();
  if (dates === 'always' || (dates === 'sometimes' && pick.style % 3 === 0)) return iso.slice(0, 10);
  if (zoned && pick.style % 4 === 1) return iso.slice(0, 23).replace('T', ' ');
  if (pick.style === 37) return new Date(instant + 2 * HOUR).toISOString().replace('Z', '+02:00');
  if (pick.style === 36) return csv ? String(instant) : instant;
  return zoned ? iso : pick.style % 2 === 0 ? iso : iso.slice(0, 23);
}
