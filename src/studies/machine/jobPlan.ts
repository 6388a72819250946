/** What a study will take before it runs: its jobs, those already kept, forward passes, bytes and time on this device. */

import { UserError } from '../../core/errors.ts';
import type { ResolvedStudy, StudyEnvironment } from './environment.ts';
import { type ForecastJob, forecastSettingsFor, jobsOf, type Shard, shardOf } from './jobs.ts';
import { splitKeptWeeks } from './splitKeptWeeks.ts';
import type { Wanted } from './wanted.ts';
import { weeklyTuning } from './weeklyTuning.ts';

export interface JobPlan {
  /** Jobs of this shard, those of a model together. */
  readonly jobs: readonly ForecastJob[];
  /** Of them, those whose results are kept already. */
  readonly kept: ReadonlySet<string>;
  /** Passes of the jobs still to be done. */
  readonly forwardPasses: number;
  /** What their results will take, about. */
  readonly bytes: number;
  /** Null before the device was measured. */
  readonly estimatedSeconds: number | null;
  /** By `timeKey`; empty before the device was measured. */
  readonly secondsPerForwardPass: ReadonlyMap<string, number>;
  /** Times of jobs that train, by `timeKey`. */
  readonly trainingTimes: ReadonlyMap<string, TrainingTime>;
}

export interface TrainingTime {
  /** Of a training that takes no step: compiling, measuring before and after. */
  readonly fixedSeconds: number;
  readonly secondsPerWindow: number;
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
  const all = await allJobs(study, provider);
  const jobs = shardOf(all, shard).sort((a, b) => order.get(a.model)! - order.get(b.model)!);
  const keys = new Set(await store.keys());
  for (const key of await splitKeptWeeks(study, { provider, store }, all, keys)) keys.add(key);
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
    trainingTimes: new Map(),
  };
}

/** What jobs have in common whose times tell of each other: model, variants that share a batch, and, where it trains, the quotes. */
export function timeKey({ model, variants, fineTune, data, stepMs }: Omit<Wanted, 'strideTicks'>): string {
  return `${model} ${variants}${fineTune ? ` trained on ${data} ${stepMs}` : ''}`;
}

/** Seconds a job should take; a count in proportion where the device was not measured. */
export function plannedOf(
  { secondsPerForwardPass, trainingTimes }: Pick<JobPlan, 'secondsPerForwardPass' | 'trainingTimes'>,
  job: ForecastJob,
): number {
  const key = timeKey(job);
  const { fixedSeconds, secondsPerWindow } = trainingTimes.get(key) ?? { fixedSeconds: 0, secondsPerWindow: 1 };
  const training = job.trainingWindows > 0 ? fixedSeconds + secondsPerWindow * job.trainingWindows : 0;
  return job.forwardPasses * (secondsPerForwardPass.get(key) ?? 1) + training;
}

/** The same plan with the time it takes here, from a short measurement of each kind of job that is left to do. */
export async function measurePlan(
  plan: JobPlan,
  study: ResolvedStudy,
  environment: Pick<StudyEnvironment, 'open' | 'tune'>,
  signal?: AbortSignal,
): Promise<JobPlan> {
  const secondsPerForwardPass = new Map<string, number>();
  const trainingTimes = new Map<string, TrainingTime>();
  const left = plan.jobs.filter(({ key }) => !plan.kept.has(key));
  for (const job of left) {
    const key = timeKey(job);
    if (!secondsPerForwardPass.has(key)) {
      signal?.throwIfAborted();
      const forecaster = await environment.open(study.manifest.models.find(({ name }) => name === job.model)!);
      secondsPerForwardPass.set(key, await forecaster.measure(forecastSettingsFor(study.manifest, job)));
    }
    if (job.trainingWindows > 0 && !trainingTimes.has(key)) {
      trainingTimes.set(key, await timeTraining(job, study, environment, signal));
    }
  }
  const measured = { ...plan, secondsPerForwardPass, trainingTimes };
  return { ...measured, estimatedSeconds: left.reduce((sum, job) => sum + plannedOf(measured, job), 0) };
}

/** Short trainings that are thrown away: the first starts the engine, the others tell a line. */
const TIMED_STEPS = [1, 2, 12] as const;

async function timeTraining(
  job: ForecastJob,
  study: ResolvedStudy,
  { tune }: Pick<StudyEnvironment, 'tune'>,
  signal: AbortSignal | undefined,
): Promise<TrainingTime> {
  const model = study.manifest.models.find(({ name }) => name === job.model)!;
  const training = weeklyTuning(study.gridsOf(job.data, job.stepMs), job.week, job.fineTune!)!;
  const seconds: number[] = [];
  for (const steps of TIMED_STEPS) {
    signal?.throwIfAborted();
    const start = performance.now();
    try {
      const settings = { ...training.settings, steps, warmUpSteps: 0, validateEvery: steps, patience: null };
      await tune(model, training.grids, settings, signal);
    } catch (caught) {
      if (caught instanceof UserError && caught.problem.code === 'training/too-little-data') break;
      throw caught;
    }
    seconds.push((performance.now() - start) / 1000);
  }
  const [, short, long] = seconds;
  if (short === undefined || long === undefined) return { fixedSeconds: 0, secondsPerWindow: 0 };
  const perStep = Math.max(0, long - short) / (TIMED_STEPS[2] - TIMED_STEPS[1]);
  return { fixedSeconds: short, secondsPerWindow: perStep / training.settings.batchSize };
}
