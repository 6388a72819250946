/** Forecasts of whole grids out of the results of finished jobs, wherever they were computed. */

import { fail } from '../../core/errors.ts';
import { emptyForecasts, putRows } from '../../forecasts/forecastRows.ts';
import type { JobStore } from '../../forecasts/jobStore.ts';
import { tickRange } from '../../forecasts/sessionParts.ts';
import type { ResolvedStudy } from './environment.ts';
import { unpackJob } from './jobResult.ts';
import { type ForecastJob, wantedKey } from './jobs.ts';
import { gridsOfJob } from './runJobs.ts';
import type { Gather, Gathered, GatherRequest } from './wanted.ts';

/**
 * @param jobs all of the study, as every shard plans them
 * @returns a function that rejects with a UserError `study/unfinished` where a job's result is not in the store
 */
export function gatherFrom(study: ResolvedStudy, jobs: readonly ForecastJob[], store: JobStore): Gather {
  return (request) => readAll(study, jobs, store, request);
}

async function readAll(
  study: ResolvedStudy,
  jobs: readonly ForecastJob[],
  store: JobStore,
  { data, stepMs, model, strideTicks = study.manifest.settings.strideTicks, fineTune = null }: GatherRequest,
): Promise<Gathered> {
  const key = wantedKey({ data, stepMs, model, strideTicks, fineTune });
  const wantedJobs = jobs.filter((job) => wantedKey(job) === key);
  const variants = wantedJobs[0]?.variants ?? 0;
  const grids = study.gridsOf(data, stepMs);
  const forecasts = grids.map(({ symbol, timeMs }) => emptyForecasts(symbol, variants, timeMs.length));
  const untunedWeeks: string[] = [];
  for (const job of wantedJobs) {
    const bytes = await store.get(job.key);
    const result = bytes && (await unpackJob(bytes, gridsOfJob(study, job), fineTune !== null));
    if (!result) {
      const symbols = job.parts.map(({ symbol }) => symbol).join(', ');
      fail('study/unfinished', `The forecasts of ${model} on ${symbols}, ${job.span}, are not there.`, {
        hint: 'Run the study to its end, or bring the results of all its shards into one folder.',
      });
    }
    if (result.tuned === false) untunedWeeks.push(job.week);
    job.parts.forEach(({ symbol, firstSession, endSessionExclusive }, p) => {
      const a = grids.findIndex((grid) => grid.symbol === symbol);
      const [start] = tickRange(grids[a]!, firstSession, endSessionExclusive);
      putRows(forecasts[a]!, result.forecasts[p]!, start);
    });
  }
  return { forecasts, untunedWeeks };
}
