/** Random definitions: small vocabularies and a coarse grid of durations, so that rules meet and deadlines are hit to the millisecond. */
import fc from 'fast-check';
import type { Def, Derived, Pattern, Ref } from '../../model.ts';
import { buildRules, type RulesPick, rulesPickArb } from './identity.ts';
import { buildJourney, type JourneyPick, journeyPick } from './journeys.ts';
import { type DerivedPick, eventPick, type PatternPick, type RefPick } from './patterns.ts';
import { KINDS, sometimes, TYPES } from './picks.ts';
import { buildPrivacy, type PrivacyPick, privacyPickArb } from './privacy.ts';
import { buildSegment, type SegmentPick, segmentPick } from './segments.ts';
import { buildSource, type SourcePick, sourcePick } from './sources.ts';

/** A definition, and for each source how its rows write their times. */
export interface Blueprint {
  def: Def;
  dates: ('never' | 'always' | 'sometimes')[];
}

export const blueprintArb: fc.Arbitrary<Blueprint> = fc
  .record({
    sources: fc.array(sourcePick, { minLength: 1, maxLength: 3 }),
    identity: sometimes(rulesPickArb, 2),
    privacy: sometimes(privacyPickArb, 2),
    joinOn: fc.constantFrom(undefined, undefined, 'k', 'order id'),
    profiles: fc.constantFrom(undefined, 'user', 'user', 'email'),
    events: fc.array(eventPick, { maxLength: 4 }),
    segments: fc.array(segmentPick, { maxLength: 3 }),
    journeys: fc.array(journeyPick, { minLength: 1, maxLength: 2 }),
    asOf: sometimes(fc.constantFrom('2026-03-28', '2026-03-29', '2026-03-31'), 8),
  })
  .map(pick => {
    let plain = JSON.stringify(pick);
    if (pick.joinOn === undefined) plain = plain.replaceAll('"items.price"', '"n"').replaceAll('"items.tag"', '"t"');
    if (pick.profiles === undefined) plain = plain.replaceAll('"profiles.age"', '"n"').replaceAll('"profiles.tier"', '"t"');
    return build(JSON.parse(plain));
  });
type DefPick = {
  sources: SourcePick[];
  identity?: RulesPick;
  privacy?: PrivacyPick;
  joinOn?: string;
  profiles?: string;
  events: PatternPick[];
  segments: SegmentPick[];
  journeys: JourneyPick[];
  asOf?: string;
};

function build({ joinOn, profiles, sources, identity, privacy, events, segments, journeys, asOf }: DefPick): Blueprint {
  const def: Def = {
    sources: sources.map(buildSource),
    tables: [],
    identity: buildRules(identity, KINDS),
    events: [],
    segments: [],
    journeys: [],
    expects: [],
    asOf,
  };
  if (joinOn !== undefined) {
    def.tables.push({ name: 'items', file: 'data/items.csv', columns: ['item', 'price', 'tag'], key: 'item' });
    for (const source of def.sources) source.joins = [{ table: 'items', on: joinOn }];
  }
  if (profiles !== undefined)
    def.tables.push({ name: 'profiles', file: 'data/profiles.csv', columns: ['who', 'age', 'tier'], key: 'who', idKind: profiles });
  const known: Ref[] = def.sources.flatMap(source =>
    ('constant' in source.event ? [source.event.constant] : TYPES).map(event => ({ source: source.name, event })),
  );
  const ref = (pick: RefPick): Ref => known[pick % known.length];
  let absences = 0;
  const pattern = (pick: PatternPick): Pattern => {
    const any: Pattern['any'] = pick.any.map(ref);
    if (pick.derived) any.unshift(derived(pick.derived));
    return { any, where: pick.where };
  };
  /** Of the text's `then no` the ones inside another come first. */
  const derived = ({ kind, a, b, count, within, same }: DerivedPick): Derived => {
    switch (kind) {
      case 'first':
        return { kind, of: pattern(a), same };
      case 'repeated':
        return { kind, count, of: pattern(a), within, same };
      case 'sequence':
        return { kind, first: pattern(a), next: pattern(b), within, same };
      case 'absence':
        return { kind, first: pattern(a), no: pattern(b), within, same, order: absences++ };
    }
  };
  events.forEach((pick, i) => {
    def.events.push({ name: `E${i + 1}`, pattern: pattern(pick) });
    known.unshift({ event: `E${i + 1}` });
  });
  segments.forEach((pick, i) => {
    def.segments.push({ name: `Segment${i + 1}`, condition: buildSegment(pick, def.segments.slice(), ref) });
  });
  // Named rows and rows of sources alike: of what is derived the first source's are taken instead.
  const isRow = ({ any }: Pattern): boolean =>
    any.every(
      term => !('kind' in term) && (term.source !== undefined || isRow(def.events.find(({ name }) => name === term.event)!.pattern)),
    );
  const rows = known.filter(one => isRow({ any: [one] }));
  def.privacy = buildPrivacy(privacy, pick => rows[pick % rows.length]);
  def.journeys = journeys.map((pick, j) => buildJourney(pick, j, def, ref, pattern));
  return { def, dates: sources.map(source => source.dates) };
}
