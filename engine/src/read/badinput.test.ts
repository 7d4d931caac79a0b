/** What the user reads where the data is faulty: the message, its place in the data, and what is still counted. */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { doubts, plan, preview, source } from '../testing.ts';

const HEADER = 'time,event,user\n';
const ROW = '2026-01-01T10:00:00Z,seen,u1\n';

async function read(path: string, content: string | Uint8Array, more: Parameters<typeof preview>[3] = {}) {
  const { result, problems, schema } = await preview({ [path]: content }, plan([source('web', path)]), {}, more);
  return {
    web: result.sources.web,
    schema: schema.sources.web,
    problems: problems.map(({ code, severity, message, data }) => ({ code, severity, message, data })),
  };
}
const only = <T>(list: T[]): T => {
  expect(list).toHaveLength(1);
  return list[0];
};

test('a file that is not there', async () => {
  const { problems } = await preview({}, plan([source('web', 'data/*.csv')]));
  expect(only(problems)).toMatchObject({
    code: 'sample-missing',
    severity: 'error',
    message: 'no file matches "data/*.csv"; paths are relative to the folder of this file',
    at: { start: { line: 1 } },
  });
});

test('a file that cannot be read', async () => {
  const files = {
    list: async () => [{ uri: 'x', path: 'web.csv', size: 1, modified: 0 }],
    // biome-ignore lint/correctness/useYield: it fails before it yields
    async *read(): AsyncIterable<Uint8Array> {
      throw new Error('permission denied');
    },
  };
  const { engineOver } = await import('../testing.ts');
  const { problems } = await engineOver(files).preview(plan([source('web', 'web.csv')]));
  expect(problems.map(p => p.message)).toContain("web.csv can't be read: permission denied");
});

test('an empty file, and one with a header alone', async () => {
  expect(only((await read('web.csv', '')).problems)).toMatchObject({
    code: 'sample-empty',
    severity: 'error',
    message: 'web.csv is empty: expected a line of column names and rows below it',
  });
  expect(only((await read('web.csv', HEADER)).problems)).toMatchObject({
    code: 'sample-empty',
    severity: 'warning',
    message: 'web.csv has column names and no rows',
  });
});

test('binary files', async () => {
  const parquet = await read('web.csv', new Uint8Array([...new TextEncoder().encode('PAR1'), 0, 1, 2, 0xff]));
  expect(only(parquet.problems).message).toBe('web.csv is a Parquet file; expected CSV, NDJSON or JSON, plain or gzipped');
  const zip = await read('web.csv', new Uint8Array([0x50, 0x4b, 3, 4, 0, 0, 0, 9]));
  expect(only(zip.problems)).toMatchObject({
    code: 'sample-binary',
    severity: 'error',
    message: expect.stringContaining('a zip archive or Excel workbook'),
  });
  const noise = await read(
    'web.csv',
    Uint8Array.from({ length: 3000 }, (_, i) => (i * 7919) % 256),
  );
  expect(only(noise.problems)).toMatchObject({ code: 'sample-binary', message: expect.stringContaining('web.csv is binary data') });
});

test('a gzip file that is cut off: what came before is used', async () => {
  const many = Array.from({ length: 5000 }, (_, i) => `2026-01-01T10:00:00Z,seen,user${(i * 7919) % 5000}\n`).join('');
  const whole = gzipSync(HEADER + many);
  const { web, problems } = await read('web.csv.gz', whole.subarray(0, whole.length / 2));
  const damaged = problems.find(p => p.code === 'sample-damaged');
  expect(damaged?.message).toMatch(
    /^web\.csv\.gz: the gzip data is cut off or broken after [\d,]+ bytes \([\d,]+ unpacked\); what came before is used$/,
  );
  expect(web.rows).toBeGreaterThan(1000);
  expect(web.rows).toBeLessThan(5000);
});

test('gzip of several members is one file', async () => {
  const { web, problems } = await read('web.csv.gz', Buffer.concat([gzipSync(HEADER + ROW), gzipSync(ROW)]));
  expect(problems).toEqual([]);
  expect(web.rows).toBe(2);
});

test('UTF-16 is refused, Latin-1 is told with the first line', async () => {
  const utf16 = await read('web.csv', new Uint8Array(Buffer.from(`\ufeff${HEADER}${ROW}`, 'utf16le')));
  expect(only(utf16.problems)).toMatchObject({
    code: 'sample-encoding',
    severity: 'error',
    message: 'web.csv is in UTF-16; save it as UTF-8 (in Excel: "CSV UTF-8")',
  });
  const bare = await read('web.csv', new Uint8Array(Buffer.from(HEADER + ROW, 'utf16le')));
  expect(only(bare.problems).code).toBe('sample-encoding');
  const latin = await read('web.csv', new Uint8Array(Buffer.from(`${HEADER}${ROW}2026-01-01T11:00:00Z,seen,Jos\u00e9\n`, 'latin1')));
  expect(only(latin.problems)).toMatchObject({
    code: 'sample-encoding',
    severity: 'warning',
    data: { path: 'web.csv', line: 3 },
    message: expect.stringContaining('it would read "José"'),
  });
  expect(latin.web.rows).toBe(2);
});

test('an enormous file is refused before it is read', async () => {
  const size = await read('web.csv', HEADER + ROW.repeat(100_000), { limits: { fileBytes: 1048576 } });
  expect(size.problems[0]).toMatchObject({
    code: 'sample-too-large',
    severity: 'error',
    message: '1 file with 3 MB together, from web.csv: the engine reads at most 1 MB; take a smaller sample',
  });
  expect(size.web.rows).toBe(0);
  const rows = await read('web.csv', HEADER + ROW.repeat(20), { limits: { rows: 10 } });
  expect(only(rows.problems).message).toBe('web.csv: it has more than 10 rows. Take a smaller sample; the rows before are used');
  const ids = Array.from({ length: 1000 }, (_, i) => `2026-01-01,seen,user${i}\n`).join('');
  const values = await read('web.csv', HEADER + ids, { limits: { columnBytes: 2000 } });
  expect(only(values.problems)).toMatchObject({
    code: 'sample-too-large',
    message: expect.stringContaining('its distinct values take more than'),
  });
});

test('rows of the wrong length are read as far as they go, and counted', async () => {
  const { web, problems } = await read('web.csv', `${HEADER}${ROW}2026-01-01T11:00:00Z,seen\n2026-01-01T12:00:00Z,seen,u2,what,else\n`);
  expect(web).toMatchObject({ rows: 3, events: 3, withoutId: 1 });
  expect(only(problems)).toMatchObject({
    code: 'csv-ragged',
    severity: 'warning',
    message:
      '2 rows have another number of fields than the 3 column names, the first at web.csv:3 with 2: what lacks is missing, what is too much is not read',
    data: { path: 'web.csv', line: 3 },
  });
});

test('quotes, doubled quotes, newlines in quotes, BOM, CRLF, blank lines, no newline at the end', async () => {
  const text = '\ufefftime,event,"us""er",user\r\n2026-01-01T10:00:00Z,"a, ""b""\r\nc",x,u1\r\n\r\n2026-01-01T11:00:00Z,"",y,u2';
  for (const piece of [1, 3, 1 << 16]) {
    const { web, schema, problems } = await read('web.csv', text, { piece });
    expect(problems).toEqual([]);
    expect(web).toMatchObject({ rows: 2, events: 2 });
    expect(Object.keys(schema.columns)).toEqual(['time', 'event', 'us"er', 'user']);
    expect(schema.events).toEqual({ 'a, "b"\r\nc': 1 }); // the second row's event is the empty text: missing
  }
});

test('a delimiter at the very end is one more, empty field', async () => {
  for (const piece of [1, 5, 1 << 16]) {
    const { web, problems } = await read('web.csv', `${HEADER}2026-01-01T10:00:00Z,seen,`, { piece });
    expect(problems).toEqual([]);
    expect(web).toMatchObject({ rows: 1, withoutId: 1 });
  }
});

test('semicolons and tabs', async () => {
  for (const delimiter of [';', '\t']) {
    const { schema, web } = await read('web.csv', (HEADER + ROW).replaceAll(',', delimiter));
    expect(Object.keys(schema.columns)).toEqual(['time', 'event', 'user']);
    expect(web.events).toBe(1);
  }
});

test('a quote that is never closed', async () => {
  const { problems } = await read('web.csv', `${HEADER}${ROW}2026-01-01T11:00:00Z,"seen,u1\n${ROW}`);
  expect(problems[0]).toMatchObject({
    code: 'csv-quote',
    severity: 'error',
    message: 'web.csv:3: a quote opened here is never closed; everything after it was read as one field',
  });
});

test('no header, and a name twice', async () => {
  const none = await read('web.csv', ROW + ROW);
  expect(none.problems.find(p => p.code === 'csv-header-missing')?.message).toBe(
    'web.csv:1: the first line should name the columns, but it holds values such as "2026-01-01T10:00:00Z"; put a line of column names above it',
  );
  expect(none.problems.find(p => p.code === 'time-column-missing')?.message).toBe(
    'there is no column "time" in "web.csv", so no row has a time; the columns are "2026-01-01T10:00:00Z", "seen", "u1"',
  );
  const twice = await read('web.csv', `time,event,user,user\n2026-01-01T10:00:00Z,seen,u1,u2\n`);
  expect(only(twice.problems)).toMatchObject({
    code: 'csv-header-duplicate',
    message: 'web.csv:1: two columns are named "user"; the first is read, the other as "column_4"',
  });
});

test('unreadable and missing times are no events, counted, with the first line', async () => {
  const { web, problems } = await read('web.csv', `${HEADER}${ROW}yesterday,seen,u1\n2026-02-30,seen,u1\n,seen,u2\n`);
  expect(web).toMatchObject({ rows: 4, events: 1, unreadable: 3 });
  expect(problems.map(p => p.message)).toEqual([
    '2 rows have a time that can\'t be read and are left out, the first at web.csv:3: "yesterday". Expected ISO 8601, such as 2026-03-01T10:00:00Z or 2026-03-01 10:00, or epoch digits',
    '1 row has no time and is left out, the first at web.csv:5',
  ]);
});

test('NDJSON with a broken line: the rest is read', async () => {
  const { web, schema, problems } = await read(
    'web.ndjson',
    '{"time":"2026-01-01T10:00:00Z","event":"seen","user":"u1","ctx":{"device":{"id":7}}}\n{"time": oops\n\n[1]\n{"time":1767265200,"event":"seen","user":17}\n',
  );
  expect(web).toMatchObject({ rows: 2, events: 2 });
  expect(Object.keys(schema.columns)).toEqual(['time', 'event', 'user', 'ctx.device.id']);
  // What stands in a record is not told: it may be of a column that nobody reads.
  expect(problems.find(p => p.code === 'json-broken')).toMatchObject({
    data: { path: 'web.ndjson', line: 2 },
    message: expect.stringContaining("1 record can't be read and is left out, the first at web.ndjson:2: it is no JSON"),
  });
  expect(problems.find(p => p.code === 'json-shape')).toMatchObject({
    data: { line: 4 },
    message: '1 record is no JSON object and is left out, the first at web.ndjson:4',
  });
});

test('a property that changes its type', async () => {
  const content = '{"time":"2026-01-01","event":"seen","user":"u1"}\n{"time":"2026-01-02","event":"seen","user":17}\n';
  const { schema, problems: atOnce } = await read('web.ndjson', content);
  expect(schema.columns.user.type).toBe('mixed');
  expect(atOnce).toEqual([]);
  const problems = await doubts({ 'web.ndjson': content }, plan([source('web', 'web.ndjson')]));
  expect(only(problems)).toMatchObject({
    code: 'property-changes-type',
    severity: 'warning',
    message: '"user" is a number or true/false on some rows and a text on others; it is compared as text',
  });
});

test('JSON: an array of objects, an object with one array, and neither', async () => {
  const records = '[\n{"time":"2026-01-01","event":"a [b","user":"u1"},\n{"time":"2026-01-02","event":"seen","user":"u\\"2"}\n]';
  for (const piece of [1, 7, 1 << 16]) {
    expect((await read('web.json', records, { piece })).web.events).toBe(2);
    expect((await read('web.json', `{"version": [], "rows": ${records}}`.replace('[]', '1'), { piece })).web.events).toBe(2);
  }
  expect((await read('web.json', '{"time": 1}')).problems.map(p => p.message)).toContain(
    'web.json: expected an array of objects, or an object that holds one array',
  );
  const cut = await read('web.json', records.slice(0, -20));
  expect(cut.web.events).toBe(1);
  expect(cut.problems.map(p => p.message)).toContain('web.json ends in the middle of its JSON; the records before are used');
});

test('whole numbers beyond 2^53 stay as written', async () => {
  // Rounded, both would be user 9007199254740992, and one customer.
  const { schema } = await read(
    'web.ndjson',
    '{"time":1767265200,"event":9007199254740993,"user":1}\n{"time":1767265200,"event":9007199254740992,"user":1}\n',
  );
  expect(schema.events).toEqual({ '9007199254740993': 1, '9007199254740992': 1 });
  expect(schema.columns.event.type).toBe('number');
});

test('values of unused columns are not kept', async () => {
  const { schema } = await read(
    'web.csv',
    `time,event,user,secret\n2026-01-01T10:00:00Z,seen,u1,4111\n2026-01-01T10:00:00Z,seen,u1,4111\n`,
  );
  expect(schema.columns.secret).toEqual({ type: 'number', missing: 0, examples: [] });
  expect(schema.columns.event.examples).toEqual(['seen']);
});
