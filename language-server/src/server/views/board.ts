/** The picture of a path: its steps as a funnel from left to right, and below it the ladders, chutes and detours, counted. */
import type { Count, PathResult } from '@journey/engine';
import { formatCount, formatDuration, formatShare, isTold } from '@journey/engine';
import { HATCH, INK, image, round, TEXT, xml } from './picture.ts';

const HEIGHT = 90;
const BAR = 46;
/** How tall a bar is whose number is withheld. */
const WITHHELD = 12;
/** Wide enough for a time such as `2h 18m` between two bars. */
const LEAST_STEP = 108;

/**
 * @param entered more than 0: the measure of every bar
 * @param below numbers about fewer people are withheld; their bars are hatched, and no taller for more people
 */
export function pathBoard({ steps, flags }: PathResult, entered: number, below: number | undefined): string {
  const letters = Math.max(...steps.map(({ name }) => Math.min(name.length, 16)));
  const step = Math.max(LEAST_STEP, letters * 7 + 12);
  const bottom = HEIGHT + 22;
  const drawn = steps.map(({ name, reached, inOrder, medianFromPreviousMs }, k) => {
    const middle = k * step + step / 2;
    const size = (count: Count) => (!isTold(count) ? WITHHELD : round((count / entered) * HEIGHT));
    const bar = (count: Count, look: string) =>
      `<rect x="${round(middle - BAR / 2)}" y="${round(bottom - size(count))}" width="${BAR}" height="${size(count)}" ${look}/>`;
    const label = (y: number, text: string) => `<text x="${round(middle)}" y="${round(y)}">${xml(text)}</text>`;
    const between = medianFromPreviousMs === null || k === 0 ? '' : formatDuration(medianFromPreviousMs);
    return [
      // Reached at all stands behind: what is left over was reached out of order.
      !isTold(reached) ? '' : bar(reached, `fill="none" stroke="${TEXT}" stroke-dasharray="2 2"`),
      bar(inOrder, !isTold(inOrder) ? HATCH.look : `fill="${INK}"`),
      label(bottom - Math.max(isTold(reached) ? size(reached) : 0, size(inOrder)) - 5, formatCount(inOrder, below)),
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
    const share = !isTold(count) ? '' : ` · ${formatShare(count / entered)}`;
    const said = `${formatCount(count, below)} ${name}${count === 1 ? '' : 's'}${share}`;
    return (
      `<g transform="translate(${x} ${bottom + 28})" fill="none" stroke="${isTold(count) && count > 0 ? INK : TEXT}" stroke-width="1.5">${sign}</g>` +
      `<text x="${x + 24}" y="${bottom + 42}" text-anchor="start">${xml(said)}</text>`
    );
  });
  const width = Math.max(steps.length * step, 3 * 150);
  return image(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${bottom + 54}" font-family="sans-serif" font-size="12" fill="${TEXT}" text-anchor="middle">${steps.some(({ inOrder }) => !isTold(inOrder)) ? HATCH.pattern : ''}${drawn.join('')}${signs.join('')}</svg>`,
    'the path, step by step',
  );
}

const LADDER = '<path d="M4 18V0M12 18V0M4 4h8M4 9h8M4 14h8"/>';
const CHUTE = '<path d="M2 1c8 0 0 8 6 9s4 7 9 7"/>';
const DETOUR = '<path d="M0 15h3c3 0 1-13 6-13s3 13 6 13h3"/>';
