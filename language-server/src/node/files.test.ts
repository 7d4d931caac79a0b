import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeFiles } from './files.ts';
import { loadSql } from './sql.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'journey-files-'));
  mkdirSync(join(folder, 'work/data'), { recursive: true });
  writeFileSync(join(folder, 'work/data/b.csv'), 'bb');
  writeFileSync(join(folder, 'work/data/a (1).csv'), 'a');
  writeFileSync(join(folder, 'beside.csv'), 'c');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('files on disk', () => {
  const files = () => nodeFiles(join(folder, 'work'));
  const paths = async (pattern: string) => (await files().list(pathToFileURL(join(folder, 'work')).href, pattern)).map(file => file.path);

  it('finds a file whose name looks like a glob', async () => expect(await paths('data/a (1).csv')).toEqual(['data/a (1).csv']));
  it('finds files by glob, in order of path', async () => expect(await paths('data/*.csv')).toEqual(['data/a (1).csv', 'data/b.csv']));
  it('goes up', async () => {
    expect(await paths('../beside.csv')).toEqual(['../beside.csv']);
    expect(await paths('../*.csv')).toEqual(['../beside.csv']);
  });
  it('takes a folder for no file', async () => expect(await paths('data')).toEqual([]));
  it('finds nothing for a document that is not on disk', async () => {
    expect(await files().list('untitled:Untitled-1', 'data/*.csv')).toEqual([]);
  });
  it('reads in pieces, and says what is wrong', async () => {
    const read = async (path: string) => {
      let size = 0;
      for await (const piece of files().read(pathToFileURL(join(folder, 'work', path)).href)) size += piece.length;
      return size;
    };
    expect(await read('data/b.csv')).toBe(2);
    await expect(read('data/none.csv')).rejects.toThrow('data/none.csv does not exist; look into data, or correct the path');
    await expect(read('data')).rejects.toThrow('data is a folder: name a file in it, or all of them as data/*');
  });
});

describe('sql.js', () => {
  it('starts without the network', async () => {
    const sql = await loadSql();
    expect(new sql.Database().exec('select 7 / 2')[0].values).toEqual([[3]]);
  });
});
