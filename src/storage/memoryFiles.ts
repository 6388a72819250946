/** Files in the memory of the page, where nothing can be kept: one store for the page and all of its workers, gone when the page is closed. */

import type { FileStore, FileWriter } from './files.ts';

/** What holds the files: the page itself, or, for a worker, the page at the other end of a port. */
export interface MemoryHost {
  get(path: string): Promise<Blob | undefined>;
  set(path: string, content: Blob): Promise<void>;
  rename(path: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** All paths below a folder; of everything for an empty one. */
  paths(folder: string): Promise<readonly string[]>;
}

/** @param onChange is called after every change */
export function memoryHost(onChange: () => void = () => {}): MemoryHost {
  const files = new Map<string, Blob>();
  return {
    get: async (path) => files.get(path),
    async set(path, content) {
      files.set(path, content);
      onChange();
    },
    async rename(path, to) {
      const content = files.get(path);
      if (!content) throw new DOMException(`There is no file ${path}.`, 'NotFoundError');
      files.delete(path);
      files.set(to, content);
      onChange();
    },
    async remove(path) {
      for (const each of [...files.keys()]) if (each === path || each.startsWith(`${path}/`)) files.delete(each);
      onChange();
    },
    paths: async (folder) => [...files.keys()].filter((path) => folder === '' || path.startsWith(`${folder}/`)),
  };
}

/** @param host of the page; across a port, each call is a message */
export function memoryFiles(host: MemoryHost): FileStore {
  const open = new Set<string>();
  const turns = new Map<string, Promise<unknown>>();
  const get = async (path: string): Promise<Blob | undefined> => host.get(path);
  return {
    lasting: async () => false,
    size: async (path) => (await get(path))?.size ?? 0,
    async append(path, offset) {
      const before = (await get(path))?.slice(0, offset) ?? new Blob();
      open.add(path);
      return new MemoryWriter(before, async (content) => {
        open.delete(path);
        await host.set(path, content);
      });
    },
    async open(path) {
      const content = await get(path);
      const lastModified = content instanceof File ? content.lastModified : Date.now();
      return content && new File([content], path.slice(path.lastIndexOf('/') + 1), { lastModified });
    },
    rename: async (path, to) => host.rename(path, to),
    remove: async (path) => host.remove(path),
    async list(folder) {
      const inner = (await host.paths(folder)).map((path) => path.slice(folder.length + 1).replace(/\/.*/, '/'));
      return [...new Set(inner)];
    },
    beingWritten: async (path) => open.has(path),
    room: async () => Number.POSITIVE_INFINITY,
    async exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
      const mine = (turns.get(name) ?? Promise.resolve()).then(work, work);
      turns.set(
        name,
        mine.catch(() => {}),
      );
      return mine;
    },
  };
}

class MemoryWriter implements FileWriter {
  private readonly parts: (Blob | Uint8Array<ArrayBuffer>)[];

  constructor(
    before: Blob,
    private readonly done: (content: File) => Promise<void>,
  ) {
    this.parts = [before];
  }

  write(bytes: Uint8Array): void {
    this.parts.push(bytes.slice());
  }

  flush(): void {}

  close(): Promise<void> {
    return this.done(new File(this.parts, ''));
  }
}
