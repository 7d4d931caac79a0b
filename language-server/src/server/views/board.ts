/** The picture of a path: its steps as a funnel from left to right, and below it the ladders, chutes and detours, counted. */
import type { PathResult } from '@journey/engine';
import { formatCount, formatDuration, formatShare } from '@journey/engine';
import { INK, image, round, TEXT, xml } from './picture.ts';

const HEIGHT = 90;
const BAR = 46;
/** Wide enough for a time such as `2h 18m` between two bars. */
const LEAST_STEP = 108;

/** @param entered more than 0: the measure of every bar */
export function pathBoard({ steps, flags }: PathResult, entered: number): string {
  const letters = Math.max(...steps.map(({ name }) => Math.min(name.length, 16)));
  const step = Math.max(LEAST_STEP, letters * 7 + 12);
  const bottom = HEIGHT + 22;
  const drawn = steps.map(({ name, reached, inOrder, medianFromPreviousMs }, k) => {
    const middle = k * step + step / 2;
    const size = (count: number) => round((count / entered) * HEIGHT);
    const bar = (count: number, look: string) =>
      `<rect x="${round(middle - BAR / 2)}" y="${round(bottom - size(count))}" width="${BAR}" height="${size(count)}" ${look}/>`;
    const label = (y: number, text: string) => `<text x="${round(middle)}" y="${round(y)}">${xml(text)}</text>`;
    const between = medianFromPreviousMs === null || k === 0 ? '' : formatDuration(medianFromPreviousMs);
    return [
      // Reached at all stands behind: what is left over was reached out of order.
      bar(reached, `fill="none" stroke="${TEXT}" stroke-dasharray="2 2"`),
      bar(inOrder, `fill="${INK}"`),
      label(bottom - size(Math.max(reached, inOrder)) - 5, formatCount(inOrder)),
      label(bottom + 15, name.length > 16 ? `${name.slice(0, 15)}…` : name),
      between && `<text x="${round(middle - step / 2)}" y="${bottom - 4}" font-size="10">${xml(between)} →</text>`,
    ].join('');
  });
  const signs = (
    [
      ['ladder', LADDER, flags.ladder],
      ['chute', CHUTE, flags.chute],
      ['detour', DETOUR, flags.detour],
    ] as const
  ).map(([name, sign, count], i) => {
    const x = i * 150 + 4;
    const said = `${formatCount(count)} ${name}${count === 1 ? '' : 's'} · ${formatShare(count / entered)}`;
    return (
      `<g transform="translate(${x} ${bottom + 28})" fill="none" stroke="${count > 0 ? INK : TEXT}" stroke-width="1.5">${sign}</g>` +
      `<text x="${x + 24}" y="${bottom + 42}" text-anchor="start">${xml(said)}</text>`
    );
  });
  const width = Math.max(steps.length * step, 3 * 150);
  return image(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${bottom + 54}" font-family="sans-serif" font-size="12" fill="${TEXT}" text-anchor="middle">${drawn.join('')}${signs.join('')}</svg>`,
    'the path, step by step',
  );
}

const LADDER = '<path d="M4 18V0M12 18V0M4 4h8M4 9h8M4 14h8"/>';
const CHUTE = '<path d="M2 1c8 0 0 8 6 9s4 7 9 7"/>';
const DETOUR = '<path d="M0 15h3c3 0 1-13 6-13s3 13 6 13h3"/>';
