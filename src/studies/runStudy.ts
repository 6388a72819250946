/** A study from its manifest to its results, the same in the page's worker, behind `npm run study` and in tests: prepared, forecast job by job, assembled. */

import type { Progress } from '../core/types.ts';
import type { Backtester } from '../marketLine/backtester.ts';
import { assembleStudy } from './figures/assemble.ts';
import type { DeviceMeasure, StudyResults } from './figures/results.ts';
import { type ResolvedStudy, resolveStudy, type StudyEnvironment } from './machine/environment.ts';
import { type JobPlan, measurePlan, planJobs } from './machine/jobPlan.ts';
import type { Shard } from './machine/jobs.ts';
import { measureLatency } from './machine/latency.ts';
import { runJobs } from './machine/runJobs.ts';
import type { StudyManifest } from './machine/studyManifest.ts';

export interface PreparedStudy {
  readonly study: ResolvedStudy;
  /** Plan of the shard, measured on this device. */
  readonly plan: JobPlan;
}

export interface PrepareOptions {
  /** Models that are missing are left out, and other data or weights than the manifest's are taken; otherwise either is refused. */
  readonly repair: boolean;
  readonly shard?: Shard;
  readonly signal?: AbortSignal;
}

/** Jobs, of which those kept from before are done already; then figures. */
export type StudyStep = Progress & {
  readonly unit: 'jobs' | 'figures';
  /** Until the last job; none of the figures. */
  readonly secondsLeft: number;
};

export interface StudyHooks {
  readonly onProgress?: (step: StudyStep) => void;
  readonly signal?: AbortSignal;
}

/** @throws UserError where data or models are missing or differ (see `resolveStudy`), AbortError soon after the signal */
export async function prepareStudy(
  manifest: StudyManifest,
  environment: StudyEnvironment,
  { repair, shard, signal }: PrepareOptions,
): Promise<PreparedStudy> {
  signal?.throwIfAborted();
  const study = await resolveStudy(manifest, environment, repair);
  signal?.throwIfAborted();
  const plan = await measurePlan(await planJobs(study, environment, shard), study, environment, signal);
  return { study, plan };
}

/**
 * All that needs the models: the jobs of the plan, each kept as soon as it is done, and what one answer of each model takes here.
 *
 * @param describeDevice asked at the end, when models have been opened
 * @throws AbortError within a batch of the signal; finished jobs are kept
 */
export async function forecastStudy(
  { study, plan }: PreparedStudy,
  environment: StudyEnvironment,
  describeDevice: () => string,
  hooks: StudyHooks = {},
): Promise<DeviceMeasure> {
  await runJobs(plan, study, environment, hooks);
  const latencyMs = await measureLatency(study, environment, hooks.signal);
  return { description: describeDevice(), latencyMs };
}

/** Forecasts what is left of a study, and assembles its figures. @throws as `forecastStudy` and `assembleStudy` */
export async function runStudy(
  prepared: PreparedStudy,
  environment: StudyEnvironment,
  describeDevice: () => string,
  backtester: Backtester,
  hooks: StudyHooks = {},
): Promise<StudyResults> {
  const { onProgress, signal } = hooks;
  const device = await forecastStudy(prepared, environment, describeDevice, hooks);
  const { study } = prepared;
  const total = study.manifest.figures.length;
  let done = 0;
  return assembleStudy(study, {
    provider: environment.provider,
    store: environment.store,
    backtester,
    device,
    ...(signal && { signal }),
    onFigure: (kind) =>
      onProgress?.({ stage: `Figure: ${kind}`, done: done++, total, secondsLeft: 0, unit: 'figures' }),
  });
}
