import { describe, expect, it } from 'vitest';
import { memoryFiles } from './memory.ts';

const read = async (pieces: AsyncIterable<Uint8Array>) => {
  let text = '';
  for await (const piece of pieces) text += new TextDecoder().decode(piece);
  return text;
};

describe('files in memory', () => {
  const files = memoryFiles({ 'shop/shop.journey': '', 'shop/data/b.csv': 'b', 'shop/data/a.csv': 'aa', 'shop/data/deep/c.csv': 'c' });
  const base = files.uri('shop');
  const paths = async (pattern: string) => (await files.list(base, pattern)).map(file => file.path);

  it('finds a file by its path', async () => expect(await paths('data/a.csv')).toEqual(['shop/data/a.csv']));
  it('finds files by glob, in order of path', async () => {
    expect(await paths('data/*.csv')).toEqual(['shop/data/a.csv', 'shop/data/b.csv']);
    expect(await paths('data/**/*.csv')).toEqual(['shop/data/a.csv', 'shop/data/b.csv', 'shop/data/deep/c.csv']);
  });
  it('goes up and down', async () => expect(await paths('../shop/data/b.csv')).toEqual(['shop/data/b.csv']));
  it('finds nothing where nothing is', async () => expect(await paths('data/*.json')).toEqual([]));
  it('reads what was written', async () => {
    const [file] = await files.list(base, 'data/a.csv');
    expect(file.size).toBe(2);
    expect(await read(files.read(file.uri))).toBe('aa');
  });
  it('says what is wrong with a file that is not there', async () => {
    await expect(read(files.read(files.uri('shop/none.csv')))).rejects.toThrow('shop/none.csv does not exist');
  });
  it('moves the time on with every change', async () => {
    const changing = memoryFiles({ 'a.csv': '1' });
    const [before] = await changing.list(changing.uri('.'), 'a.csv');
    changing.set('a.csv', '2');
    const [after] = await changing.list(changing.uri('.'), 'a.csv');
    expect(after.modified).toBeGreaterThan(before.modified);
    changing.set('a.csv', undefined);
    expect(await changing.list(changing.uri('.'), 'a.csv')).toEqual([]);
  });
});
