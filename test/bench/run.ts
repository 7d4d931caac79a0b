/**
 * `npm run bench`: what is measured, and whether each bar is met. Ratios are what lasts; milliseconds are this machine's.
 *
 * usage: npm run bench [-- --events 10000,100000] [-- --no-server]
 *
 * Each measurement has a process of its own, one after the other, so that none is paid for by another's garbage.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { formatCount } from '@journey/engine';
import type { DuckMeasure } from './duckdb.ts';
import type { EngineMeasure } from './engine.ts';
import type { IdentityMeasure } from './identity.ts';
import { makeVisits, writeVisits } from './people.ts';
import { makeColumns, writeCsv } from './sample.ts';
import type { ServerMeasure } from './server.ts';

const { values: args } = parseArgs({
  options: { events: { type: 'string', default: '10000,100000,1000000' }, 'no-server': { type: 'boolean', default: false } },
});
const sizes = args.events.split(',').map(Number);
if (!sizes.every(size => Number.isInteger(size) && size > 0)) {
  console.error(`--events takes whole numbers with commas between, such as 10000,100000; got ${args.events}`);
  process.exit(2);
}

interface Bar {
  what: string;
  limit: number;
  got: number;
  unit: string;
}
const bars: Bar[] = [];
const folder = mkdtempSync(join(tmpdir(), 'journey-bench-'));
try {
  const cores = availableParallelism();
  console.log(`Node ${process.version} on ${cores} cores. Times in ms, p50 (p95).`);
  const [load] = loadavg();
  if (load > cores / 4) console.log(`Other work keeps this machine busy (load ${round(load)}): milliseconds say little, ratios more.`);
  console.log('');
  for (const size of sizes) await measureSize(size);
  await measureIdentity(Math.max(...sizes));
  if (!args['no-server']) measureServer();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (bars.length > 0) {
  console.log('Bars');
  for (const { what, limit, got, unit } of bars) {
    console.log(`  ${got <= limit ? 'met   ' : 'MISSED'}  ${what}: ${round(got)}${unit}, at most ${limit}${unit}`);
  }
}

async function measureSize(size: number): Promise<void> {
  const file = join(folder, 'events.csv');
  await writeCsv(file, makeColumns(size));
  const ours = measure<EngineMeasure>('engine.ts', folder, String(size));
  const duck = measure<DuckMeasure>('duckdb.ts', folder);
  same('DuckDB', ours.answer, duck.answer);
  same('the bare fold', ours.answer, ours.bareAnswer);

  const bare = ours.bareMs.p50;
  const beside = (ms: number) => `${round(ms / bare)} x bare`;
  console.log(
    `${formatCount(size)} events, ${round(statSync(file).size / 1e6)} MB of CSV: the engine, DuckDB and a bare fold agree on all numbers`,
  );
  line('CSV to first numbers', `${round(ours.firstMs)}`, `of it loading ${round(ours.loadMs)}; DuckDB reads in ${round(duck.readMs)}`);
  line('edit to new numbers', pair(ours.edit), beside(ours.edit.p50));
  line('edit to all findings', pair(ours.check), beside(ours.check.p50));
  line('with derived events', pair(ours.derivedEdit), `edit to new numbers; the first ones ${round(ours.derivedFirstMs)}`);
  line('with segments', pair(ours.segmentEdit), `edit to new numbers; the first ones ${round(ours.segmentFirstMs)}`);
  line('of it simulation', pair(ours.foldMs), `${round(ours.besideBare.p50)} x bare, measured in turns`);
  line('DuckDB, window query', pair(duck.queryMs), beside(duck.queryMs.p50));
  line('bare fold', pair(ours.bareMs), '');
  line('memory beyond start', `${round(ours.memoryMB)} MB`, '');
  console.log('');

  if (size === 100_000) {
    bars.push({ what: 'edit to new numbers, p95 at 100k events', limit: 16, got: ours.edit.p95, unit: ' ms' });
    bars.push({ what: 'CSV to first numbers at 100k events', limit: 400, got: ours.firstMs, unit: ' ms' });
  }
  if (size !== 1_000_000) return;
  bars.push({ what: 'edit to new numbers, p95 at 1M events', limit: 50, got: ours.edit.p95, unit: ' ms' });
  bars.push({ what: 'edit to new numbers with derived events, p95 at 1M events', limit: 50, got: ours.derivedEdit.p95, unit: ' ms' });
  bars.push({ what: 'edit to new numbers with segments, p95 at 1M events', limit: 50, got: ours.segmentEdit.p95, unit: ' ms' });
  bars.push({ what: 'CSV to first numbers at 1M events', limit: 2000, got: ours.firstMs, unit: ' ms' });
  bars.push({ what: 'simulation beside the bare fold at 1M events', limit: 3, got: ours.besideBare.p50, unit: ' x' });
  bars.push({ what: 'simulation beside DuckDB’s SQL at 1M events', limit: 1, got: ours.foldMs.p50 / duck.queryMs.p50, unit: ' x' });
  bars.push({ what: 'memory beyond the start at 1M events', limit: 150, got: ours.memoryMB, unit: ' MB' });
}

async function measureIdentity(size: number): Promise<void> {
  const visits = makeVisits(size);
  await writeVisits(join(folder, 'visits.csv'), visits);
  const ids = visits.ids.reduce((sum, column) => sum + new Set(column).size - 1, 0);
  const { plainFirstMs, firstMs, edit, ruleEdits, shapes } = measure<IdentityMeasure>('identity.ts', folder, String(size));
  console.log(`Identity rules, ${formatCount(size)} events with ${formatCount(ids)} ids`);
  line('first numbers', `${round(firstMs)}`, `of rows that are read; ${round(firstMs / plainFirstMs)} x plain linking`);
  for (const [what, { took, besidePlain }] of Object.entries({ 'the journey': edit, ...ruleEdits }))
    line(`edit of ${what}`, pair(took), `${round(besidePlain)} x the journey’s under plain linking, measured in turns`);
  console.log('  Resolved beside no rules');
  for (const [shape, ratios] of Object.entries(shapes)) {
    line(
      shape,
      '',
      Object.entries(ratios)
        .map(([rule, ratio]) => `${rule} ${round(ratio)} x`)
        .join(', '),
    );
  }
  console.log('');
}

function measureServer(): void {
  if (!existsSync(join(import.meta.dirname, '../../cli/dist/journey.mjs'))) {
    console.log('The server is left out: cli/dist/journey.mjs is not built; `node scripts/build.ts` makes it.\n');
    return;
  }
  const { lines, firstMs, keystroke } = measure<ServerMeasure>('server.ts');
  console.log('The server over stdio');
  line('start to diagnostics', `${round(firstMs)}`, 'of a short file');
  line('keystroke to diagnostics', pair(keystroke), `in a file of ${formatCount(lines)} lines`);
  console.log('');
  bars.push({ what: 'the server’s first diagnostics after its start', limit: 500, got: firstMs, unit: ' ms' });
  bars.push({ what: `keystroke to diagnostics, p95 in ${formatCount(lines)} lines`, limit: 50, got: keystroke.p95, unit: ' ms' });
}

/** @throws Error with what the process said, where it failed */
function measure<T>(script: string, ...rest: string[]): T {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', join(import.meta.dirname, script), ...rest], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`test/bench/${script} failed:\n${stderr}`);
  return JSON.parse(stdout) as T;
}

function same(who: string, ours: object, theirs: object): void {
  const other = theirs as Record<string, number>;
  const different = Object.entries(ours).filter(([name, value]) => Number(other[name]) !== value);
  if (different.length === 0) return;
  throw new Error(
    `The numbers differ: ${different.map(([name, value]) => `${name} is ${value} here, ${other[name]} in ${who}`).join('; ')}. Nothing is measured that isn't right.`,
  );
}

function line(what: string, value: string, note: string): void {
  console.log(`  ${what.padEnd(26)}${value.padStart(14)}   ${note}`.trimEnd());
}
function pair({ p50, p95 }: { p50: number; p95: number }): string {
  return `${round(p50)} (${round(p95)})`;
}
/** Three digits that count. */
function round(value: number): string {
  return Math.abs(value) >= 100 ? formatCount(value) : Number(value.toPrecision(value >= 10 ? 3 : 2)).toString();
}
