/** The origin private file system as a file store; for workers, where files can be written in place. */

import type { FileStore, FileWriter } from './store.ts';

export function openOpfs(): FileStore {
  return {
    async size(path) {
      const handle = await fileAt(path, false);
      return handle ? (await handle.getFile()).size : 0;
    },
    async append(path, offset) {
      const handle = (await fileAt(path, true))!;
      const access = await handle.createSyncAccessHandle();
      access.truncate(offset);
      return new AccessWriter(access, offset);
    },
    async read(path) {
      const handle = await fileAt(path, false);
      return handle ? handle.getFile() : new Blob();
    },
    async rename(path, to) {
      const handle = await fileAt(path, false);
      const folder = await folderOf(to, true);
      await (handle as (FileSystemFileHandle & Movable) | undefined)?.move(folder!, nameOf(to));
    },
    async remove(path) {
      const folder = await folderOf(path, false);
      await folder?.removeEntry(nameOf(path), { recursive: true }).catch(ignoreAbsent);
    },
    async list(path) {
      const folder = await folderOf(`${path}/x`, false);
      const names: string[] = [];
      if (folder)
        for await (const [name, { kind }] of folder.entries()) names.push(kind === 'file' ? name : `${name}/`);
      return names;
    },
  };
}

class AccessWriter implements FileWriter {
  constructor(
    private readonly access: FileSystemSyncAccessHandle,
    private at: number,
  ) {}

  async write(bytes: Uint8Array): Promise<void> {
    const written = this.access.write(bytes as Uint8Array<ArrayBuffer>, { at: this.at });
    this.at += written;
    if (written < bytes.length) throw new DOMException('The storage is full.', 'QuotaExceededError');
  }

  async close(): Promise<void> {
    this.access.flush();
    this.access.close();
  }
}

/** Not in TypeScript's library yet. */
interface Movable {
  move(folder: FileSystemDirectoryHandle, name: string): Promise<void>;
}

async function folderOf(path: string, create: boolean): Promise<FileSystemDirectoryHandle | undefined> {
  let folder: FileSystemDirectoryHandle | undefined = await navigator.storage.getDirectory();
  for (const name of path.split('/').slice(0, -1)) {
    folder = await folder?.getDirectoryHandle(name, { create }).catch(ignoreAbsent);
  }
  return folder;
}

async function fileAt(path: string, create: boolean): Promise<FileSystemFileHandle | undefined> {
  const folder = await folderOf(path, create);
  return folder?.getFileHandle(nameOf(path), { create }).catch(ignoreAbsent);
}

function nameOf(path: string): string {
  return path.split('/').at(-1)!;
}

function ignoreAbsent(caught: unknown): undefined {
  if (caught instanceof DOMException && caught.name === 'NotFoundError') return undefined;
  throw caught;
}
