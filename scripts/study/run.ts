/** One study from a manifest to results: jobs in the browser, figures here. Used by `npm run study`, `npm run precompute` and a test. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { fail, UserError } from '../../src/core/errors.ts';
import type { JobStore } from '../../src/forecasts/jobStore.ts';
import { directBacktester } from '../../src/marketLine/backtester.ts';
import { readQuoteFiles } from '../../src/quotes/import.ts';
import { assembleStudy } from '../../src/studies/figures/assemble.ts';
import type { StudyResults } from '../../src/studies/figures/results.ts';
import { resolveStudy } from '../../src/studies/machine/environment.ts';
import { checkStudyManifest, type StudyManifest } from '../../src/studies/machine/studyManifest.ts';
import { runInBrowser } from './headless.ts';

export interface StudyRun {
  readonly manifest: StudyManifest;
  /** Folder of the manifest. */
  readonly folder: string;
  readonly store: JobStore;
  readonly shard: { readonly index: number; readonly count: number };
  readonly repair: boolean;
}

/** Reads and checks a manifest; prints what was repaired. @throws UserError with all that differs */
export function readManifest(path: string, repair: boolean): StudyManifest {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (caught) {
    return fail(
      'study/manifest',
      `The manifest cannot be read: ${caught instanceof Error ? caught.message : caught}.`,
      { where: path },
    );
  }
  const check = checkStudyManifest(json, repair);
  for (const { where, message } of check.differences) console.error(`${where}: ${message}`);
  if (check.kind === 'refused') {
    throw new UserError({ ...check.problem, hint: 'Mend the manifest, or let it be repaired with --repair.' });
  }
  return check.manifest;
}

/** Undefined where only a shard was run and jobs of others are still missing. */
export async function runStudy(browser: Browser, address: string, run: StudyRun): Promise<StudyResults | undefined> {
  const { manifest, folder, store, shard, repair } = run;
  let said = 0;
  const answer = await runInBrowser(
    browser,
    address,
    { manifest, shard, repair },
    store,
    folder,
    ({ stage, done, total, secondsLeft }) => {
      if (performance.now() - said < 5000 && done < total) return;
      said = performance.now();
      console.log(`${done}/${total} jobs, about ${Math.ceil(secondsLeft)} s left: ${stage}`);
    },
  );
  if (answer.kind === 'failed') throw new UserError(answer.problem);
  const study = await resolveStudy(
    manifest,
    {
      open: async ({ name }) => {
        const card = answer.cards[name];
        return card ? { card } : fail('study/no-model', 'is missing');
      },
      readFiles: async (paths) =>
        (
          await readQuoteFiles(
            paths.map((path) => ({ name: path, bytes: new Uint8Array(readFileSync(join(folder, path))) })),
          )
        ).series,
    },
    repair,
  );
  try {
    return await assembleStudy(study, {
      provider: answer.provider,
      store,
      backtester: directBacktester,
      device: answer.device,
      onFigure: (kind) => console.log(`Putting together: ${kind}`),
    });
  } catch (caught) {
    if (caught instanceof UserError && caught.problem.code === 'study/unfinished' && shard.count > 1) return undefined;
    throw caught;
  }
}
