/** Precomputed results, fetched, and those kept on this device. Both were written by this program, so that they are trusted but for their version. */

import { fail, UserError } from '../../core/errors.ts';
import type { JobStore } from '../../forecasts/jobStore.ts';
import { RESULTS_VERSION, type StudyResults } from '../../studies/figures/results.ts';
import { upgradeResults } from '../../studies/upgrade.ts';

/** Made by `npm run precompute`. */
const embeddedResults = 'studies/embedded.json';

export async function fetchResults(path = embeddedResults): Promise<StudyResults> {
  const response = await fetch(new URL(path, document.baseURI)).catch((caught: unknown) =>
    fail('explore/unreachable', `The precomputed study could not be fetched: ${String(caught)}.`, {
      hint: 'Reload the page, or run a study in the Lab.',
    }),
  );
  if (!response.ok || response.headers.get('content-type')?.includes('text/html')) {
    fail('explore/absent', 'No precomputed study is served with this page.', {
      hint: 'Run one with npm run precompute, or use the Lab.',
    });
  }
  return checked(await response.json(), 'Make it again with npm run precompute.');
}

/** Results as they are kept on this device and saved to files. */
export function writeResults(results: StudyResults): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(results));
}

/** @throws UserError where they are gone, damaged or of another version */
function readResults(bytes: Uint8Array | undefined): StudyResults {
  if (!bytes) {
    fail('explore/absent', 'The results of this run are not on this device.', {
      hint: 'They may have been removed, or the link is of another device. Run it in the Lab.',
    });
  }
  const again = 'Run it again in the Lab: forecasts that are kept need not be made again.';
  try {
    return checked(JSON.parse(new TextDecoder().decode(bytes)), again);
  } catch (caught) {
    if (caught instanceof UserError) throw caught;
    return fail('explore/damaged', 'The kept results of this run are damaged.', { hint: again });
  }
}

/** Those of several runs. @throws UserError as `readResults` */
export function readAllResults(store: Pick<JobStore, 'get'>, ids: readonly string[]): Promise<StudyResults[]> {
  return Promise.all(ids.map(async (id) => readResults(await store.get(id))));
}

function checked(given: unknown, hint: string): StudyResults {
  const results = upgradeResults(given) as StudyResults;
  if (results.resultsVersion === RESULTS_VERSION) return results;
  return fail(
    'explore/version',
    `These results are of version ${results.resultsVersion}; this page shows version ${RESULTS_VERSION}.`,
    { hint },
  );
}
