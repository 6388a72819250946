/** Does the jobs of a plan one after the other and keeps each result: whatever was finished is there when the study goes on. */

import { fail, UserError } from '../../core/errors.ts';
import type { Forecasts, Grid } from '../../core/types.ts';
import { sliceSessions } from '../../forecasts/sessionParts.ts';
import { anyNotFinite, countNotFinite, notFiniteProblem } from '../../models/finite.ts';
import type { Forecaster, ForecastSettings } from '../../models/types.ts';
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
  const dropped = await dropDamaged(plan, study, environment, signal);
  const left = plan.jobs.filter(({ key }) => !plan.kept.has(key) || dropped.has(key));
  const pace = new StudyPace(left.map((job) => ({ kind: timeKey(job), seconds: plannedOf(plan, job) })));
  let done = plan.jobs.length - left.length;
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
    for (const grid of grids) forecasts.push(await finiteForecast(forecaster, grid, settings, signal));
    const other = forecasts.find(({ ranOn }) => ranOn)?.ranOn;
    if (other) {
      fail('study/back-end', `The back end failed, and ${job.model} would have gone on on ${other.provider}.`, {
        where: stage,
        hint: 'A study is made on one back end: choose that one for the model and run it, or go on when the graphics processor is back. Finished jobs are kept.',
      });
    }
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

/**
 * The forecasts of a part, made a second time where some are no finite numbers: a graphics processor may have had a bad moment.
 * @throws UserError `model/not-finite` where they are not finite then either: a study keeps all of its jobs, and none of those
 */
async function finiteForecast(
  forecaster: Forecaster,
  grid: Grid,
  settings: ForecastSettings,
  signal: AbortSignal | undefined,
): Promise<Forecasts> {
  const made = await forecaster.forecast(grid, settings, undefined, signal);
  if (!anyNotFinite(countNotFinite(made, grid, forecaster.card, settings))) return made;
  const again = await forecaster.forecast(grid, settings, undefined, signal);
  const found = countNotFinite(again, grid, forecaster.card, settings);
  if (anyNotFinite(found)) throw new UserError(notFiniteProblem(found, found.due, forecaster.card.name));
  return again;
}

/**
 * Removes kept results of this plan that are damaged, or hold forecasts that are not finite (versions before did not look): those are looked
 * at once. @returns the keys of what was removed
 */
export async function dropDamaged(
  plan: JobPlan,
  study: ResolvedStudy,
  { store }: Pick<StudyEnvironment, 'store'>,
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  const dropped = new Set<string>();
  for (const job of plan.jobs) {
    if (!plan.kept.has(job.key)) continue;
    signal?.throwIfAborted();
    const grids = gridsOfJob(study, job);
    const bytes = await store.get(job.key);
    const result = bytes && (await unpackJob(bytes, grids, job.fineTune !== null));
    if (result?.checked) continue;
    const settings = forecastSettingsFor(study.manifest, job);
    const card = study.cardOf(job.model);
    if (result?.forecasts.every((each, i) => !anyNotFinite(countNotFinite(each, grids[i]!, card, settings)))) {
      await store.put(job.key, await packJob(result, grids));
      continue;
    }
    await store.remove(job.key);
    dropped.add(job.key);
  }
  return dropped;
}
