/** The record of processing as people review it, and as a contract. */
import { posix } from 'node:path';
import { type At, type DataRecord, formatDuration, type ProcessingRecord } from '@journey/engine';

/** Files as the definition's own folder sees them: the record must not depend on where the command is run. */
function placesOf(uri: string): (at: At) => string {
  const own = new URL(uri);
  return ({ uri: other, start }) => {
    const path = posix.relative(posix.dirname(own.pathname), new URL(other).pathname);
    return `${decodeURIComponent(path)}:${start.line + 1}`;
  };
}

/** @param uri of the definition */
export function recordAsMarkdown(record: ProcessingRecord, uri: string): string {
  const place = placesOf(uri);
  const file = decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));
  const out: string[] = [
    `# Record of processing: ${escaped(file)}`,
    '',
    'What the definition reads, by which rules and what for. Written by `journey privacy`; it holds no value of the data.',
    '',
    '## Purposes',
    '',
  ];
  if (record.purposes.length === 0) out.push('None is stated.');
  else
    out.push(
      ...table(
        ['purpose', 'journeys', 'what for', 'stated at'],
        record.purposes.map(({ name, journeys, doc = '', at }) => [name, journeys.join(', ') || 'none', doc, place(at)]),
      ),
    );

  const { consent, erase, suppressBelow, retain } = record;
  out.push(
    '',
    '## Rules',
    '',
    consent
      ? `- Consent: \`${consent.text}\` (${place(consent.at)}). What holds is what was said last before an event; who said nothing has denied.`
      : '- Consent: no rule. Events count whether or not somebody agreed.',
    erase
      ? `- Erasure: \`${erase.text}\` (${place(erase.at)}). All rows and ids of the person go.`
      : '- Erasure: no rule. Nobody is ever taken out.',
    suppressBelow
      ? `- Small numbers: those about fewer than ${suppressBelow.count} people are withheld (${place(suppressBelow.at)}).`
      : '- Small numbers: no rule. A number may be about one person.',
    retain
      ? `- Retention: rows older than ${formatDuration(retain.within)} don't exist (${place(retain.at)}).`
      : '- Retention: no rule. Rows of any age are read.',
    '',
    '## Not covered',
    '',
    ...(record.uncovered.length === 0
      ? [personal(record) ? 'Every journey that reads personal data has a purpose.' : 'Nothing that is read is declared personal.']
      : record.uncovered.map(
          ({ journey, at, columns, categories }) =>
            `- ${journey} (${place(at)}) reads ${categories.join(', ')} without a purpose: ${columns.map(code).join(', ')}`,
        )),
    '',
    '## Data',
  );
  for (const each of record.data) out.push('', ...dataAsMarkdown(each, place));

  out.push('', '## Identities');
  for (const { name, at, journeys, kinds, retroactive } of record.identities) {
    out.push(
      '',
      `### ${name} (${place(at)})`,
      '',
      `Who is one customer in ${journeys.join(', ') || 'no journey'}. ${
        retroactive === undefined
          ? 'A link reaches back to the beginning.'
          : retroactive === 0
            ? 'A link never reaches back.'
            : `A link reaches back ${formatDuration(retroactive)}.`
      }`,
      '',
      ...table(
        ['id', 'personal', 'from', 'one customer has', 'a link holds', 'declared at'],
        kinds.map(kind => [
          kind.name,
          kind.pii ?? '',
          kind.from.map(code).join(', '),
          kind.unique ? 'one' : kind.max === undefined ? 'any number' : `at most ${kind.max}`,
          kind.valid === undefined ? 'for ever' : formatDuration(kind.valid),
          place(kind.at),
        ]),
      ),
    );
  }
  return `${out.join('\n')}\n`;
}

const personal = ({ data }: ProcessingRecord): boolean => data.some(({ columns }) => columns.some(({ pii }) => pii !== null));

function dataAsMarkdown({ kind, name, at, doc, samples, warehouse, columns, unused }: DataRecord, place: (at: At) => string): string[] {
  const from = [...samples.map(code), ...(warehouse === undefined ? [] : [`${code(warehouse)} in the warehouse`])].join(', ');
  return [
    `### ${kind} ${name} (${place(at)})`,
    '',
    ...(doc ? [escaped(doc.replace(/\s*\n\s*/g, ' ')), ''] : []),
    `From ${from}.`,
    '',
    ...table(
      ['column', 'personal', 'read by', 'for journeys', 'purpose'],
      columns.map(column => [
        code(column.column),
        column.pii ?? '',
        column.readers.map(reader => `${reader.name} (${place(reader.at)})`).join(', '),
        column.journeys.join(', ') || 'none',
        column.purposes.join(', ') || (column.pii === null || column.journeys.length === 0 ? '' : '**none**'),
      ]),
    ),
    ...(unused.length === 0
      ? []
      : [
          '',
          `Declared and never used: ${unused.map(one => `${code(one.column)}${one.pii === null ? '' : ` (${one.pii})`} (${place(one.at)})`).join(', ')}`,
        ]),
  ];
}

/** @param uri of the definition; places are `{ file, line }`, files relative to its folder, lines from 1 */
export function recordAsJson(record: ProcessingRecord, uri: string): string {
  const place = placesOf(uri);
  const where = (at: At) => {
    const text = place(at);
    return { file: text.slice(0, text.lastIndexOf(':')), line: at.start.line + 1 };
  };
  const isAt = (value: unknown): value is At => typeof value === 'object' && value !== null && 'uri' in value && 'start' in value;
  return `${JSON.stringify(record, (key, value) => (key === 'at' && isAt(value) ? where(value) : value), 2)}\n`;
}

/** What a line of a record says, wherever the definition's lines have moved to. */
const meaning = (line: string): string => line.replace(/(\.journey):\d+/g, '$1').replace(/^(\s*"line": )\d+/, '$1');

/**
 * How a record differs from one that was written before: lines that went, with `-`, and that came, with `+`, in order.
 * Line numbers are no difference: they move with every edit above them.
 */
export function driftOf(before: string, now: string): string[] {
  const lines = (text: string) => text.split(/\r?\n/).filter(line => line.trim() !== '');
  const [a, b] = [lines(before), lines(now)];
  const [keysA, keysB] = [a.map(meaning), b.map(meaning)];
  // The longest common sequence, from the end: records are hundreds of lines.
  const length = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      length[i][j] = keysA[i] === keysB[j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
  const drift: string[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && keysA[i] === keysB[j]) {
      i++;
      j++;
    } else if (j === b.length || (i < a.length && length[i + 1][j] >= length[i][j + 1])) drift.push(`- ${a[i++]}`);
    else drift.push(`+ ${b[j++]}`);
  }
  return drift;
}

function table(head: string[], rows: string[][]): string[] {
  const line = (cells: string[]) => `| ${cells.map(cell => cell.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

const code = (text: string): string => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``);
const escaped = (text: string): string => text.replace(/[\\`*_[\]<>#|]/g, '\\$&');
