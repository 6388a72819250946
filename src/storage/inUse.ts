/** Whether a folder is needed by something that is under way, in any tab or worker: what only looks like rubbish must not be swept up then. */

/** Locally, where the browser has no locks. */
const holders = new Map<string, number>();

/** Runs `work` while the folder counts as in use. */
export async function whileInUse<T>(folder: string, work: () => Promise<T>): Promise<T> {
  if (locks()) return locks()!.request(nameOf(folder), { mode: 'shared' }, work);
  holders.set(folder, (holders.get(folder) ?? 0) + 1);
  try {
    return await work();
  } finally {
    holders.set(folder, (holders.get(folder) ?? 1) - 1);
  }
}

/** Runs `work` if nothing uses the folder, and lets nothing begin to meanwhile; undefined where something does. */
export async function ifUnused<T>(folder: string, work: () => Promise<T>): Promise<T | undefined> {
  if (!locks()) return (holders.get(folder) ?? 0) > 0 ? undefined : work();
  return locks()!.request(nameOf(folder), { ifAvailable: true }, async (lock) => (lock ? work() : undefined));
}

function nameOf(folder: string): string {
  return `in use: ${folder}`;
}

function locks(): LockManager | undefined {
  return typeof navigator === 'undefined' ? undefined : navigator.locks;
}
