/** The same files counted the plain way, with none of our code: what no publication says is held against this. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export type Row = Record<string, string>;

/** @returns the rows of a gzipped CSV file without quoted fields, as all of these are */
export function rowsOf(path: string): Row[] {
  const [header, ...lines] = gunzipSync(readFileSync(path)).toString().trimEnd().split(/\r?\n/);
  const columns = header.split(',');
  return lines.map(line => {
    const fields = line.split(',');
    return Object.fromEntries(columns.map((column, i) => [column, fields[i]]));
  });
}

const MONTH = 30 * 86_400_000;

/** How the applications of the bank's log go, against the path intended; and what becomes of their offers. */
export function countApplications(log: Row[]) {
  const path = ['A_SUBMITTED', 'A_PREACCEPTED', 'A_ACCEPTED', 'O_SENT', 'O_SENT_BACK', 'A_APPROVED'];
  const ends = ['A_APPROVED', 'A_DECLINED', 'A_CANCELLED'];
  const sum = { followed: 0, otherOrder: 0, skipped: 0, underWay: 0, left: 0, offers: 0, second: 0, answered: 0, unanswered: 0 };
  const asOf = log.reduce((latest, row) => Math.max(latest, time(row)), 0);
  for (const rows of cases(log)) {
    const names = rows.map(row => row['concept:name']);
    const end = names.findIndex(name => ends.includes(name));
    const run = end < 0 ? names : names.slice(0, end + 1);
    const at = path.map(step => run.indexOf(step));
    if (at.every((index, i) => index >= 0 && index >= (at[i - 1] ?? 0))) sum.followed++;
    else if (at.every(index => index >= 0)) sum.otherOrder++;
    else if (at.at(-1)! >= 0) sum.skipped++;
    else if (end < 0) sum.underWay++;
    else sum.left++;

    const offers = run.filter(name => name === 'O_SENT').length;
    sum.offers += offers;
    sum.second += Math.floor(offers / 2);

    rows.forEach((row, i) => {
      if (names[i] !== 'O_SENT') return;
      // An offer is open until the next one, its form or a month's silence.
      const next = rows.findIndex((_, k) => k > i && ['O_SENT', 'O_SENT_BACK'].includes(names[k]));
      const decided = rows.findIndex((_, k) => k > i && ['O_SENT', 'O_SENT_BACK', 'A_CANCELLED', 'A_DECLINED'].includes(names[k]));
      const inTime = decided >= 0 && time(rows[decided]) <= time(row) + MONTH;
      if (!inTime && time(row) + MONTH < asOf) sum.unanswered++;
      else if (next >= 0 && names[next] === 'O_SENT_BACK') sum.answered++;
    });
  }
  return sum;
}

const time = (row: Row) => Date.parse(row['time:timestamp']);

/** The rows of each application by time; the file has them in that order, but for a few. */
function cases(log: Row[]): Row[][] {
  return [...groupBy(log, row => row['case:concept:name']).values()].map(rows => rows.sort((a, b) => time(a) - time(b)));
}

function groupBy(rows: Row[], key: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
  }
  return groups;
}

/** The household-campaigns by what is known of the household. 801 of the households have demographics, and not each of those all of them. */
export function countCampaigns(campaigns: Row[], demographics: Row[], descriptions: Row[], redemptions: Row[]) {
  const facts = new Map(demographics.map(row => [row.household_id, row]));
  const months = new Map(descriptions.map(row => [row.campaign_id, row]));
  const redeemed = new Set<string>();
  for (const { household_id, campaign_id, redemption_date } of redemptions) {
    const { start_date, end_date } = months.get(campaign_id)!;
    if (redemption_date >= start_date && redemption_date <= end_date) redeemed.add(`${household_id} ${campaign_id}`);
  }
  const tally = (of: (row: Row) => string | undefined) => {
    const groups = groupBy(campaigns, row => of(row) || 'unknown');
    return Object.fromEntries(
      [...groups].map(([value, rows]) => [
        value,
        { entered: rows.length, redeemed: rows.filter(row => redeemed.has(`${row.household_id} ${row.campaign_id}`)).length },
      ]),
    );
  };
  return {
    age: tally(row => facts.get(row.household_id)?.age),
    home: tally(row => facts.get(row.household_id)?.home_ownership),
    month: tally(row => months.get(row.campaign_id)!.start_date.slice(0, 7)),
  };
}
