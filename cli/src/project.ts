import { createNodeProject, type NodeProject } from '@journey/language-server/node';

export type { NodeProject as Project } from '@journey/language-server/node';

/** The facade over the files of this machine; the editor asks the same one. */
export function openProject(cwd: string): NodeProject {
  return createNodeProject({ cwd });
}
