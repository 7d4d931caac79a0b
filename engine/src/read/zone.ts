const DAY = 86_400_000;

/**
 * Wall-clock times of one IANA zone, to instants and back.
 *
 * A wall-clock time that occurs twice (clocks go back) is the earlier of the two; one that never occurs (clocks go
 * forward) is moved on by the length of the gap: 02:30 becomes 03:30. So does ECMAScript's Temporal by default.
 */
export class Zone {
  readonly name: string;
  private readonly format: Intl.DateTimeFormat | null;
  /** Offset of a wall-clock day, where it is the same all day and the days beside it; NaN where it changes. */
  private readonly byDay = new Map<number, number>();

  /** @throws RangeError where the runtime doesn't know the zone */
  constructor(name = 'UTC') {
    this.name = name;
    this.format =
      name === 'UTC'
        ? null
        : new Intl.DateTimeFormat('en-US', {
            timeZone: name,
            hourCycle: 'h23',
            era: 'short',
            year: 'numeric',
            month: 'numeric',
            day: 'numeric',
            hour: 'numeric',
            minute: 'numeric',
            second: 'numeric',
          });
  }

  /** @param wall the wall-clock time as if it were UTC, ms */
  toInstant(wall: number): number {
    if (!this.format) return wall;
    const day = Math.floor(wall / DAY);
    let offset = this.byDay.get(day);
    if (offset === undefined) {
      // A transition lies within a day of the wall-clock day in UTC, whatever the offset.
      const before = this.offset((day - 1) * DAY);
      offset =
        before === this.offset((day + 2) * DAY) && before === this.offset(day * DAY) && before === this.offset((day + 1) * DAY)
          ? before
          : NaN;
      this.byDay.set(day, offset);
    }
    if (!Number.isNaN(offset)) return wall - offset;
    const before = this.offset(wall - DAY);
    const after = this.offset(wall + DAY);
    // Of the instants that show this time the earlier; in a gap neither does, and the offset before it moves the time on.
    const early = wall - Math.max(before, after);
    const late = wall - Math.min(before, after);
    if (early + this.offset(early) === wall) return early;
    if (late + this.offset(late) === wall) return late;
    return wall - before;
  }

  /** The wall-clock time at an instant, as if it were UTC, ms. */
  toWall(instant: number): number {
    return instant + (this.format ? this.offset(instant) : 0);
  }

  /** The last millisecond of the day that begins at `start`. */
  endOfDay(start: number): number {
    return this.toInstant(Math.floor(this.toWall(start) / DAY) * DAY + DAY) - 1;
  }

  private offset(instant: number): number {
    const p: Record<string, string> = {};
    for (const { type, value } of this.format!.formatToParts(instant)) p[type] = value;
    const year = p.era === 'BC' ? 1 - Number(p.year) : Number(p.year);
    const wall = new Date(0);
    wall.setUTCFullYear(year, Number(p.month) - 1, Number(p.day));
    wall.setUTCHours(Number(p.hour), Number(p.minute), Number(p.second));
    return wall.getTime() - Math.floor(instant / 1000) * 1000;
  }
}
