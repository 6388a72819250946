/** Does the jobs of a plan one after the other and keeps each result: whatever was finished is there when the study goes on. */

import { UserError } from '../../core/errors.ts';
import type { Forecasts, Grid } from '../../core/types.ts';
import { sliceSessions } from '../../forecasts/sessionParts.ts';
import type { Forecaster } from '../../models/types.ts';
import type { ResolvedStudy, StudyEnvironment } from './environment.ts';
import { type JobPlan, plannedOf, timeKey } from './jobPlan.ts';
import { packJob, unpackJob } from './jobResult.ts';
import { type ForecastJob, forecastSettingsFor } from './jobs.ts';
import { StudyPace } from './studyPace.ts';
import { weeklyTuning } from './weeklyTuning.ts';

export interface StudyProgress {
  readonly stage: string;
  /** Jobs, those kept from before included. */
  readonly done: number;
  readonly total: number;
  readonly secondsLeft: number;
}

export interface RunOptions {
  readonly onProgress?: (progress: StudyProgress) => void;
  readonly signal?: AbortSignal;
  /** Seconds of a clock; default: the performance clock. */
  readonly now?: () => number;
}

/**
 * @throws AbortError within one batch of the signal; what was finished is kept
 * @throws UserError from a model that fails, or where there is no room to keep results
 */
export async function runJobs(
  plan: JobPlan,
  study: ResolvedStudy,
  environment: Pick<StudyEnvironment, 'open' | 'tune' | 'store'>,
  { onProgress, signal, now = () => performance.now() / 1000 }: RunOptions = {},
): Promise<void> {
  const left = plan.jobs.filter(({ key }) => !plan.kept.has(key));
  const pace = new StudyPace(left.map((job) => ({ kind: timeKey(job), seconds: plannedOf(plan, job) })));
  let done = plan.kept.size;
  for (const job of left) {
    signal?.throwIfAborted();
    const stage = `${job.model} on ${job.parts.map(({ symbol }) => symbol).join(', ')}, week of ${job.week}`;
    const report = (): void => onProgress?.({ stage, done, total: plan.jobs.length, secondsLeft: pace.secondsLeft });
    report();
    const started = now();
    const grids = gridsOfJob(study, job);
    const settings = forecastSettingsFor(study.manifest, job);
    const { forecaster, tuned } = await forecasterFor(job, study, environment, signal);
    const forecasts: Forecasts[] = [];
    for (const grid of grids) forecasts.push(await forecaster.forecast(grid, settings, undefined, signal));
    await environment.store.put(job.key, await packJob({ forecasts, tuned }, grids));
    pace.note(timeKey(job), plannedOf(plan, job), now() - started);
    done++;
    report();
  }
}

/** The checkpoint as it is, or as it has become by the week. */
async function forecasterFor(
  job: ForecastJob,
  study: ResolvedStudy,
  { open, tune }: Pick<StudyEnvironment, 'open' | 'tune'>,
  signal: AbortSignal | undefined,
): Promise<{ forecaster: Forecaster; tuned: boolean | null }> {
  const model = study.manifest.models.find(({ name }) => name === job.model)!;
  if (!job.fineTune) return { forecaster: await open(model), tuned: null };
  const training = weeklyTuning(study.gridsOf(job.data, job.stepMs), job.week, job.fineTune);
  if (training) {
    try {
      return { forecaster: await tune(model, training.grids, training.settings, signal), tuned: true };
    } catch (caught) {
      // Days there are, but none with a whole window in it.
      if (!(caught instanceof UserError) || caught.problem.code !== 'training/too-little-data') throw caught;
    }
  }
  return { forecaster: await open(model), tuned: false };
}

/** What a job is about: sessions of the grids of its data, in the order of its parts. */
export function gridsOfJob(study: Pick<ResolvedStudy, 'gridsOf'>, job: ForecastJob): readonly Grid[] {
  const grids = study.gridsOf(job.data, job.stepMs);
  return job.parts.map(({ symbol, firstSession, endSessionExclusive }) =>
    sliceSessions(grids.find((grid) => grid.symbol === symbol)!, firstSession, endSessionExclusive),
  );
}

/** Removes kept results of this plan that are damaged; resolves to how many there were. */
export async function dropDamaged(
  plan: JobPlan,
  study: ResolvedStudy,
  { store }: Pick<StudyEnvironment, 'store'>,
): Promise<number> {
  let dropped = 0;
  for (const job of plan.jobs) {
    if (!plan.kept.has(job.key)) continue;
    const bytes = await store.get(job.key);
    if (bytes && (await unpackJob(bytes, gridsOfJob(study, job), job.fineTune !== null))) continue;
    await store.remove(job.key);
    dropped++;
  }
  return dropped;
}
