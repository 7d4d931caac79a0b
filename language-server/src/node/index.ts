/** The facade and its adapters for node. */

export { type PreviewJson, toPreviewJson } from '../project/preview-json.ts';
export { Project } from '../project/project.ts';
export type * from '../project/types.ts';
export { startStdioServer } from '../server/stdio.ts';
export { nodeFiles } from './files.ts';
export { createNodeProject, type NodeProject, type NodeProjectOptions } from './project.ts';
export { loadSql } from './sql.ts';
