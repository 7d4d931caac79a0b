/** What a definition does with personal data, and whether it says what for. Read from the plan: who reads a column is seen from the whole only. */
import {
  type At,
  type ColumnRef,
  categoryOf,
  type JourneyPlan,
  ownValue,
  type Pii,
  type Plan,
  piiOf,
  type Read,
  readsOf,
  rowMatches,
  splitCategory,
  uncovered,
} from '@journey/engine';
import { LANGUAGE_CODES, type LanguageCode } from '../codes.ts';
import type { Finding } from '../project/types.ts';
import { placeKey } from '../text/places.ts';
import { list } from '../text/words.ts';
import { metricParts } from '../typing/patterns.ts';
import { columnName, writtenPath } from '../typing/types.ts';
import { looksPersonal } from './personal.ts';

/** @param broken journeys that are not in the plan because of an error: what is said for them has its effect again once it is mended */
export function privacyFindings(plan: Plan, broken: readonly string[] = []): Finding[] {
  const pii = piiOf(plan);
  const reads = readsOf(plan);
  return [
    ...withoutPurpose(plan, reads),
    ...plan.journeys.flatMap(journey => [...splits(journey, pii), ...shown(plan, journey, pii)]),
    ...told(plan, pii),
    ...withoutEffect(plan, broken),
    ...undeclared(plan, pii, reads),
  ];
}

const tell = (code: LanguageCode, at: At, message: string, more: Partial<Finding> = {}): Finding => ({
  code,
  severity: LANGUAGE_CODES[code].severity,
  message,
  at,
  ...more,
});

function withoutPurpose(plan: Plan, reads: readonly Read[]): Finding[] {
  return uncovered(plan, reads).map(({ journey, at, columns, categories }) => {
    const what = columns.length > 4 ? `${columns.slice(0, 4).join(', ')} and ${columns.length - 4} more` : list(columns);
    const how = plan.privacy ? `\`purpose … for ${journey}\` in \`privacy\`` : `\`privacy { purpose … }\``;
    return tell(
      'pii-without-purpose',
      at,
      `Journey \`${journey}\` reads personal data (${list(categories)}, from ${what}), and nothing says what for: state it with ${how}`,
    );
  });
}

/** A group of a split is named by its value. */
function splits(journey: JourneyPlan, pii: Pii): Finding[] {
  return journey.splits.flatMap(split => {
    const category = splitCategory(journey, split, pii);
    if (category === undefined) return [];
    const message = `\`${split.text}\` is personal data (${category}), and the groups of a split are named by their values: split by something that tells less, such as a segment`;
    return [tell('pii-split', split.at, message)];
  });
}

function shown(plan: Plan, journey: JourneyPlan, pii: Pii): Finding[] {
  const personal = (column: ColumnRef) => pii.anywhere(column);
  const split = new Set(journey.splits.flatMap(each => (each.kind === 'keep' ? [each.name] : [])));
  const keeps = journey.keeps.flatMap(({ name, property, nameAt }) => {
    const category = personal(property);
    // Of a keep that is split by, the split tells.
    if (category === undefined || split.has(name)) return [];
    const message = `\`${name}\` keeps personal data (${category}) with every participation; its values are withheld wherever they would be shown`;
    return [tell('pii-shown', nameAt, message)];
  });
  const measured = [...journey.metrics.map(({ value }) => value), ...journey.expects.map(({ condition }) => condition)];
  const metrics = measured.flatMap(metricParts).flatMap(part => {
    const property = ownValue(journey, part, plan);
    const category = property && personal(property);
    if (property === undefined || category === undefined || !('fn' in part)) return [];
    const pooled = part.fn === 'avg' || part.fn === 'sum';
    const own = pooled ? "of one person that person's own value" : "one person's own value";
    const message = `\`${part.fn}\` of \`${columnName(property)}\` is ${own}, and personal data (${category}): it is withheld; ${insteadOf(pooled, plan)}`;
    return [tell('pii-shown', part.at, message)];
  });
  return [...keeps, ...metrics];
}

function insteadOf(pooled: boolean, { privacy }: Plan): string {
  if (privacy?.suppressBelow) return 'an average of enough people is told';
  const suppress = privacy ? '`suppress below 10` in `privacy`' : '`privacy { suppress below 10 }`';
  return `with ${suppress} ${pooled ? 'it' : 'an average'} is told where ten people or more are behind it`;
}

/** What no view can do without: times and names of events. */
function told(plan: Plan, pii: Pii): Finding[] {
  return plan.sources.flatMap(({ name, time, event }) => {
    const ofTime = pii.ofSource(name, time.column);
    const ofEvent = event.kind === 'column' ? pii.ofSource(name, event.column) : undefined;
    return [
      ...(ofTime === undefined
        ? []
        : [
            tell(
              'pii-shown',
              time.at,
              `\`${columnName(time.column)}\` is personal data (${ofTime}) and the time of every event of \`${name}\`: times are told wherever somebody is explained`,
            ),
          ]),
      ...(event.kind !== 'column' || ofEvent === undefined
        ? []
        : [
            tell(
              'pii-shown',
              event.at,
              `\`${columnName(event.column)}\` is personal data (${ofEvent}) and the name of every event of \`${name}\`: only names that stand in the definition are told`,
            ),
          ]),
    ];
  });
}

function withoutEffect(plan: Plan, broken: readonly string[]): Finding[] {
  const { privacy } = plan;
  if (!privacy) return [];
  const kinds = new Set(plan.identities.flatMap(identity => identity.kinds.map(({ name }) => name)));
  const nobodys = (source: string) => !plan.sources.find(({ name }) => name === source)?.ids.some(({ kind }) => kinds.has(kind));
  const about = (what: { text: string; at: At } | undefined, sources: string[], comes: string): Finding[] => {
    const lost = [...new Set(sources)].filter(nobodys);
    if (!what || lost.length === 0) return [];
    const rows = lost.map(name => `\`${name}\``);
    const message = `Rows of ${list(rows)} carry no id, so ${lost.length < new Set(sources).size ? 'those' : 'they'} are nobody's: ${comes}. Declare an \`id\` in the source`;
    return [tell('privacy-without-effect', what.at, message)];
  };
  const sourcesOf = (pattern: Parameters<typeof rowMatches>[0] | undefined) =>
    pattern ? rowMatches(pattern).map(({ source }) => source) : [];
  const journeys = new Set([...plan.journeys.map(({ name }) => name), ...broken]);
  return [
    ...about(privacy.consent, sourcesOf(privacy.consent?.from), 'nobody consents by them'),
    ...about(privacy.erase, sourcesOf(privacy.erase?.on), 'nobody is erased by them'),
    ...privacy.purposes
      // Without names it is for every journey, of the files that import it too; a file without journeys is itself for those.
      .filter(purpose => journeys.size > 0 && purpose.journeys.length > 0 && !purpose.journeys.some(name => journeys.has(name)))
      .map(({ name, at }) => tell('purpose-without-journey', at, `Purpose \`${name}\` is for no journey of this definition`)),
  ];
}

/** Names that personal data goes by, where nobody has declared it. */
function undeclared(plan: Plan, pii: Pii, reads: readonly Read[]): Finding[] {
  const found = new Map<string, Finding>();
  const tellOnce = (at: At, finding: Omit<Finding, 'code' | 'severity' | 'at'>) => {
    if (!found.has(placeKey(at))) found.set(placeKey(at), tell('pii-undeclared', at, finding.message, finding));
  };
  const carried = new Set(reads.flatMap(({ by }) => (by.kind === 'structure' && by.name.startsWith('id ') ? [by.name.slice(3)] : [])));
  const kinds = new Map(plan.identities.flatMap(identity => identity.kinds.map(kind => [kind.name, kind] as const)));
  const likely = (kind: string): string | undefined => {
    const own = looksPersonal(kind);
    if (own !== undefined) return own;
    return reads
      .filter(({ by }) => by.name === `id ${kind}` && by.kind === 'structure')
      .flatMap(({ column }) => looksPersonal(column) ?? [])[0];
  };
  for (const kind of kinds.values()) {
    const category = pii.ofKind(kind.name) === undefined && carried.has(kind.name) ? likely(kind.name) : undefined;
    if (category === undefined) continue;
    const end = { ...kind.at, start: kind.at.end };
    tellOnce(kind.at, {
      message: `Ids of the kind \`${kind.name}\` look like personal data: with \`pii ${category}\` no view tells one, and \`journey privacy\` says what they are read for`,
      fixes: [{ title: `Declare it \`pii ${category}\``, edits: [{ at: end, text: ` pii ${category}` }] }],
    });
  }
  const first = new Map<string, Read>();
  for (const read of reads) {
    const key = `${read.place.kind} ${read.place.name} ${read.column}`;
    // Of a column that an id is taken from, the kind has been spoken of.
    const isId = read.by.kind === 'structure' && read.by.name.startsWith('id ');
    if (isId || !first.has(key)) first.set(key, read);
  }
  for (const { place, column, at, by } of first.values()) {
    const category = looksPersonal(column);
    if (category === undefined || (by.kind === 'structure' && by.name.startsWith('id '))) continue;
    if (categoryOf(pii, place.kind, place.name, column) !== null) continue;
    const declaring = [...plan.sources, ...plan.tables].find(({ name }) => name === place.name)!;
    tellOnce(at, {
      message: `\`${column}\` of \`${place.name}\` looks like personal data: with \`property ${writtenPath(column.split('.'))} pii ${category}\` there no view tells a value of it`,
      fixes: [declaration(declaring, column, category)],
    });
  }
  return [...found.values()];
}

/** Says it in the source or table: in the line that declares the property already, else in one of its own at the end. */
function declaration({ name, at, properties }: Plan['sources' | 'tables'][number], column: string, category: string) {
  const title = `Declare \`${column}\` of \`${name}\` as \`pii ${category}\``;
  const known = properties.find(property => property.column.path.join('.') === column);
  if (known) return { title, edits: [{ at: { ...known.at, start: known.at.end }, text: ` pii ${category}` }] };
  const { line, character } = at.end;
  const place = { line, character: character - 1 };
  const text = `property ${writtenPath(column.split('.'))} pii ${category}`;
  return { title, edits: [{ at: { ...at, start: place, end: place }, text: place.character === 0 ? `  ${text}\n` : ` ${text} ` }] };
}
