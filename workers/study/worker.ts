/**
 * Does whole studies: plans them, does their jobs with a model worker and a training worker of its own, keeps each result on this device, and
 * assembles the figures. The page only asks and shows.
 */

import '../link/guard.ts';
import { fail } from '../../src/core/errors.ts';
import { Turns } from '../../src/core/turns.ts';
import type { Grid } from '../../src/core/types.ts';
import { fileJobStore, type JobStore, notingStore } from '../../src/forecasts/jobStore.ts';
import { noteUse, tidy } from '../../src/forecasts/tidying.ts';
import { describeBackend } from '../../src/models/backend.ts';
import { type ProviderPreference, providerFor } from '../../src/models/runtime/browser.ts';
import type { Provider } from '../../src/models/types.ts';
import type { Difference } from '../../src/runs/repair.ts';
import { whileInUse } from '../../src/storage/inUse.ts';
import { openFiles } from '../../src/storage/place.ts';
import { assembleStudy } from '../../src/studies/figures/assemble.ts';
import type { StudyResults } from '../../src/studies/figures/results.ts';
import { type ResolvedStudy, resolveStudy, type StudyEnvironment } from '../../src/studies/machine/environment.ts';
import { type JobPlan, measurePlan, planJobs } from '../../src/studies/machine/jobPlan.ts';
import { measureLatency } from '../../src/studies/machine/latency.ts';
import { runJobs, type StudyProgress } from '../../src/studies/machine/runJobs.ts';
import type { StudyManifest, StudyModel } from '../../src/studies/machine/studyManifest.ts';
import { BacktestPool } from '../backtests/client.ts';
import { exposeService } from '../link/expose.ts';
import type { CheckpointSource } from '../model/client.ts';
import { fetchEmbeddedCheckpoint } from '../model/embeddedFiles.ts';
import { StudyModels } from './models.ts';

export interface StudyRequest {
  readonly manifest: StudyManifest;
  /** Goes on without models that are missing, and with other data and weights than the manifest's; otherwise either is refused. */
  readonly repair: boolean;
  readonly preference: ProviderPreference;
  /** Address of the page. */
  readonly base: string;
  /** Folder of this page's files for finished jobs. */
  readonly jobsFolder: string;
  /** The quotes in use, for data that are files: sampled at every step that the study needs. */
  readonly sampled: readonly { readonly stepMs: number; readonly grids: readonly Grid[] }[];
  /** Checkpoints that do not come with the page, by the models' names. */
  readonly checkpoints: Readonly<Record<string, CheckpointSource>>;
}

/** What a study will be, before it runs. */
export interface StudyOutline {
  /** With hashes, and without what is missing. */
  readonly manifest: StudyManifest;
  readonly differences: readonly Difference[];
  readonly jobs: number;
  /** Of the jobs, those done before. */
  readonly kept: number;
  /** Of the jobs still to be done. */
  readonly forwardPasses: number;
  readonly bytes: number;
  readonly estimatedSeconds: number;
}

/** Jobs first, then the figures out of them. */
export type StudyStep = StudyProgress & { readonly unit: 'jobs' | 'figures' };

export interface StudyService {
  outline(request: StudyRequest, signal: AbortSignal): Promise<StudyOutline>;
  /** @throws AbortError within a batch of the signal; finished jobs are kept */
  run(request: StudyRequest, onProgress: (step: StudyStep) => void, signal: AbortSignal): Promise<StudyResults>;
}

let asked: StudyRequest;
const models = new Map<Provider, StudyModels>();
const turns = new Turns();
const files = openFiles();
/** Keys of the study that runs. */
const used = new Set<string>();

async function checkpointOf(model: StudyModel): Promise<CheckpointSource> {
  if (model.source === 'embedded') return fetchEmbeddedCheckpoint(model.folder, asked.base);
  return (
    asked.checkpoints[model.name] ??
    fail('study/no-model', `The model ${model.name} is not on this device.`, {
      where: `models.${model.name}`,
      hint: 'Drop its checkpoint, or fetch it from a hub, in step 2.',
    })
  );
}

/** A study cannot go on without its jobs, but what was kept stays. */
function saying(store: JobStore): JobStore {
  return {
    ...store,
    put: (key, bytes) =>
      store.put(key, bytes).catch((caught: unknown) =>
        fail('study/storage', `The result of a job could not be kept on this device: ${String(caught)}.`, {
          hint: 'Forget kept forecasts (earlier runs) or remembered quotes to make room, then go on: finished jobs are there.',
        }),
      ),
  };
}

interface Prepared {
  readonly study: ResolvedStudy;
  readonly plan: JobPlan;
  readonly environment: StudyEnvironment;
  readonly models: StudyModels;
}

async function prepare(request: StudyRequest, signal: AbortSignal): Promise<Prepared> {
  signal.throwIfAborted();
  asked = request;
  const provider = await providerFor(request.preference);
  const own = models.get(provider) ?? new StudyModels(provider, checkpointOf);
  models.set(provider, own);
  // Models of one name in two manifests are not the same.
  own.forget();
  const { sampled, jobsFolder } = request;
  const environment: StudyEnvironment = {
    provider,
    store: saying(notingStore(fileJobStore(files, jobsFolder), (key) => used.add(key))),
    sampled: async ({ source }, stepMs) =>
      source.kind === 'files' ? sampled.find((each) => each.stepMs === stepMs)?.grids : undefined,
    readFiles: async ([path = '']) =>
      fail('study/no-data', `The quotes of ${path} are not in use.`, {
        where: 'data',
        hint: 'Add the file in step 1.',
      }),
    open: own.open,
    tune: own.tune,
  };
  const study = await resolveStudy(request.manifest, environment, request.repair);
  signal.throwIfAborted();
  const plan = await measurePlan(await planJobs(study, environment), study, environment, signal);
  return { study, plan, environment, models: own };
}

const service: StudyService = {
  outline: (request, signal) =>
    turns.take(async () => {
      const { study, plan } = await prepare(request, signal);
      const { manifest, differences } = study;
      const { forwardPasses, bytes, estimatedSeconds } = plan;
      const counts = { jobs: plan.jobs.length, kept: plan.kept.size, forwardPasses, bytes };
      return { manifest, differences, ...counts, estimatedSeconds: estimatedSeconds ?? 0 };
    }),
  run: (request, onProgress, signal) =>
    turns.take(() => keepingBounded(request.jobsFolder, () => runStudy(request, onProgress, signal))),
};

async function runStudy(
  request: StudyRequest,
  onProgress: (step: StudyStep) => void,
  signal: AbortSignal,
): Promise<StudyResults> {
  const { study, plan, environment, models: own } = await prepare(request, signal);
  await runJobs(plan, study, environment, {
    onProgress: (progress) => onProgress({ ...progress, unit: 'jobs' }),
    signal,
  });
  const scales = study.manifest.figures.some(({ kind }) => kind === 'scaling');
  const latencyMs = scales ? await measureLatency(study, environment, signal) : {};
  const cores = navigator.hardwareConcurrency;
  const description = `${own.backend ? describeBackend(own.backend) : environment.provider}, ${cores} cores`;
  const total = study.manifest.figures.length;
  let done = 0;
  return assembleStudy(study, {
    ...{ provider: environment.provider, store: environment.store, signal },
    backtester: backtests(),
    device: { description, latencyMs },
    onFigure: (kind) => onProgress({ stage: `Figure: ${kind}`, done: done++, total, secondsLeft: 0, unit: 'figures' }),
  });
}

/** Meanwhile no kept job is removed; afterwards those that were used longest ago are, where there are more than the bound. */
async function keepingBounded<T>(folder: string, work: () => Promise<T>): Promise<T> {
  used.clear();
  try {
    return await whileInUse(folder, work);
  } finally {
    // Nobody waits for it, and what goes wrong is tried again after the next run.
    const keys = [...used];
    void noteUse(files, folder, keys)
      .then(() => tidy(files, folder))
      .catch(() => {});
  }
}

let pool: BacktestPool | undefined;

function backtests(): BacktestPool {
  pool ??= new BacktestPool();
  return pool;
}

exposeService(service);
