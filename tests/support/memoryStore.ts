/** A file store in memory that can be looked into, with as little room as a test wants. */

import { type FileStore, storageFull } from '../../src/storage/files.ts';

export class MemoryStore implements FileStore {
  readonly files = new Map<string, Uint8Array>();
  private readonly open_ = new Set<string>();
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(public quota = Number.POSITIVE_INFINITY) {}

  async lasting(): Promise<boolean> {
    return true;
  }

  async size(path: string): Promise<number> {
    return this.files.get(path)?.length ?? 0;
  }

  async append(path: string, offset: number) {
    this.files.set(path, (this.files.get(path) ?? new Uint8Array()).slice(0, offset));
    this.open_.add(path);
    return {
      write: (bytes: Uint8Array): void => {
        const before = this.files.get(path)!;
        if (this.used() + bytes.length > this.quota) throw storageFull();
        const whole = new Uint8Array(before.length + bytes.length);
        whole.set(before);
        whole.set(bytes, before.length);
        this.files.set(path, whole);
      },
      flush: (): void => {},
      close: async (): Promise<void> => void this.open_.delete(path),
    };
  }

  async open(path: string): Promise<File | undefined> {
    const bytes = this.files.get(path);
    return bytes && new File([bytes as Uint8Array<ArrayBuffer>], path.slice(path.lastIndexOf('/') + 1));
  }

  async rename(path: string, to: string): Promise<void> {
    const bytes = this.files.get(path);
    if (!bytes) throw new DOMException(`There is no file ${path}.`, 'NotFoundError');
    this.files.set(to, bytes);
    this.files.delete(path);
  }

  async remove(path: string): Promise<void> {
    for (const name of this.files.keys()) if (name === path || name.startsWith(`${path}/`)) this.files.delete(name);
  }

  async list(folder: string): Promise<string[]> {
    const inner = [...this.files.keys()].filter((name) => name.startsWith(`${folder}/`));
    const names = inner.map((name) => name.slice(folder.length + 1).replace(/\/.*/, '/'));
    return [...new Set(names)];
  }

  async beingWritten(path: string): Promise<boolean> {
    return this.open_.has(path);
  }

  async room(): Promise<number> {
    return this.quota - this.used();
  }

  exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
    const mine = (this.turns.get(name) ?? Promise.resolve()).then(work, work);
    this.turns.set(
      name,
      mine.catch(() => {}),
    );
    return mine;
  }

  private used(): number {
    return [...this.files.values()].reduce((sum, file) => sum + file.length, 0);
  }
}
