/**
 * Bundles all that ships: the extension (extension/dist) and the command (cli/dist).
 *
 * usage: node scripts/build.ts [--minify]
 */
import { join } from 'node:path';
import { bundleCli, bundleExtension } from './bundle.ts';

const root = join(import.meta.dirname, '..');
const minify = process.argv.includes('--minify');
await Promise.all([bundleExtension(join(root, 'extension/dist'), minify), bundleCli(join(root, 'cli/dist'), minify)]);
