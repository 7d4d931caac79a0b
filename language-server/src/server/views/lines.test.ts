import { describe, expect, it } from 'vitest';
import { lineMap } from './lines.ts';

describe('lines of an older text in a newer one', () => {
  it('stay where nothing changed above', () => {
    const map = lineMap('a\nb\nc', 'a\nB\nc');
    expect([0, 1, 2].map(map.line)).toEqual([0, 1, 2]);
    expect([0, 1, 2].map(map.same)).toEqual([true, false, true]);
  });
  it('move down below an inserted line, up below a removed one', () => {
    expect([0, 1, 2].map(lineMap('a\nb\nc', 'a\nx\nb\nc').line)).toEqual([0, 2, 3]);
    expect([0, 1, 2].map(lineMap('a\nb\nc', 'a\nc').line)).toEqual([0, undefined, 1]);
  });
  it('are unknown inside a replaced region of another length', () => {
    expect([0, 1, 2, 3].map(lineMap('a\nb\nc\nd', 'a\nx\nd').line)).toEqual([0, undefined, undefined, 2]);
  });
  it('of a repeated line are counted once', () => {
    // All lines are alike: three kept from above, none from below, the fourth is the new one.
    expect([0, 1, 2].map(lineMap('x\nx\nx', 'x\nx\nx\nx').line)).toEqual([0, 1, 2]);
  });
  it('are found between two edits', () => {
    // A line before, and another at c: b and d are alike in both, C stands where c stood.
    const map = lineMap('a\nb\nc\nd', 'a\nx\nb\nC\nd!');
    expect([0, 1, 2, 3].map(map.line)).toEqual([0, 2, 3, 4]);
    expect([0, 1, 2, 3].map(map.same)).toEqual([true, true, false, false]);
  });
});
