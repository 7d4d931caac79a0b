/** How the tests inside an extension host tell their results to the outside: a line of the log for each, and one at the end. */
export interface Result {
  name: string;
  ok: boolean;
  ms: number;
  /** What went wrong, with its stack. */
  error?: string;
}

const mark = '##journey-test ';
const end = '##journey-tests-end';

export const reportLine = (result: Result) => mark + JSON.stringify(result);

export const endLine = end;

/** The result a line holds, `end` for the last one, or undefined: it is any other line. */
export function readReport(line: string): Result | 'end' | undefined {
  if (line.includes(end)) return 'end';
  const at = line.indexOf(mark);
  return at < 0 ? undefined : JSON.parse(line.slice(at + mark.length));
}
