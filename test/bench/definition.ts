/** One journey in three tongues: as a definition, as a window query, as a loop over typed arrays. All must give the same numbers. */
import { CHANNELS, type Columns, NAMES } from './sample.ts';

const DAY = 86_400_000;

/** The numbers on which all three must agree. */
export interface Answer {
  entered: number;
  bought: number;
  optedOut: number;
  quiet: number;
  timedOut: number;
  looked: number;
  carted: number;
  /** Median of entry to purchase, in milliseconds. */
  median: number;
}

/** @param least an order counts from this total on: the condition that is edited */
export const definition = (least = 0) => `
source shop {
  sample "events.csv"
  time ts
  event event
  id user = user_id
}
identity customer { id user }

event Joined  = shop.sign_up where channel != "internal"
event Viewed  = shop.view where path like "/item/%"
event Added   = shop.add_to_cart
event Ordered = shop.order where total > ${least}

journey Onboarding for customer {
  enter Joined on Joined
  stage Looking on Viewed
  stage Cart on Added
  complete Bought on Ordered
  exit OptedOut on shop.opt_out
  exit Quiet after 21d of silence
  exit TimedOut after 60d
  metric activation = rate(Bought within 14d)
  metric speed = median(time to Bought)
  metric revenue = sum(Ordered.total) / entered
  expect activation >= 20%
}
`;

/** The same customers with an absence, a sequence and a repetition, all of which hang on the edited condition or stand beside it. */
export const derivedDefinition = (least = 0) =>
  definition(least)
    .replace(
      'journey Onboarding',
      `event Left     = Added then no (Ordered or Added) within 1d
event Returned = Left then Ordered within 30d
event Browsing = 3 Viewed within 7d

journey Onboarding`,
    )
    .replace(
      'stage Cart on Added',
      'stage Cart on Added\n  stage Browsing on Browsing\n  stage Left on Left\n  stage Returned on Returned',
    );

/** The same numbers split by segments, of which two look back: one of them at the edited condition. */
export const segmentDefinition = (least = 0) =>
  definition(least)
    .replace(
      'journey Onboarding',
      `segment Buyer   when at least 1 Ordered within 60d before entry
segment Looker  when at least 2 Viewed within 30d before entry
segment ByMail  when entry.channel = "mail"

journey Onboarding`,
    )
    .replace('  metric activation', '  split by Buyer, Looker, ByMail\n  metric activation');

/** DuckDB: windows over the events, each journey's end the earliest of its candidates. */
export const query = (least = 0) => `
with e as (
  select user_id, ts, event, total, path,
    lead(ts) over w as next_ts,
    min(case when event = 'sign_up' and channel != 'internal' then ts end) over (partition by user_id) as entry
  from events window w as (partition by user_id order by ts)
), later as (select * from e where ts >= entry),
ends as (
  select user_id, any_value(entry) as entry,
    min(case when ts > entry and event = 'order' and total > ${least} then ts end) as bought,
    min(case when ts > entry and event = 'opt_out' then ts end) as opted,
    min(case when next_ts is null or next_ts > ts + interval 21 day then ts end) + interval 21 day as quiet,
    any_value(entry) + interval 60 day as timed
  from later group by user_id
), runs as (
  select *, least(coalesce(bought, 'infinity'::timestamp), coalesce(opted, 'infinity'::timestamp)) as done,
    least(quiet, timed) as due, (select max(ts) from events) as t
  from ends
), ended as (
  select *, case when done <= due then (case when bought = done then 'bought' else 'optedOut' end)
    when due < t then (case when quiet <= timed then 'quiet' else 'timedOut' end) else 'active' end as outcome,
    least(done, case when due < t then due else 'infinity'::timestamp end) as finish
  from runs
), reached as (
  select r.user_id, bool_or(l.event = 'view' and l.path like '/item/%') as looked, bool_or(l.event = 'add_to_cart') as carted
  from ended r join later l on l.user_id = r.user_id and l.ts <= r.finish group by r.user_id
)
select count(*)::int as entered, count_if(outcome = 'bought')::int as bought, count_if(outcome = 'optedOut')::int as "optedOut",
  count_if(outcome = 'quiet')::int as quiet, count_if(outcome = 'timedOut')::int as "timedOut",
  count_if(looked)::int as looked, count_if(carted)::int as carted,
  quantile_cont(case when outcome = 'bought' then epoch_ms(bought) - epoch_ms(entry) end, 0.5)::double as median
from ended join reached using (user_id)
`;

/** What each row matches, one bit a rule: what a posting list is to the engine. */
export function rowFlags({ count, name, channel, item, total }: Columns, least = 0): Uint8Array {
  const internal = CHANNELS.indexOf('internal');
  const bits = NAMES.map(event => ({ sign_up: 1, view: 2, add_to_cart: 4, order: 8, opt_out: 16, support: 0 })[event]);
  const flags = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const bit = bits[name[i]];
    if (bit === 1 && channel[i] === internal) continue;
    if (bit === 2 && item[i] === 0) continue;
    if (bit === 8 && !(total[i] > least)) continue;
    flags[i] = bit;
  }
  return flags;
}

/** The least work that gives the numbers: one loop, state per person in typed arrays, nothing general. */
export function bareFold({ count, people, time, person, total }: Columns, flags: Uint8Array): Answer {
  const T = time[count - 1];
  const entry = new Float64Array(people);
  const last = new Float64Array(people);
  const state = new Uint8Array(people); // 0 not entered, 1 in, 2 over
  const reached = new Uint8Array(people);
  const durations = new Float64Array(people);
  let entered = 0;
  let bought = 0;
  let optedOut = 0;
  let quiet = 0;
  let timedOut = 0;
  let revenue = 0;
  for (let i = 0; i < count; i++) {
    const p = person[i];
    const t = time[i];
    if (state[p] === 1) {
      const silence = last[p] + 21 * DAY;
      const over = entry[p] + 60 * DAY;
      if (Math.min(silence, over) < t) {
        state[p] = 2;
        if (silence <= over) quiet++;
        else timedOut++;
        continue;
      }
      last[p] = t;
      const flag = flags[i];
      if (flag & 6) reached[p] |= flag;
      else if (flag & 8) {
        durations[bought++] = t - entry[p];
        revenue += total[i];
        state[p] = 2;
      } else if (flag & 16) {
        optedOut++;
        state[p] = 2;
      }
    } else if (state[p] === 0 && flags[i] & 1) {
      state[p] = 1;
      entry[p] = last[p] = t;
      entered++;
    }
  }
  let looked = 0;
  let carted = 0;
  for (let p = 0; p < people; p++) {
    if (reached[p] & 2) looked++;
    if (reached[p] & 4) carted++;
    if (state[p] !== 1) continue;
    const silence = last[p] + 21 * DAY;
    const over = entry[p] + 60 * DAY;
    if (Math.min(silence, over) >= T) continue;
    if (silence <= over) quiet++;
    else timedOut++;
  }
  const sorted = durations.subarray(0, bought).sort();
  const middle = (bought - 1) / 2;
  const median = bought === 0 || revenue < 0 ? 0 : (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
  return { entered, bought, optedOut, quiet, timedOut, looked, carted, median };
}
