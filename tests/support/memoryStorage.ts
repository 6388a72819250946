/** A storage in memory that can be filled, slowed down and damaged, for tests of the cache. */

import type { CacheStorage } from '../../src/quotes/cache/storage.ts';

export class MemoryStorage implements CacheStorage {
  readonly files = new Map<string, File>();
  /** Bytes the storage holds at most, and what it claims to hold. */
  quota = Number.POSITIVE_INFINITY;
  claimedQuota: number | undefined;
  private clockMs = Date.now();
  private readonly locks = new Map<string, Promise<unknown>>();

  private get used(): number {
    return [...this.files.values()].reduce((sum, { size }) => sum + size, 0);
  }

  async names(): Promise<readonly string[]> {
    return [...this.files.keys()];
  }

  async open(name: string): Promise<File | undefined> {
    return this.files.get(name);
  }

  async write(name: string, parts: readonly Uint8Array[]): Promise<void> {
    const file = new File(
      parts.map((part) => new Uint8Array(part)),
      name,
      { lastModified: this.clockMs++ },
    );
    // As a real one does, it leaves behind what it could write.
    const fits = this.used + file.size <= this.quota;
    this.files.set(name, fits ? file : new File([], name, { lastModified: this.clockMs }));
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (!fits) throw new DOMException('full', 'QuotaExceededError');
  }

  async rename(from: string, to: string): Promise<void> {
    const file = this.files.get(from);
    if (!file) throw new DOMException('gone', 'NotFoundError');
    this.files.delete(from);
    this.files.set(to, file);
  }

  async remove(name: string): Promise<void> {
    this.files.delete(name);
  }

  async room(): Promise<number> {
    return (this.claimedQuota ?? this.quota) - this.used;
  }

  async exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.locks.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.locks.set(
      name,
      mine.catch(() => {}),
    );
    return mine;
  }

  /** Changes one byte of a file, counted from its end where `at` is negative. */
  async damage(name: string, at: number): Promise<void> {
    const file = this.files.get(name);
    if (!file) throw new RangeError(`no file ${name}`);
    const bytes = new Uint8Array(await file.arrayBuffer());
    bytes[at < 0 ? bytes.length + at : at]! ^= 0x10;
    this.files.set(name, new File([bytes], name, { lastModified: file.lastModified }));
  }
}
