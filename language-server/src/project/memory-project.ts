/** The facade over files in memory: definitions and samples alike. */
import type { EngineApi } from '@journey/engine';
import { EmptyFileSystemProvider, type URI } from 'langium';
import { createJourneyServices } from '../language/services.ts';
import type { MemoryFiles } from './memory.ts';
import { Project } from './project.ts';

/**
 * @param files definitions and sample files; what is set later is seen after `setText(uri, undefined)` and `engine.filesChanged()`
 * @param engine over the same files
 */
export function createMemoryProject(files: MemoryFiles, engine: EngineApi): Project {
  return new Project(createJourneyServices({ fileSystemProvider: () => new MemoryFileSystem(files) }), { files, engine });
}

class MemoryFileSystem extends EmptyFileSystemProvider {
  private readonly files: MemoryFiles;

  constructor(files: MemoryFiles) {
    super();
    this.files = files;
  }

  override async exists(uri?: URI): Promise<boolean> {
    return uri !== undefined && this.files.text(uri.toString()) !== undefined;
  }

  override async readFile(uri?: URI): Promise<string> {
    const text = uri && this.files.text(uri.toString());
    if (text === undefined) throw new Error(`There is no file ${uri?.path}`);
    return text;
  }

  override async stat(uri: URI): Promise<{ isFile: boolean; isDirectory: boolean; uri: URI }> {
    await this.readFile(uri);
    return { isFile: true, isDirectory: false, uri };
  }
}
