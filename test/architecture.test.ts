/** The layers of docs/architecture.md, read from the imports. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const PACKAGES = ['grammar', 'engine', 'language-server', 'cli', 'extension'];
const PROTOCOL = 'language-server/src/server/protocol.ts';

interface Import {
  /** The file that imports, from the root. */
  from: string;
  /** What is written. */
  what: string;
  /** The file it means, from the root; undefined for a package. */
  file?: string;
  /** Erased: nothing of it is there when the code runs. */
  typeOnly: boolean;
}

const sources = PACKAGES.flatMap(name => tsFiles(join(root, name, 'src')));
const imports = sources.flatMap(path => importsOf(path));
/** Tests may import what they like. */
const shipped = imports.filter(({ from }) => !/\.test\.ts$|(^|\/)testing(\/|\.ts$)|\.fixture\.ts$/.test(from));

const packageOf = (path: string): string => path.split('/')[0];
/** `langium` of `langium/lsp`, `@journey/engine` of `@journey/engine/x`. */
const nameOf = (what: string): string =>
  what
    .split('/')
    .slice(0, what.startsWith('@') ? 2 : 1)
    .join('/');
const within = (...folders: string[]) => shipped.filter(({ from }) => folders.some(folder => from.startsWith(folder)));
const written = (found: Import[]): string[] => found.map(({ from, what }) => `${from} imports ${what}`);

it('there is something to read', () => {
  for (const name of PACKAGES) expect(within(`${name}/`).length, name).toBeGreaterThan(0);
});

describe('the engine is pure: plain data in, plain data out', () => {
  const engine = within('engine/');

  it('it knows no Langium, no VS Code, no node, and nothing else of this project', () => {
    expect(written(engine.filter(({ what }) => /^(langium|chevrotain|vscode|node:|@journey\/)/.test(what)))).toEqual([]);
  });

  it('beside its own files it imports the libraries it declares, and no more', () => {
    const declared = Object.keys(manifest('engine').dependencies ?? {});
    expect(written(engine.filter(({ what, file }) => !file && !declared.includes(nameOf(what))))).toEqual([]);
  });
});

describe('the Plan is all that crosses from the language to the engine', () => {
  it('the grammar knows Langium alone', () => {
    expect(written(within('grammar/').filter(({ what, file }) => !file && nameOf(what) !== 'langium'))).toEqual([]);
  });

  it('no package reaches into another: what it needs, the other exports', () => {
    const reaching = shipped.filter(({ from, file }) => file && packageOf(file) !== packageOf(from) && !isProtocol(from, file));
    expect(written(reaching)).toEqual([]);
  });

  it('a package is imported by what it exports', () => {
    const wrong = shipped.filter(({ what }) => what.startsWith('@journey/') && !exported(what));
    expect(written(wrong)).toEqual([]);
  });

  it('typing and findings are functions of plan and preview: no tree, no services, no files', () => {
    const pure = within('language-server/src/typing/', 'language-server/src/findings/');
    const allowed = /^language-server\/src\/(typing|findings|text)\/|^language-server\/src\/(project\/types|codes)\.ts$/;
    expect(written(pure.filter(({ what, file }) => (file ? !allowed.test(file) : what !== '@journey/engine')))).toEqual([]);
  });
});

describe('one facade', () => {
  it('the command line asks it, and the engine for its types and words', () => {
    const ours = within('cli/').filter(({ what }) => what.startsWith('@journey/'));
    const allowed = ['@journey/engine', '@journey/language-server', '@journey/language-server/node'];
    expect(written(ours.filter(({ what }) => !allowed.includes(what)))).toEqual([]);
  });

  it('the extension knows the protocol and nothing else', () => {
    const ours = within('extension/').filter(({ what, file }) => what.startsWith('@journey/') || (file && packageOf(file) !== 'extension'));
    expect(written(ours.filter(({ file }) => file !== PROTOCOL))).toEqual([]);
  });

  it('the protocol brings nothing along: it is types and names', () => {
    expect(written(within(PROTOCOL).filter(({ typeOnly }) => !typeOnly))).toEqual([]);
  });
});

describe('what runs in a browser', () => {
  // `*.node.ts` and node/ are for node alone; everything else also runs in a worker.
  const forNode = /\.node\.ts$|^language-server\/src\/node\/|^language-server\/src\/server\/stdio\.ts$|^cli\//;
  const nodeOnly = /^node:|\/node$/;

  it('knows no node', () => {
    expect(
      written(shipped.filter(({ from, what }) => !forNode.test(from) && !from.startsWith('extension/') && nodeOnly.test(what))),
    ).toEqual([]);
  });

  it('reaches nothing that is for node alone', () => {
    const reaching = shipped.filter(({ from, file, typeOnly }) => !forNode.test(from) && file && forNode.test(file) && !typeOnly);
    expect(written(reaching)).toEqual([]);
  });
});

describe('no cycles', () => {
  it('among packages', () => {
    const edges = shipped.flatMap(({ from, what, file }): [string, string][] => {
      const to = file ? packageOf(file) : what.startsWith('@journey/') ? nameOf(what).slice('@journey/'.length) : undefined;
      return to && to !== packageOf(from) ? [[packageOf(from), to]] : [];
    });
    expect(cycle(edges)).toEqual([]);
  });

  it('among files that are there when the code runs', () => {
    const edges = shipped.flatMap(({ from, file, typeOnly }): [string, string][] => (file && !typeOnly ? [[from, file]] : []));
    expect(cycle(edges)).toEqual([]);
  });

  it('would be found', () => {
    expect(
      cycle([
        ['a', 'b'],
        ['b', 'c'],
        ['c', 'b'],
      ]),
    ).toEqual(['b', 'c', 'b']);
    expect(
      cycle([
        ['a', 'b'],
        ['a', 'c'],
        ['b', 'c'],
      ]),
    ).toEqual([]);
  });
});

function isProtocol(from: string, file: string): boolean {
  return packageOf(from) === 'extension' && file === PROTOCOL;
}

/** @returns the nodes of a cycle, the first again at the end; none where there is none */
function cycle(edges: [string, string][]): string[] {
  const next = new Map<string, Set<string>>();
  for (const [from, to] of edges) next.set(from, (next.get(from) ?? new Set()).add(to));
  const done = new Set<string>();
  const visit = (node: string, path: string[]): string[] => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return [];
    done.add(node);
    for (const to of next.get(node) ?? []) {
      const found = visit(to, [...path, node]);
      if (found.length > 0) return found;
    }
    return [];
  };
  for (const node of next.keys()) {
    const found = visit(node, []);
    if (found.length > 0) return found;
  }
  return [];
}

function manifest(name: string): { name: string; exports?: Record<string, unknown>; dependencies?: Record<string, string> } {
  return JSON.parse(readFileSync(join(root, name, 'package.json'), 'utf8'));
}

function exported(what: string): boolean {
  const of = PACKAGES.map(manifest).find(({ name }) => name === nameOf(what));
  return of !== undefined && Object.hasOwn(of.exports ?? {}, `.${what.slice(of.name.length)}`);
}

function tsFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .map(path => join(folder, path));
}

function importsOf(path: string): Import[] {
  const text = readFileSync(path, 'utf8');
  const from = relative(root, path).split(sep).join('/');
  const statements = [...text.matchAll(/^(?:import|export)\b((?:(?!^(?:import|export)\b)[^'";])*?)\bfrom '([^']+)'/gm)].map(
    ([, clause, what]) => ({
      what,
      typeOnly: /^\s+type\b/.test(clause) || onlyTypes(clause),
    }),
  );
  const bare = [...text.matchAll(/^import '([^']+)'|\bimport\('([^']+)'\)/gm)].map(([, effect, dynamic]) => ({
    what: effect ?? dynamic,
    typeOnly: false,
  }));
  return [...statements, ...bare].map(({ what, typeOnly }) => {
    const file = what.startsWith('.')
      ? relative(root, resolve(dirname(path), what))
          .split(sep)
          .join('/')
      : undefined;
    return { from, what, file, typeOnly };
  });
}

/** `{ type A, type B }` */
function onlyTypes(clause: string): boolean {
  const names = /^\s*\{([^}]*)\}\s*$/
    .exec(clause)?.[1]
    .split(',')
    .map(name => name.trim())
    .filter(Boolean);
  return names !== undefined && names.length > 0 && names.every(name => name.startsWith('type '));
}
