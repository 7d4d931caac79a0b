/**
 * Every ```journey snippet of the documentation is parsed, linked and checked.
 *
 * A snippet may be a fragment. What it leaves out comes from an example: declarations it refers to, and, for rules alone, the journey around them.
 * That is the shop, or the page's own example; an invisible comment before the fence names another one, and a journey in it:
 *
 *     <!-- with: loan Application -->
 *
 * `<!-- in part -->` is for those that leave out too much to be more than parsed. Snippets of one page build on each other. On the page of a code what follows `Reported:` must yield that code, and a line marked `// mended`
 * stands instead of those just above it that begin with the same word.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type * as ast from '@journey/grammar';
import { createJourneyServices, type Finding, findingsOf, LANGUAGE_CODES } from '@journey/language-server';
import { EmptyFileSystem, EmptyFileSystemProvider, URI } from 'langium';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const pages = ['README.md', ...globSync(['docs/**/*.md', 'examples/**/README.md'], { cwd: root })].sort();
const DEFAULT = 'shop';
const MENDED = /\/\/.*\bmended\b/;

interface Snippet {
  line: number;
  text: string;
  /** What the comment before the fence says: an example, and a journey in it. */
  example?: string;
  journey?: string;
  /** Stands after `Reported:`. */
  bad: boolean;
  /** Leaves so much out that it is only parsed. */
  inPart: boolean;
}

function snippets(page: string): Snippet[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [
    ...text.matchAll(/(?:<!-- with: (\S+)(?: (\w+))? -->\s*)?(?:<!-- (in part) -->\s*)?(?:^(Reported):\s*)?^```journey\n([\s\S]*?)^```$/gm),
  ].map(([all, example, journey, inPart, reported, code], i, every) => ({
    line: text.slice(0, every[i].index + all.indexOf('```journey')).split('\n').length,
    text: code,
    example,
    journey,
    bad: reported !== undefined,
    inPart: inPart !== undefined,
  }));
}

/** Where the first line of a fragment belongs. */
function placeOf(text: string): 'file' | 'journey' | 'source' | 'scenario' {
  const line = text.split('\n').find(each => /^\s*[^\s/*]/.test(each)) ?? '';
  if (/^\s*(\+|\d{4}-|expect\s+[A-Z]\w*\s+(entered|people|attempts|active|completed|exited|rejected|visits)\b)/.test(line))
    return 'scenario';
  if (/^\s*(open|enter|reentry|keep|stage|complete|exit|path|split|metric|expect)\b/.test(line)) return 'journey';
  if (/^\s*((sample|passive|time|unique|id|join|where|key)\b|table\s+\S+\s*(\/\/.*)?$|event\s+("|\w+\s*(\/\/.*)?$))/.test(line))
    return 'source';
  return 'file';
}

/** Files in memory; whatever else is imported isn't there. */
function memory(texts: Record<string, string>): EmptyFileSystemProvider {
  const read = (uri: URI) => {
    const text = texts[basename(uri.path)];
    if (text === undefined) throw new Error('no such file');
    return text;
  };
  return Object.assign(new EmptyFileSystemProvider(), {
    readFile: async (uri: URI) => read(uri),
    stat: async (uri: URI) => ({ uri, isFile: read(uri) !== undefined, isDirectory: false }),
  });
}

const plain = createJourneyServices(EmptyFileSystem);
const parse = (text: string) => plain.journey.parser.LangiumParser.parse<ast.File>(text).value;
const textOf = (node: { $cstNode?: { text: string } }) => node.$cstNode?.text ?? '';
const nameOf = (node: object) => ('name' in node ? String(node.name) : undefined);

/** The text of an example, its imports put in their place. */
function exampleText(name: string): string {
  const direct = join(root, 'examples', `${name}.journey`);
  const files = existsSync(direct) ? [direct] : globSync(join(root, 'examples', name, '*.journey')).sort();
  if (files.length === 0) throw new Error(`There is no example ${name}`);
  return files.map(file => readFileSync(file, 'utf8').replace(/^import .*$/gm, '')).join('\n');
}

/** @returns a whole file around the snippet, and the snippet's first line in it, from 0 */
function whole({ text, journey: wanted }: Snippet, context: string): { text: string; from: number } {
  const around = parse(context).elements;
  const place = placeOf(text);
  const declarations = around.filter(each => each.$type !== 'Journey' && each.$type !== 'Scenario').map(textOf);
  if (place === 'source') return { text: `source Snippet {\n${text}}\n${declarations.join('\n')}`, from: 1 };
  if (place === 'scenario') return { text: `scenario "snippet" {\n${text}}\n${around.map(textOf).join('\n')}`, from: 1 };
  if (place === 'file') {
    const own = parse(text).elements;
    const names = new Set(own.map(nameOf));
    // Journeys and scenarios are nobody's ground to stand on, but for a scenario the journeys it speaks of.
    const needed = around.filter(
      each =>
        each.$type !== 'Scenario' && (each.$type !== 'Journey' || own.some(one => one.$type === 'Scenario')) && !names.has(nameOf(each)),
    );
    return { text: `${text}\n${needed.map(textOf).join('\n')}`, from: 0 };
  }
  const journeys = around.filter(each => each.$type === 'Journey');
  const journey = wanted ? journeys.find(each => each.name === wanted) : journeys[0];
  if (!journey) throw new Error(`There is no journey ${wanted} to put this into`);
  const own = parse(`journey Snippet for x {\n${text}}`).elements.flatMap(each => (each.$type === 'Journey' ? each.items : []));
  const has = (item: ast.JourneyItem) =>
    nameOf(item) === undefined || item.$type === 'Enter'
      ? own.some(each => each.$type === item.$type)
      : own.some(each => nameOf(each) === nameOf(item));
  const rest = journey.items.filter(item => item.$type !== 'Expect' && !has(item)).map(textOf);
  const per = journey.per ? ` per ${textOf(journey.per)}` : '';
  return {
    text: `journey Snippet for ${journey.identity.$refText}${per} {\n${text}\n${rest.join('\n')}\n}\n${declarations.join('\n')}`,
    from: 1,
  };
}

async function check(text: string): Promise<Finding[]> {
  const other = 'import "a.journey"\n';
  const { shared } = createJourneyServices({
    fileSystemProvider: () => memory({ 'a.journey': text, 'b.journey': other, 'events.journey': '' }),
  });
  const document = await shared.workspace.LangiumDocuments.getOrCreateDocument(URI.parse('memory:///a.journey'));
  await shared.workspace.DocumentBuilder.build([document], { validation: true });
  return findingsOf(document);
}

/** As first written, and as mended. */
function variants(text: string): string[] {
  const lines = text.split('\n');
  const mended = lines.map(line => MENDED.test(line));
  if (!mended.includes(true)) return [text];
  const word = (line: string) => /\w+/.exec(line)?.[0];
  const replaced = lines.map((line, i) => mended[i + 1] === true && !mended[i] && word(line) === word(lines[i + 1]));
  return [lines.filter((_, i) => !mended[i]).join('\n'), lines.filter((_, i) => !replaced[i]).join('\n')];
}

describe.each(pages.filter(page => snippets(page).length > 0))('%s', page => {
  const own = dirname(page).startsWith('examples/') ? basename(dirname(page)) : DEFAULT;
  const code = page.startsWith('docs/diagnostics/') ? basename(page, '.md') : '';
  const all = snippets(page);

  it.each(all.map((snippet, i) => ({ ...snippet, i })))('line $line', async ({ i, ...snippet }) => {
    // The page's earlier snippets stand before the example's declarations of the same name.
    const before = code ? [] : all.slice(0, i).filter(each => !each.bad && placeOf(each.text) === 'file');
    const declared = before.reverse().map(each => each.text);
    const example = exampleText(snippet.example ?? own);
    const context = snippet.example ? example : [...declared, example].join('\n');
    for (const [variant, text] of variants(snippet.text).entries()) {
      const file = whole({ ...snippet, text }, unique(context));
      const found = (await check(file.text)).filter(
        ({ at }) => at.start.line >= file.from && at.start.line < file.from + text.split('\n').length,
      );
      // What only data can show is parsed alone.
      if (snippet.inPart || (snippet.bad && !(code in LANGUAGE_CODES))) expect(found.map(each => each.code)).not.toContain('syntax');
      else if (snippet.bad && code in LANGUAGE_CODES) expect(found.map(each => each.code)).toContain(code);
      else {
        // What is shown of a source is seldom all of it. What stands before its mending is what the page is about.
        const expected = [code === 'incomplete' ? '' : 'incomplete', variant === 0 && MENDED.test(snippet.text) ? code : ''];
        const wrong = found.filter(each => each.severity === 'error' && !expected.includes(each.code));
        expect(wrong.map(({ at, message }) => `${at.start.line + 1 - file.from}: ${message}`)).toEqual([]);
      }
    }
  });
});

/** Of several declarations of one name the first. */
function unique(text: string): string {
  const seen = new Set<string>();
  return parse(text)
    .elements.filter(each => {
      const name = nameOf(each);
      if (name === undefined) return true;
      const fresh = !seen.has(name);
      seen.add(name);
      return fresh;
    })
    .map(textOf)
    .join('\n');
}
