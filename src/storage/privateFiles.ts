/** The origin's private file system as a file store. Reading works anywhere, writing in workers, where files can be written in place. */

import { type FileStore, type FileWriter, storageFull } from './files.ts';

/**
 * The root of the private file system; undefined where there is none, where it is refused (private windows, embedded pages), or where its
 * files cannot be renamed.
 */
export async function privateRoot(): Promise<FileSystemDirectoryHandle | undefined> {
  try {
    const root = await navigator.storage.getDirectory();
    if (typeof FileSystemFileHandle !== 'function' || !('move' in FileSystemFileHandle.prototype)) return undefined;
    // Some hand out a root in which nothing can be made.
    const probe = `.probe-${crypto.randomUUID()}`;
    await root.getFileHandle(probe, { create: true });
    await root.removeEntry(probe);
    return root;
  } catch {
    return undefined;
  }
}

export function privateFiles(root: FileSystemDirectoryHandle): FileStore {
  const folderOf = async (path: string, create: boolean): Promise<FileSystemDirectoryHandle | undefined> => {
    let folder: FileSystemDirectoryHandle | undefined = root;
    for (const name of path.split('/').slice(0, -1)) {
      folder = await folder?.getDirectoryHandle(name, { create }).catch(ignoreMissing);
    }
    return folder;
  };
  const fileAt = async (path: string): Promise<FileSystemFileHandle | undefined> =>
    (await folderOf(path, false))?.getFileHandle(nameOf(path)).catch(ignoreMissing);
  const files: FileStore = {
    lasting: async () => true,
    size: async (path) => (await files.open(path))?.size ?? 0,
    async append(path, offset) {
      const folder = (await folderOf(path, true)) ?? root;
      const handle = await folder.getFileHandle(nameOf(path), { create: true });
      const access = await handle.createSyncAccessHandle();
      try {
        access.truncate(offset);
      } catch (caught) {
        access.close();
        throw caught;
      }
      return new AccessWriter(access, offset);
    },
    open: async (path) => (await fileAt(path))?.getFile().catch(ignoreMissing),
    async rename(path, to) {
      const [handle, folder] = [await fileAt(path), await folderOf(to, true)];
      if (!handle || !folder || !isMovable(handle))
        throw new DOMException(`There is no file ${path}.`, 'NotFoundError');
      await handle.move(folder, nameOf(to));
    },
    async remove(path) {
      const folder = await folderOf(path, false);
      await folder?.removeEntry(nameOf(path), { recursive: true }).catch(ignoreMissing);
    },
    async list(path) {
      const folder = await folderOf(`${path}/x`, false);
      const names: string[] = [];
      if (folder)
        for await (const [name, { kind }] of folder.entries()) names.push(kind === 'file' ? name : `${name}/`);
      return names;
    },
    async beingWritten(path) {
      // Only one may hold a file's writing end: whoever gets it sees that nobody else does.
      try {
        (await (await fileAt(path))?.createSyncAccessHandle())?.close();
        return false;
      } catch {
        return true;
      }
    },
    async room() {
      const { quota, usage } = await navigator.storage.estimate();
      return quota === undefined ? Number.POSITIVE_INFINITY : quota - (usage ?? 0);
    },
    async exclusively(name, work) {
      // Without locks two tabs may both work: what they write has names of their own until it is whole.
      return navigator.locks ? navigator.locks.request(`files/${name}`, work) : work();
    },
  };
  return files;
}

class AccessWriter implements FileWriter {
  constructor(
    private readonly access: FileSystemSyncAccessHandle,
    private at: number,
  ) {}

  write(bytes: Uint8Array): void {
    // At quota, Chromium tells 4294967288 written bytes in private windows: only the very number counts.
    const written = this.access.write(bytes as Uint8Array<ArrayBuffer>, { at: this.at });
    if (written !== bytes.length) {
      this.access.truncate(this.at);
      throw storageFull();
    }
    this.at += written;
  }

  flush(): void {
    this.access.flush();
  }

  async close(): Promise<void> {
    try {
      this.access.flush();
      if (this.access.getSize() !== this.at) throw storageFull();
    } finally {
      this.access.close();
    }
  }
}

/** Known to every browser with a private file system, but not to the type library. */
interface Movable {
  move(folder: FileSystemDirectoryHandle, name: string): Promise<void>;
}

function isMovable(handle: FileSystemFileHandle): handle is FileSystemFileHandle & Movable {
  return 'move' in handle && typeof handle.move === 'function';
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function ignoreMissing(caught: unknown): undefined {
  if (caught instanceof DOMException && caught.name === 'NotFoundError') return undefined;
  throw caught;
}
