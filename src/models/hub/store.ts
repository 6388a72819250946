/** Where downloaded files are kept, seen by a download: OPFS in the browser (`opfs.ts`), memory in tests. */

/** A file open for writing. */
export interface FileWriter {
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export interface FileStore {
  /** Bytes of a file; 0 where there is none. */
  size(path: string): Promise<number>;
  /** Opens a file for writing behind its first `offset` bytes; what lies beyond is cut off. */
  append(path: string, offset: number): Promise<FileWriter>;
  read(path: string): Promise<Blob>;
  rename(path: string, to: string): Promise<void>;
  /** Deletes a file, or a folder with all it holds; nothing happens where there is none. */
  remove(path: string): Promise<void>;
  /** Names in a folder; a folder's end with a slash. */
  list(folder: string): Promise<string[]>;
}
