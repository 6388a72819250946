/** Finished runs and studies that are kept on this device, as Explore opens them. */

import type { StudyResults } from '../../studies/figures/results.ts';
import { type RunRecord, readRecord } from '../../studies/runRecord.ts';
import { keptFiles, keptFolders } from '../engine/keptFiles.ts';
import { readResults } from './results.ts';

/** The results of one run, or of several on the same plane. @throws UserError where one is gone, or they cannot be compared */
export async function keptResults(ids: readonly string[]): Promise<StudyResults> {
  const store = keptFiles(keptFolders.results);
  const { combined } = await import('../../studies/figures/runResults.ts');
  return combined(await Promise.all(ids.map(async (id) => readResults(await store.get(id)))));
}

/** The newest first. */
export async function finishedRuns(): Promise<RunRecord[]> {
  const store = keptFiles(keptFolders.records);
  const records = await Promise.all((await store.keys()).map(async (key) => readRecord(await store.get(key))));
  return records
    .filter((record) => record !== undefined)
    .filter(({ state }) => state === 'finished')
    .sort((a, b) => (a.id < b.id ? 1 : -1));
}
