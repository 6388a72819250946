/** Files that a user dragged onto the page; folders are walked, in the order of their names. */

/** A file and where it lay: several files of one drop may share their name. */
export interface DroppedFile {
  /** Path below what was dropped, where the browser tells it; otherwise the file's name. */
  readonly path: string;
  readonly file: File;
}

/** Files of two drops together; one that was dropped before counts once. Files of one name may still be different ones. */
export function mergeFiles(before: readonly DroppedFile[], added: readonly DroppedFile[]): DroppedFile[] {
  const identity = ({ path, file }: DroppedFile): string => `${file.size}/${file.lastModified}/${path}`;
  return [...new Map([...before, ...added].map((each) => [identity(each), each])).values()];
}

/** Takes every file dropped anywhere on the page (the browser would leave the page for it otherwise). Returns how to stop. */
export function listenForDrops(onFiles: (files: readonly DroppedFile[]) => void): () => void {
  const allow = (event: DragEvent): void => event.preventDefault();
  const take = async (event: DragEvent): Promise<void> => {
    event.preventDefault();
    const files = event.dataTransfer ? await collectFiles(event.dataTransfer) : [];
    if (files.length > 0) onFiles(files);
  };
  const drop = (event: DragEvent): void => void take(event);
  window.addEventListener('dragover', allow);
  window.addEventListener('drop', drop);
  return () => {
    window.removeEventListener('dragover', allow);
    window.removeEventListener('drop', drop);
  };
}

/** Entries have to be taken during the event: the list is empty afterwards. */
async function collectFiles(transfer: DataTransfer): Promise<DroppedFile[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const plain = [...transfer.files];
  if (entries.length === 0) return plain.map((file) => ({ path: file.name, file }));
  const walked = await Promise.all(entries.map(walk));
  return walked.flat();
}

async function walk(entry: FileSystemEntry): Promise<DroppedFile[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ path: entry.fullPath.replace(/^\//, ''), file }];
  }
  if (!isFolder(entry)) return [];
  const inner = await readFolder(entry.createReader());
  inner.sort((a, b) => a.name.localeCompare(b.name));
  const walked = await Promise.all(inner.map(walk));
  return walked.flat();
}

/** A folder's reader hands out its entries in batches, and an empty batch at the end. */
async function readFolder(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const all: FileSystemEntry[] = [];
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return all;
    all.push(...batch);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
