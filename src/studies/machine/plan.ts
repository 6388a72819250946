/** What a study will take before it runs: its jobs, those already kept, forward passes, bytes and time on this device. */

import type { ResolvedStudy, StudyEnvironment } from './environment.ts';
import { type ForecastJob, forecastSettingsFor, jobsOf, type Shard, shardOf, type Wanted } from './jobs.ts';

export interface JobPlan {
  /** Of this shard, models together. */
  readonly jobs: readonly ForecastJob[];
  /** Of them, those whose results are kept already. */
  readonly kept: ReadonlySet<string>;
  /** Of the jobs still to be done. */
  readonly forwardPasses: number;
  /** What their results will take, about. */
  readonly bytes: number;
  /** Null before the device was measured. */
  readonly estimatedSeconds: number | null;
  /** By `timeKey`; empty before the device was measured. */
  readonly secondsPerForwardPass: ReadonlyMap<string, number>;
}

/** All jobs of a study, the same in every shard. */
export async function allJobs(study: ResolvedStudy, provider: StudyEnvironment['provider']): Promise<ForecastJob[]> {
  const jobs: ForecastJob[] = [];
  for (const wanted of study.wanted) {
    const grids = study.gridsOf(wanted.data, wanted.stepMs);
    jobs.push(...(await jobsOf(study.manifest, wanted, study.cardOf(wanted.model), grids, provider)));
  }
  return jobs;
}

/** Counts without measuring. */
export async function planJobs(
  study: ResolvedStudy,
  { provider, store }: Pick<StudyEnvironment, 'provider' | 'store'>,
  shard: Shard = { index: 1, count: 1 },
): Promise<JobPlan> {
  const order = new Map(study.manifest.models.map(({ name }, i) => [name, i]));
  const jobs = shardOf(await allJobs(study, provider), shard).sort((a, b) => order.get(a.model)! - order.get(b.model)!);
  const keys = new Set(await store.keys());
  const kept = new Set(jobs.map(({ key }) => key).filter((key) => keys.has(key)));
  const left = jobs.filter(({ key }) => !kept.has(key));
  const forwardPasses = left.reduce((sum, job) => sum + job.forwardPasses, 0);
  return {
    jobs,
    kept,
    forwardPasses,
    bytes: forwardPasses * Float64Array.BYTES_PER_ELEMENT,
    estimatedSeconds: null,
    secondsPerForwardPass: new Map(),
  };
}

/** A job's time depends on the model, on how many variants share a batch, and on whether it trains. */
export function timeKey({ model, variants, fineTune }: Pick<Wanted, 'model' | 'variants' | 'fineTune'>): string {
  return `${model} ${variants}${fineTune ? ' trained' : ''}`;
}

/** Forward passes that a window of a training step takes as long as: one, and a backward pass of about twice that. */
const PASSES_PER_WINDOW = 3;

/** Seconds a job should take; a count in proportion where the device was not measured. */
export function plannedOf({ secondsPerForwardPass }: Pick<JobPlan, 'secondsPerForwardPass'>, job: ForecastJob): number {
  const passes = job.forwardPasses + PASSES_PER_WINDOW * job.trainingWindows;
  return passes * (secondsPerForwardPass.get(timeKey(job)) ?? 1);
}

/** The same plan with the time it takes here, from a short measurement of each model that has something left to do. */
export async function measurePlan(
  plan: JobPlan,
  study: ResolvedStudy,
  environment: Pick<StudyEnvironment, 'open'>,
  signal?: AbortSignal,
): Promise<JobPlan> {
  const seconds = new Map<string, number>();
  const left = plan.jobs.filter(({ key }) => !plan.kept.has(key));
  for (const job of left) {
    const key = timeKey(job);
    if (seconds.has(key)) continue;
    signal?.throwIfAborted();
    const forecaster = await environment.open(study.manifest.models.find(({ name }) => name === job.model)!);
    seconds.set(key, await forecaster.measure(forecastSettingsFor(study.manifest, job)));
  }
  const measured = { ...plan, secondsPerForwardPass: seconds };
  return { ...measured, estimatedSeconds: left.reduce((sum, job) => sum + plannedOf(measured, job), 0) };
}
