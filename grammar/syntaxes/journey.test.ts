import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import onigurumaModule from 'vscode-oniguruma';
import textmateModule, { type IGrammar } from 'vscode-textmate';

const { createOnigScanner, createOnigString, loadWASM } = onigurumaModule;
const { INITIAL, parseRawGrammar, Registry } = textmateModule;

const wasm = readFileSync(createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm'));
const path = new URL('journey.tmLanguage.json', import.meta.url);

async function load(): Promise<IGrammar> {
  await loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) as ArrayBuffer);
  const registry = new Registry({
    onigLib: Promise.resolve({ createOnigScanner, createOnigString }),
    loadGrammar: async () => parseRawGrammar(readFileSync(path, 'utf8'), 'journey.json'),
  });
  return (await registry.loadGrammar('source.journey'))!;
}

/** The words of a text that have a scope of their own, each with its innermost one, without `source.journey` and the like. */
function colours(grammar: IGrammar, text: string): string[] {
  let stack = INITIAL;
  return text.split('\n').flatMap(line => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    stack = ruleStack;
    const words: { text: string; scope: string }[] = [];
    for (const { startIndex, endIndex, scopes } of tokens) {
      const text = line.slice(startIndex, endIndex);
      const scope = scopes[scopes.length - 1].replace(/\.?(source)?\.journey$/, '');
      const last = words[words.length - 1];
      // The quotes of a text are tokens of their own: to the eye it is one.
      if (last?.scope === scope) last.text += text;
      else words.push({ text, scope });
    }
    return words
      .filter(({ text, scope }) => text.trim() && scope && scope !== 'source' && scope !== 'variable.other')
      .map(({ text, scope }) => `${text.trim()} | ${scope}`);
  });
}

const grammar = await load();

describe('colours', () => {
  it.each([
    ['an import', 'import "events.journey"', ['import | keyword.control.import', '"events.journey" | string.quoted.double']],
    [
      'a named event',
      'event Viewed = web.page_view where path like "/item/%"',
      [
        'event | keyword.declaration',
        'Viewed | entity.name.function',
        '= | keyword.operator',
        '. | punctuation.accessor',
        'page_view | variable.other.member',
        'where | keyword.other',
        'like | keyword.operator.word',
        '"/item/%" | string.quoted.double',
      ],
    ],
    [
      'a journey and its identity',
      'journey Fulfilment for customer per order_id {',
      ['journey | keyword.declaration', 'Fulfilment | entity.name.type', 'for | keyword.other', 'per | keyword.other'],
    ],
    [
      'rules and clocks',
      '  exit     GoneQuiet after 14d of silence // why',
      [
        'exit | keyword.control.rule',
        'GoneQuiet | entity.name.function.rule',
        'after | keyword.other',
        '14d | constant.numeric.duration',
        'of silence | keyword.other',
        '// why | comment.line.double-slash',
      ],
    ],
    [
      're-entry',
      '  reentry  after exit, wait 30d, max 3',
      [
        'reentry | keyword.control.rule',
        'after exit | keyword.other',
        'wait | keyword.other',
        '30d | constant.numeric.duration',
        'max | keyword.other',
        '3 | constant.numeric',
      ],
    ],
    [
      'a metric',
      '  metric   rescued = rate(Bought within 1d of Cart)',
      [
        'metric | keyword.control.rule',
        'rescued | variable.other.metric',
        '= | keyword.operator',
        'rate | support.function',
        'within | keyword.other',
        '1d | constant.numeric.duration',
        'of | keyword.other',
      ],
    ],
    [
      'an event made of others',
      'event Abandoned = AddedToCart then no (Ordered or AddedToCart) within 1h same shop',
      [
        'event | keyword.declaration',
        'Abandoned | entity.name.function',
        '= | keyword.operator',
        'then no | keyword.other',
        'or | keyword.operator.word',
        'within | keyword.other',
        '1h | constant.numeric.duration',
        'same | keyword.other',
      ],
    ],
    [
      'a segment, and a gate',
      'segment Loyal when at least 3 Ordered within 365d before entry\n  enter In on Seen if Loyal',
      [
        'segment | keyword.declaration',
        'Loyal | entity.name.type',
        'when | keyword.other',
        'at least | keyword.other',
        '3 | constant.numeric',
        'within | keyword.other',
        '365d | constant.numeric.duration',
        'before entry | keyword.other',
        'enter | keyword.control.rule',
        'In | entity.name.function.rule',
        'on | keyword.other',
        'if | keyword.other',
      ],
    ],
    [
      'a path, a split, a keep and a period',
      '  path Happy: Looking -> Bought\n  split by plan, Loyal\n  keep channel = last Viewed.channel\n  metric m = rate(Bought) by month',
      [
        'path | keyword.control.rule',
        'Happy | entity.name.function.rule',
        '-> | keyword.operator',
        'split by | keyword.control.rule',
        'keep | keyword.control.rule',
        'channel | variable.other.metric',
        '= | keyword.operator',
        'last | keyword.other',
        '. | punctuation.accessor',
        'channel | variable.other.member',
        'metric | keyword.control.rule',
        'm | variable.other.metric',
        '= | keyword.operator',
        'rate | support.function',
        'by month | keyword.other',
      ],
    ],
    [
      'a scenario',
      'scenario "buys" {\n  as of +10d',
      [
        'scenario | keyword.declaration',
        '"buys" | string.quoted.double',
        'as of | keyword.other',
        '+ | keyword.operator',
        '10d | constant.numeric.duration',
      ],
    ],
    [
      'columns of the same names',
      'where first = 1 and same > 2 or last is null',
      [
        'where | keyword.other',
        '= | keyword.operator',
        '1 | constant.numeric',
        'and | keyword.operator.word',
        '> | keyword.operator',
        '2 | constant.numeric',
        'or | keyword.operator.word',
        'is | keyword.operator.word',
        'null | constant.language',
      ],
    ],
    [
      'an expectation',
      '  expect   rejected < 5% of attempts, else warning "many bounce"',
      [
        'expect | keyword.control.rule',
        '< | keyword.operator',
        '5% | constant.numeric.percentage',
        'of | keyword.other',
        'else | keyword.control',
        'warning | constant.language.severity',
        '"many bounce" | string.quoted.double',
      ],
    ],
    [
      "a source's lines",
      'source orders {\n  sample "a.csv"\n  time created_at zone "Europe/Berlin"\n  event "placed"\n  id user = customer_id',
      [
        'source | keyword.declaration',
        'orders | entity.name.type',
        'sample | keyword.other',
        '"a.csv" | string.quoted.double',
        'time | keyword.other',
        'zone | keyword.other',
        '"Europe/Berlin" | string.quoted.double',
        'event | keyword.other',
        '"placed" | string.quoted.double',
        'id | keyword.other',
        'user | entity.name.tag',
        '= | keyword.operator',
      ],
    ],
    [
      'kinds of id and their options',
      'identity customer {\n  id user unique\n  id email max 3 pii contact.email // strongest first\n  id device valid 180d',
      [
        'identity | keyword.declaration',
        'customer | entity.name.type',
        'id | keyword.other',
        'user | entity.name.tag',
        'unique | keyword.other',
        'id | keyword.other',
        'email | entity.name.tag',
        'max | keyword.other',
        '3 | constant.numeric',
        'pii | keyword.other',
        'contact.email | constant.other.category',
        '// strongest first | comment.line.double-slash',
        'id | keyword.other',
        'device | entity.name.tag',
        'valid | keyword.other',
        '180d | constant.numeric.duration',
      ],
    ],
    [
      'what is ignored',
      '  ignore any matching /^(|0+)$/\n  ignore email where length(email) < 6',
      [
        'ignore | keyword.control.rule',
        'any | keyword.other',
        'matching | keyword.operator.word',
        '/^(|0+)$/ | string.regexp',
        'ignore | keyword.control.rule',
        'email | entity.name.tag',
        'where | keyword.other',
        'length | support.function',
        '< | keyword.operator',
        '6 | constant.numeric',
      ],
    ],
    [
      'what links, and what does not',
      '  link user with email, device\n  never link user "a" with user "b"\n  shared device when more than 5 user',
      [
        'link | keyword.control.rule',
        'user | entity.name.tag',
        'with | keyword.other',
        'email | entity.name.tag',
        'device | entity.name.tag',
        'never link | keyword.control.rule',
        'user | entity.name.tag',
        '"a" | string.quoted.double',
        'with | keyword.other',
        'user | entity.name.tag',
        '"b" | string.quoted.double',
        'shared | keyword.control.rule',
        'device | entity.name.tag',
        'when more than | keyword.other',
        '5 | constant.numeric',
        'user | entity.name.tag',
      ],
    ],
    [
      'conflicts and time',
      '  on conflict keep latest\n  retroactive 30d\n  anonymous split by time',
      [
        'on conflict keep | keyword.control.rule',
        'latest | keyword.other',
        'retroactive | keyword.control.rule',
        '30d | constant.numeric.duration',
        'anonymous split by time | keyword.control.rule',
      ],
    ],
    [
      'privacy',
      'privacy {\n  purpose marketing for Onboarding\n  consent from web.consent, granted where ok = true\n  erase on mail.gone\n  suppress below 10\n  retain 400d',
      [
        'privacy | keyword.declaration',
        'purpose | keyword.control.rule',
        'marketing | entity.name.type',
        'for | keyword.other',
        'consent | keyword.control.rule',
        'from | keyword.other',
        '. | punctuation.accessor',
        'consent | variable.other.member',
        'granted | keyword.other',
        'where | keyword.other',
        '= | keyword.operator',
        'true | constant.language',
        'erase | keyword.control.rule',
        'on | keyword.other',
        '. | punctuation.accessor',
        'gone | variable.other.member',
        'suppress below | keyword.control.rule',
        '10 | constant.numeric',
        'retain | keyword.control.rule',
        '400d | constant.numeric.duration',
      ],
    ],
    [
      'a property of its own',
      '  property birthday pii person.birthday',
      ['property | keyword.other', 'pii | keyword.other', 'person.birthday | constant.other.category'],
    ],
    [
      'dates',
      'open 2026-01-01 .. 2026-06-30',
      ['open | keyword.control.rule', '2026-01-01 | constant.numeric.date', '.. | keyword.operator', '2026-06-30 | constant.numeric.date'],
    ],
    [
      'a doc comment over several lines',
      '/** From sign-up\n to order. */',
      ['/** From sign-up | comment.block.documentation', 'to order. */ | comment.block.documentation'],
    ],
    [
      'a pattern',
      'where code matches /^a[/]"b$/i',
      ['where | keyword.other', 'matches | keyword.operator.word', '/^a[/]"b$/i | string.regexp'],
    ],
  ])('%s', (_, text, expected) => {
    expect(colours(grammar, text).join('\n')).toEqual(expected.join('\n'));
  });

  it('a word of the language is a name after a dot, and inside a longer name', () => {
    expect(colours(grammar, 'where exit.on = 1 and ordered_on = 2')).toEqual([
      'where | keyword.other',
      '. | punctuation.accessor',
      'on | variable.other.member',
      '= | keyword.operator',
      '1 | constant.numeric',
      'and | keyword.operator.word',
      '= | keyword.operator',
      '2 | constant.numeric',
    ]);
  });

  it('a text without its closing quote ends with its line', () => {
    expect(colours(grammar, 'event A = web."x\nevent B = web.y')).toContain('B | entity.name.function');
  });
});
