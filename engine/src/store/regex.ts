import { RE2JS } from 're2js';

const FLAGS: Record<string, number> = { i: RE2JS.CASE_INSENSITIVE, m: RE2JS.MULTILINE, s: RE2JS.DOTALL };
const compiled = new Map<string, RE2JS | Error>();

function compile(regex: string, flags: string): RE2JS | Error {
  const key = `${flags}/${regex}`;
  let found = compiled.get(key);
  if (!found) {
    try {
      found = RE2JS.compile(
        regex,
        [...flags].reduce((all, flag) => all | (FLAGS[flag] ?? 0), 0),
      );
    } catch (error) {
      found = error as Error;
    }
    // While somebody types, every keystroke is another pattern.
    if (compiled.size > 500) compiled.clear();
    compiled.set(key, found);
  }
  return found;
}

/**
 * A pattern's test, in time linear in the text whatever the pattern: RE2's syntax, which is also what warehouses take.
 * @returns null where the pattern isn't valid
 */
export function regexTest(regex: string, flags: string): ((text: string) => boolean) | null {
  const pattern = compile(regex, flags);
  return pattern instanceof Error ? null : text => pattern.test(text);
}

/** What is wrong with a pattern, as a clause for people, or null. */
export function regexProblem(regex: string, flags: string): string | null {
  const pattern = compile(regex, flags);
  if (!(pattern instanceof Error)) return null;
  if (/\(\?<?[=!]/.test(regex)) return 'look-ahead and look-behind are not supported (RE2 syntax, as in warehouses)';
  if (/\\[1-9]/.test(regex)) return 'back-references are not supported (RE2 syntax, as in warehouses)';
  return pattern.message;
}
