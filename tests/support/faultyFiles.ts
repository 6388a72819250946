/** A file store whose n-th change fails, in one of several ways, as SQLite's tests have it; or stops for good, as a killed tab does. */

import type { FileStore, FileWriter } from '../../src/storage/files.ts';
import { storageFull } from '../../src/storage/files.ts';
import type { MemoryStore } from './memoryStore.ts';

export type FaultKind =
  /** The change is refused for want of room. */
  | 'full'
  /** A write takes the first half of its bytes and says nothing. */
  | 'short'
  /** The change is refused, by an error of no known kind. */
  | 'error'
  /** This change and all after it never happen: the page was killed. */
  | 'killed'
  /** Everything is gone just before the change: site data were cleared. */
  | 'cleared';

export class FaultyFiles implements FileStore {
  /** Changes so far: writes, renames, removals. */
  changes = 0;
  private dead = false;

  /** @param at the change that fails, counted from 0 */
  constructor(
    readonly inner: MemoryStore,
    private readonly at: number,
    private readonly kind: FaultKind,
  ) {}

  lasting = (): Promise<boolean> => this.inner.lasting();
  size = (path: string): Promise<number> => this.inner.size(path);
  open = (path: string): Promise<File | undefined> => this.inner.open(path);
  list = (folder: string): Promise<string[]> => this.inner.list(folder);
  beingWritten = (path: string): Promise<boolean> => this.inner.beingWritten(path);
  room = (): Promise<number> => this.inner.room();
  exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.inner.exclusively(name, work);
  }

  async append(path: string, offset: number): Promise<FileWriter> {
    this.change();
    const writer = await this.inner.append(path, offset);
    return {
      write: (bytes) => {
        const short = this.change();
        writer.write(short ? bytes.subarray(0, bytes.length >> 1) : bytes);
      },
      flush: () => writer.flush(),
      close: () => writer.close(),
    };
  }

  async rename(path: string, to: string): Promise<void> {
    this.change();
    await this.inner.rename(path, to);
  }

  async remove(path: string): Promise<void> {
    this.change();
    await this.inner.remove(path);
  }

  /** Counts a change; whether it is to be half done. */
  private change(): boolean {
    const hit = this.changes++ === this.at;
    if (this.dead || (hit && this.kind === 'killed')) {
      this.dead = true;
      throw new Error('killed');
    }
    if (!hit) return false;
    if (this.kind === 'cleared') this.inner.files.clear();
    if (this.kind === 'full') throw storageFull();
    if (this.kind === 'error') throw new DOMException('The state of the file changed.', 'InvalidStateError');
    return this.kind === 'short';
  }
}
