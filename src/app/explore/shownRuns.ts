/** Finished runs and studies that are kept on this device, as Explore opens them. */

import { keptFiles, keptFolders } from '../../../workers/kept/client.ts';
import type { StudyResults } from '../../studies/figures/results.ts';
import { type RunRecord, readRecords } from '../../studies/runRecord.ts';
import { readAllResults } from './results.ts';

/** The results of one run, or of several on the same plane. @throws UserError where one is gone, or they cannot be compared */
export async function keptResults(ids: readonly string[]): Promise<StudyResults> {
  const store = keptFiles(keptFolders.results);
  const { combined } = await import('../../studies/figures/runResults.ts');
  return combined(await readAllResults(store, ids));
}

/** The newest first. */
export async function finishedRuns(): Promise<RunRecord[]> {
  const records = await readRecords(keptFiles(keptFolders.records));
  return records.filter(({ state }) => state === 'finished');
}
