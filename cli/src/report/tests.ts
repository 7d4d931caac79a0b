/** What scenarios came to: for people, for CI servers that read JUnit's XML, and as JSON. */
import type { ScenarioResult } from '@journey/engine';
import type { Finding } from '@journey/language-server';
import type { Style } from '../terminal.ts';
import { lines } from './layout.ts';

export interface TestedFile {
  /** As people know it. */
  file: string;
  scenarios: ScenarioResult[];
  /** Why some of it could not be tested: the errors of the definition. */
  errors: Finding[];
}

/** File, scenarios, and at a claim that failed its place and what happened instead. */
export function testsAsText(files: TestedFile[], style: Style): string {
  const { colors, pictures } = style;
  return files
    .filter(({ scenarios, errors }) => scenarios.length > 0 || errors.length > 0)
    .map(({ file, scenarios, errors }) => {
      const told = scenarios.flatMap(({ title, ok, ms, claims }) => [
        // A pipe gets the same text every time; how long it took is for eyes.
        `  ${ok ? colors.green('✓') : colors.red('✗')} ${title}${pictures ? colors.dim(`  ${Math.ceil(ms)} ms`) : ''}`,
        ...claims.flatMap(claim =>
          claim.ok
            ? []
            : [`      ${place(file, claim.at)} ${colors.red(`expected ${claim.text}`)}`, `        ${colors.dim('but')} ${claim.instead}`],
        ),
      ]);
      const broken = errors.map(({ at, code, message }) => `  ${colors.red('✗')} ${place(file, at)} ${colors.dim(code)} ${message}`);
      return lines([colors.bold(file), ...told, ...broken, '']);
    })
    .join('');
}

/** One line: how many passed and failed. */
export function testSummary(files: TestedFile[], { colors, pictures }: Style): string {
  const all = files.flatMap(({ scenarios }) => scenarios);
  const failed = all.filter(({ ok }) => !ok).length;
  const errors = files.reduce((sum, file) => sum + file.errors.length, 0);
  const among = files.length === 1 ? '1 file' : `${files.length} files`;
  if (all.length === 0 && errors === 0) return `no scenarios in ${among}: there is nothing to test\n`;
  const ms = Math.ceil(all.reduce((sum, scenario) => sum + scenario.ms, 0));
  const parts = [
    ...(all.length > failed ? [colors.green(`${all.length - failed} passed`)] : []),
    ...(failed > 0 ? [colors.red(`${failed} failed`)] : []),
    ...(errors > 0 ? [colors.red(errors === 1 ? '1 error' : `${errors} errors`)] : []),
  ];
  return `${parts.join(', ')} in ${among}${pictures ? colors.dim(`  ${ms} ms`) : ''}\n`;
}

/** A documented, versioned contract (docs/test-json.md); lines and columns from 1. */
export function testsAsJson(files: TestedFile[]): string {
  const at = ({ start }: Finding['at']) => ({ line: start.line + 1, column: start.character + 1 });
  const all = files.flatMap(({ scenarios }) => scenarios);
  const json = {
    version: 1,
    passed: all.filter(({ ok }) => ok).length,
    failed: all.filter(({ ok }) => !ok).length,
    files: files.map(({ file, scenarios, errors }) => ({
      file,
      scenarios: scenarios.map(scenario => ({
        title: scenario.title,
        ...at(scenario.at),
        ok: scenario.ok,
        ms: Math.round(scenario.ms * 10) / 10,
        claims: scenario.claims.map(claim => ({ text: claim.text, ...at(claim.at), ok: claim.ok, instead: claim.instead })),
      })),
      errors: errors.map(({ code, message, at: place }) => ({ code, message, ...at(place) })),
    })),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

/** A suite a file, a case a scenario. An error of the definition is a case of its own. */
export function testsAsJunit(files: TestedFile[]): string {
  const suites = files.map(({ file, scenarios, errors }) => {
    const failed = scenarios.filter(({ ok }) => !ok).length;
    const ms = scenarios.reduce((sum, scenario) => sum + scenario.ms, 0);
    const cases = scenarios.map(({ title, ms, claims }) => {
      const failures = claims
        .filter(({ ok }) => !ok)
        .map(({ text, instead, at }) =>
          element('failure', { message: `expected ${text}` }, [xml(`${place(file, at)} expected ${text}, but ${instead}`)]),
        );
      return element('testcase', { name: title, classname: file, file, time: seconds(ms) }, failures);
    });
    const broken = errors.map(({ code, message, at }) =>
      element('testcase', { name: `${code} at ${place(file, at)}`, classname: file, file, time: '0' }, [
        element('error', { message, type: code }, []),
      ]),
    );
    const counts = { tests: scenarios.length + errors.length, failures: failed, errors: errors.length };
    return element('testsuite', { name: file, ...counts, time: seconds(ms) }, [...cases, ...broken]);
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', { name: 'journey test' }, suites)}\n`;
}

const place = (file: string, { start }: Finding['at']) => `${file}:${start.line + 1}:${start.character + 1}`;
const seconds = (ms: number) => (ms / 1000).toFixed(4);

function element(name: string, attributes: Record<string, string | number>, children: string[]): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${xml(String(value))}"`);
  const open = `<${name}${written.join('')}`;
  return children.length === 0 ? `${open}/>` : `${open}>\n${children.join('\n')}\n</${name}>`;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\t': '&#9;',
  '\r': '&#13;',
};
/** XML 1.0 has no way to write other control characters, nor half of a surrogate pair. */
const xml = (text: string) =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
    .replace(/[&<>"\n\t\r]/g, character => ENTITIES[character]);
