export { bindFile } from './bind/index.ts';
export { type CodeInfo, LANGUAGE_CODES, type LanguageCode } from './codes.ts';
export { withImports } from './language/imports.ts';
export { findingsOf } from './language/problems.ts';
export { createJourneyServices, type JourneyServices } from './language/services.ts';
export { type PreviewJson, toPreviewJson } from './project/preview-json.ts';
export { Project } from './project/project.ts';
export type * from './project/types.ts';
export { nearest } from './text/nearest.ts';
