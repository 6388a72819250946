/** Forecasts of whole grids out of the results of finished jobs, wherever they were computed. */

import { fail } from '../../core/errors.ts';
import type { Forecasts } from '../../core/types.ts';
import type { ResolvedStudy } from './environment.ts';
import type { JobStore } from './jobStore.ts';
import type { ForecastJob, Wanted } from './jobs.ts';
import { unpackForecasts } from './packedForecasts.ts';
import { gridOf } from './runJobs.ts';
import { tickRange } from './weeks.ts';

/** Forecasts of one model on all assets of one set of quotes, in their order. */
export type Gather = (
  wanted: Omit<Wanted, 'variants' | 'strideTicks'> & { readonly strideTicks?: number },
) => Promise<readonly Forecasts[]>;

/**
 * @param jobs all of the study, as every shard plans them
 * @returns a function that rejects with a UserError `study/unfinished` where a job's result is not in the store
 */
export function gatherFrom(study: ResolvedStudy, jobs: readonly ForecastJob[], store: JobStore): Gather {
  return async ({ data, stepMs, model, strideTicks = study.manifest.settings.strideTicks }) => {
    const own = jobs.filter(
      (job) => job.data === data && job.stepMs === stepMs && job.strideTicks === strideTicks && job.model === model,
    );
    return Promise.all(
      study.gridsOf(data, stepMs).map(async (grid): Promise<Forecasts> => {
        const parts = own.filter((job) => job.symbol === grid.symbol);
        const variants = parts[0]?.variants ?? 0;
        const ticks = grid.timeMs.length;
        const predictedMid = new Float64Array((variants + 1) * ticks).fill(Number.NaN);
        for (const job of parts) {
          const bytes = await store.get(job.key);
          const part = bytes && (await unpackForecasts(bytes, gridOf(study, job)));
          if (!part) {
            fail(
              'study/unfinished',
              `The forecasts of ${model} on ${grid.symbol} in the week of ${job.week} are not there.`,
              {
                hint: 'Run the study to its end, or bring the results of all its shards into one folder.',
              },
            );
          }
          const [start, end] = tickRange(grid, job.firstSession, job.endSessionExclusive);
          for (let row = 0; row <= variants; row++) {
            predictedMid.set(
              part.predictedMid.subarray(row * (end - start), (row + 1) * (end - start)),
              row * ticks + start,
            );
          }
        }
        return { symbol: grid.symbol, variants, predictedMid };
      }),
    );
  };
}
