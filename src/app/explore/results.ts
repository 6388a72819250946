/** Fetches precomputed results. They come with the page, so that they are trusted but for their version. */

import { fail } from '../../core/errors.ts';
import { RESULTS_VERSION, type StudyResults } from '../../studies/figures/results.ts';

/** Made by `npm run precompute`. */
export const embeddedResults = 'studies/embedded.json';

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
  const results = (await response.json()) as StudyResults;
  if (results.resultsVersion !== RESULTS_VERSION) {
    fail(
      'explore/version',
      `The precomputed study is of version ${results.resultsVersion}; this page shows version ${RESULTS_VERSION}.`,
      {
        hint: 'Make it again with npm run precompute.',
      },
    );
  }
  return results;
}
