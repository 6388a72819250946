/** Does the jobs of a plan one after the other and keeps each result: whatever was finished is there when the study goes on. */

import type { ResolvedStudy, StudyEnvironment } from './environment.ts';
import { type ForecastJob, forecastSettingsFor } from './jobs.ts';
import { StudyPace } from './pace.ts';
import { packForecasts, unpackForecasts } from './packedForecasts.ts';
import { type JobPlan, timeKey } from './plan.ts';
import { sliceSessions } from './weeks.ts';

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
  environment: Pick<StudyEnvironment, 'open' | 'store'>,
  { onProgress, signal, now = () => performance.now() / 1000 }: RunOptions = {},
): Promise<void> {
  const pace = new StudyPace(plan.estimatedSeconds ?? plan.forwardPasses);
  const plannedOf = (job: ForecastJob): number =>
    job.forwardPasses * (plan.secondsPerForwardPass.get(timeKey(job)) ?? 1);
  let done = plan.kept.size;
  const report = (stage: string): void =>
    onProgress?.({ stage, done, total: plan.jobs.length, secondsLeft: pace.secondsLeft });
  for (const job of plan.jobs) {
    if (plan.kept.has(job.key)) continue;
    signal?.throwIfAborted();
    report(`${job.model} on ${job.symbol}, week of ${job.week}`);
    const started = now();
    const forecaster = await environment.open(study.manifest.models.find(({ name }) => name === job.model)!);
    const grid = gridOf(study, job);
    const settings = forecastSettingsFor(study.manifest, job);
    const forecasts = await forecaster.forecast(grid, settings, undefined, signal);
    await environment.store.put(job.key, await packForecasts(forecasts, grid));
    pace.note(plannedOf(job), now() - started);
    done++;
    report(`${job.model} on ${job.symbol}, week of ${job.week}`);
  }
}

/** The part of its grid a job is about. */
export function gridOf(study: Pick<ResolvedStudy, 'gridsOf'>, job: ForecastJob) {
  const grid = study.gridsOf(job.data, job.stepMs).find(({ symbol }) => symbol === job.symbol)!;
  return sliceSessions(grid, job.firstSession, job.endSessionExclusive);
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
    if (bytes && (await unpackForecasts(bytes, gridOf(study, job)))) continue;
    await store.remove(job.key);
    dropped++;
  }
  return dropped;
}
