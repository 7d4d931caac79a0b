/**
 * Measures DuckDB on the same file: reading it, and an equivalent window query.
 *
 * usage: node test/bench/duckdb.ts FOLDER   (FOLDER holds events.csv); prints JSON
 */
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { type Answer, query } from './definition.ts';
import { type Spread, spread, timed } from './measure.ts';

export interface DuckMeasure {
  readMs: number;
  queryMs: Spread;
  answer: Answer;
}

const RUNS = 15;
const file = join(process.argv[2], 'events.csv').replaceAll("'", "''");
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const read = await timed(() =>
  connection.run(
    `create table events as select ts::timestamp as ts, event, user_id, path, channel, total::double as total from read_csv('${file}', header = true)`,
  ),
);
const times: number[] = [];
let answer: Answer | undefined;
for (let i = 0; i < RUNS; i++) {
  const { ms, value } = await timed(() => connection.runAndReadAll(query()));
  times.push(ms);
  answer = value.getRowObjects()[0] as unknown as Answer;
}
const measure: DuckMeasure = { readMs: read.ms, queryMs: spread(times), answer: answer! };
console.log(JSON.stringify(measure));
connection.closeSync();
