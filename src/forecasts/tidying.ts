/**
 * Keeps the folder of finished forecasts below a bound: those that were used longest ago go first, and none while a run is under way anywhere.
 * Beside the folder lie `<folder>.uses` (JSON: by key, when it was last used and its bytes) and `<folder>.limit` (the bound, in bytes).
 */

import { type FileStore, readBytes, UNFINISHED, writeWhole } from '../storage/files.ts';
import { ifUnused } from '../storage/inUse.ts';

/** A few dozen runs of the size that a laptop does. */
export const DEFAULT_LIMIT_BYTES = 2e9;
/** What is being written for longer than this was left behind by a tab that closed. */
const ABANDONED_MS = 3_600_000;

/** [last used in milliseconds since the Unix epoch, bytes] */
type Use = readonly [number, number];

export interface Tidied {
  readonly removed: number;
  /** Bytes that are left. */
  readonly bytes: number;
}

/** The most bytes that may lie in a folder; infinite where there is no bound. */
export async function forecastLimit(files: FileStore, folder: string): Promise<number> {
  const text = new TextDecoder().decode(await readBytes(files, `${folder}.limit`));
  if (text === 'none') return Number.POSITIVE_INFINITY;
  const bytes = Number.parseInt(text, 10);
  return bytes >= 0 ? bytes : DEFAULT_LIMIT_BYTES;
}

export async function setForecastLimit(files: FileStore, folder: string, bytes: number): Promise<void> {
  const text = Number.isFinite(bytes) ? String(Math.round(bytes)) : 'none';
  await writeWhole(files, `${folder}.limit`, [new TextEncoder().encode(text)]);
}

/** Notes what a run used. */
export function noteUse(files: FileStore, folder: string, keys: Iterable<string>, nowMs = Date.now()): Promise<void> {
  return files.exclusively(`${folder}.uses`, async () => {
    const uses = await readUses(files, folder);
    for (const key of keys) uses.set(key, [nowMs, await files.size(`${folder}/${key}`)]);
    await writeUses(files, folder, uses);
  });
}

/** Makes the folder as small as its bound; undefined where a run is under way, so that nothing was removed. */
export function tidy(files: FileStore, folder: string, nowMs = Date.now()): Promise<Tidied | undefined> {
  return ifUnused(folder, () => files.exclusively(`${folder}.uses`, () => tidyNow(files, folder, nowMs)));
}

async function tidyNow(files: FileStore, folder: string, nowMs: number): Promise<Tidied> {
  const known = await readUses(files, folder);
  const uses = new Map<string, Use>();
  for (const key of await files.list(folder)) {
    if (key.endsWith('/')) continue;
    const use = known.get(key) ?? (await foundUse(files, `${folder}/${key}`));
    if (!use) continue;
    if (!key.endsWith(UNFINISHED)) uses.set(key, use);
    else if (nowMs - use[0] > ABANDONED_MS) await files.remove(`${folder}/${key}`);
  }
  const limit = await forecastLimit(files, folder);
  let bytes = [...uses.values()].reduce((sum, use) => sum + use[1], 0);
  let removed = 0;
  for (const [key, [, usedBytes]] of [...uses].sort(([, a], [, b]) => a[0] - b[0])) {
    if (bytes <= limit) break;
    await files.remove(`${folder}/${key}`);
    uses.delete(key);
    bytes -= usedBytes;
    removed++;
  }
  await writeUses(files, folder, uses);
  return { removed, bytes };
}

/** Of a file that no run has noted: an earlier version wrote it, or a tab that closed. */
async function foundUse(files: FileStore, path: string): Promise<Use | undefined> {
  const file = await files.open(path);
  return file && [file.lastModified, file.size];
}

async function readUses(files: FileStore, folder: string): Promise<Map<string, Use>> {
  try {
    const listed: unknown = JSON.parse(new TextDecoder().decode(await readBytes(files, `${folder}.uses`)));
    return new Map(Array.isArray(listed) ? listed.filter(isEntry) : []);
  } catch {
    // Damaged or not there: the files say when they were written.
    return new Map();
  }
}

function isEntry(each: unknown): each is [string, Use] {
  if (!Array.isArray(each) || typeof each[0] !== 'string' || !Array.isArray(each[1])) return false;
  return each[1].length === 2 && each[1].every((number) => Number.isFinite(number));
}

function writeUses(files: FileStore, folder: string, uses: ReadonlyMap<string, Use>): Promise<void> {
  return writeWhole(files, `${folder}.uses`, [new TextEncoder().encode(JSON.stringify([...uses]))]);
}
