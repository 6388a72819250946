/** A file store in memory, with as little room as a test wants. */

import type { FileStore } from '../../src/models/hub/store.ts';

export class MemoryStore implements FileStore {
  readonly files = new Map<string, Uint8Array>();

  constructor(private readonly room = Number.POSITIVE_INFINITY) {}

  async size(path: string): Promise<number> {
    return this.files.get(path)?.length ?? 0;
  }

  async append(path: string, offset: number) {
    this.files.set(path, (this.files.get(path) ?? new Uint8Array()).slice(0, offset));
    return {
      write: async (bytes: Uint8Array): Promise<void> => {
        const before = this.files.get(path)!;
        const used = [...this.files.values()].reduce((sum, file) => sum + file.length, 0);
        if (used + bytes.length > this.room) throw new DOMException('full', 'QuotaExceededError');
        const whole = new Uint8Array(before.length + bytes.length);
        whole.set(before);
        whole.set(bytes, before.length);
        this.files.set(path, whole);
      },
      close: async (): Promise<void> => {},
    };
  }

  async read(path: string): Promise<Blob> {
    return new Blob([(this.files.get(path) ?? new Uint8Array()) as Uint8Array<ArrayBuffer>]);
  }

  async rename(path: string, to: string): Promise<void> {
    this.files.set(to, this.files.get(path)!);
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
}
