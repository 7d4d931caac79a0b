/** The command line in this very process, over folders of its own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { run } from '../../cli/src/program.ts';
import type { openProject, Project } from '../../cli/src/project.ts';
import { COLORLESS, type Terminal } from '../../cli/src/terminal.ts';
import { MARK } from './sample.ts';

// A folder's calls share a project, as an editor's questions do: what was read stays read.
vi.mock('../../cli/src/project.ts', async importOriginal => {
  const own = await importOriginal<{ openProject: typeof openProject }>();
  return {
    openProject(cwd: string): Project {
      const project = projects.get(cwd) ?? own.openProject(cwd);
      projects.set(cwd, project);
      return Object.assign(Object.create(project), { dispose: () => {} });
    },
  };
});
const projects = vi.hoisted(() => new Map<string, Project>());

const folders: string[] = [];

export function folderOf(files: Record<string, string | Uint8Array>): string {
  const folder = mkdtempSync(join(tmpdir(), 'journey-privacy-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) {
    projects.get(folder)?.dispose();
    rmSync(folder, { recursive: true });
  }
}

export interface Called {
  code: number;
  /** Whatever was printed, on either output, and what progress would show. */
  text: string;
  out: string;
}

export async function call(cwd: string, ...args: string[]): Promise<Called> {
  let text = '';
  let out = '';
  const say = (more: string) => {
    text += more;
  };
  const terminal: Terminal = {
    out: more => {
      out += more;
      say(more);
    },
    err: say,
    cwd,
    interactive: false,
    style: { colors: COLORLESS, width: 200, pictures: true },
    errColors: COLORLESS,
    progress: () => ({ show: (file, step) => say(`${file} ${JSON.stringify(step ?? {})}\n`), done: () => {} }),
  };
  return { code: await run(args, terminal), text, out };
}

/** The lines that tell what they mustn't. */
export const leaks = (text: string): string[] => text.split('\n').filter(line => MARK.test(line));

/** Ids as somebody who knows the person might type them, right and almost right. */
export const IDS = [
  'u1',
  'user:u2',
  'u11',
  'zq7x.1@mail.example',
  'email:zq7x.2@mail.example',
  'zq7x.9@mail.example',
  'email:zq7x.1@mail.exampl',
  'email no. 1',
];
