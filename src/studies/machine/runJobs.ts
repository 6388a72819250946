/** Does the jobs of a plan, days that follow each other in common requests, and keeps each result: whatever was finished is there when the study goes on. */

import { fail, UserError } from '../../core/errors.ts';
import type { Forecasts, Grid, Progress } from '../../core/types.ts';
import { follows, REQUEST_SECONDS } from '../../forecasts/dayParts.ts';
import { takeRows } from '../../forecasts/forecastRows.ts';
import { packForecasts } from '../../forecasts/packedForecasts.ts';
import { forecastWithSecondChance } from '../../forecasts/secondChance.ts';
import { sliceSessions } from '../../forecasts/sessionParts.ts';
import { anyNotFinite, countNotFinite, notFiniteProblem } from '../../models/finite.ts';
import type { Forecaster, ForecastSettings } from '../../models/types.ts';
import type { ResolvedStudy, StudyEnvironment } from './environment.ts';
import { type JobPlan, plannedOf, timeKey } from './jobPlan.ts';
import { packJob, unpackJob } from './jobResult.ts';
import { type ForecastJob, forecastSettingsFor, wantedKey } from './jobs.ts';
import { StudyPace } from './studyPace.ts';
import { weeklyTuning } from './weeklyTuning.ts';

export interface RunOptions {
  /** Counts jobs, those kept from before included. */
  readonly onProgress?: (progress: Progress & { readonly unit: 'jobs'; readonly secondsLeft: number }) => void;
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
  for (const batch of batchesOf(left, plan)) {
    signal?.throwIfAborted();
    const stage = stageOf(batch);
    const report = (): void =>
      onProgress?.({ stage, done, total: plan.jobs.length, unit: 'jobs', secondsLeft: pace.secondsLeft });
    report();
    const started = now();
    await doBatch(batch, study, environment, signal);
    const planned = batch.reduce((sum, job) => sum + plannedOf(plan, job), 0);
    pace.note(timeKey(batch[0]), planned, now() - started);
    done += batch.length;
    report();
  }
}

/** Jobs done in one go: at least one. */
type Batch = readonly [ForecastJob, ...ForecastJob[]];

/** Days of one asset that follow each other, as many as fill a request; a job that trains is alone. */
function batchesOf(jobs: readonly ForecastJob[], { secondsPerForwardPass }: JobPlan): Batch[] {
  const batches: [ForecastJob, ...ForecastJob[]][] = [];
  for (const job of jobs) {
    const batch = batches.at(-1);
    const last = batch?.at(-1);
    const seconds = (secondsPerForwardPass.get(timeKey(job)) ?? Number.POSITIVE_INFINITY) * passesOf(batch ?? []);
    if (batch && last && seconds < REQUEST_SECONDS && canFollow(job, last)) batch.push(job);
    else batches.push([job]);
  }
  return batches;
}

function passesOf(jobs: readonly ForecastJob[]): number {
  return jobs.reduce((sum, { forwardPasses }) => sum + forwardPasses, 0);
}

function canFollow(job: ForecastJob, last: ForecastJob): boolean {
  const [part, before] = [job.parts[0]!, last.parts[0]!];
  return !job.fineTune && wantedKey(job) === wantedKey(last) && part.symbol === before.symbol && follows(part, before);
}

function stageOf(batch: Batch): string {
  const { model, parts, span } = batch[0];
  const until = batch.length > 1 ? ` to ${batch.at(-1)!.span}` : '';
  return `${model} on ${parts.map(({ symbol }) => symbol).join(', ')}, ${span}${until}`;
}

async function doBatch(
  batch: Batch,
  study: ResolvedStudy,
  environment: Pick<StudyEnvironment, 'open' | 'tune' | 'store'>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const [first] = batch;
  const settings = forecastSettingsFor(study.manifest, first);
  const { forecaster, tuned } = await forecasterFor(first, study, environment, signal);
  if (tuned !== null) {
    const grids = gridsOfJob(study, first);
    const forecasts: Forecasts[] = [];
    for (const grid of grids) forecasts.push(await finiteForecast(forecaster, grid, settings, signal));
    await environment.store.put(first.key, await packJob({ forecasts, tuned }, grids));
    return;
  }
  const grids = batch.map((job) => gridsOfJob(study, job)[0]!);
  const { endSessionExclusive } = batch.at(-1)!.parts[0]!;
  const [whole] = gridsOfJob(study, { ...first, parts: [{ ...first.parts[0]!, endSessionExclusive }] });
  const made = await finiteForecast(forecaster, whole!, settings, signal);
  let start = 0;
  for (const [i, grid] of grids.entries()) {
    const end = start + grid.timeMs.length;
    await environment.store.put(batch[i]!.key, await packForecasts(takeRows(made, start, end), grid));
    start = end;
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
 * @throws UserError `model/not-finite` where forecasts are not finite a second time either: a study keeps all of its jobs, and none of those
 * @throws UserError `study/back-end` where another back end than the study's made them
 */
async function finiteForecast(
  forecaster: Forecaster,
  grid: Grid,
  settings: ForecastSettings,
  signal: AbortSignal | undefined,
): Promise<Forecasts> {
  const { made, notFinite } = await forecastWithSecondChance(forecaster, grid, settings, undefined, signal);
  if (anyNotFinite(notFinite)) throw new UserError(notFiniteProblem(notFinite, notFinite.due, forecaster.card.name));
  if (made.ranOn) {
    const { name } = forecaster.card;
    fail('study/back-end', `The back end failed, and ${name} would have gone on on ${made.ranOn.provider}.`, {
      where: `${name} on ${grid.symbol}`,
      hint: 'A study is made on one back end: choose that one for the model and run it, or go on when the graphics processor is back. Finished jobs are kept.',
    });
  }
  return made;
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
