/** The first bytes by which files are told that are no text: those that can be read, and those that can only be named. */

/** Whether a content begins with these characters, each of which stands for one byte. */
export function startsWith(bytes: Uint8Array, signature: string): boolean {
  for (let i = 0; i < signature.length; i++) if (bytes[i] !== signature.charCodeAt(i)) return false;
  return true;
}

const UNREADABLE = [
  ['FEA1', 'Feather version 1'],
  ['7z\xbc\xaf', '7-Zip'],
  ['Rar!', 'RAR'],
  ['BZh', 'bzip2'],
  ['\xfd7zXZ', 'xz'],
  ['\x89HDF', 'HDF5'],
  ['SQLite format 3', 'SQLite'],
  ['\xff\xfe', 'UTF-16 text'],
  ['\xfe\xff', 'UTF-16 text'],
] as const;

/** What people would call a binary file that is not read; `undefined` where it is not known. */
export function nameOfBinary(bytes: Uint8Array): string | undefined {
  return UNREADABLE.find(([signature]) => startsWith(bytes, signature))?.[1];
}
