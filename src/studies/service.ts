/**
 * The study worker's service: plans whole studies, does their jobs, keeps each result on this device, and assembles the figures; one study at a
 * time. Pure of Comlink and of any worker; `workers/study/worker.ts` exposes it.
 */

import { fail } from '../core/errors.ts';
import { Turns } from '../core/turns.ts';
import type { Grid } from '../core/types.ts';
import { fileJobStore, type JobStore, notingStore } from '../forecasts/jobStore.ts';
import { noteUse, tidy } from '../forecasts/tidying.ts';
import type { Backtester } from '../marketLine/backtester.ts';
import { type ProviderPreference, providerFor } from '../models/runtime/browser.ts';
import type { CheckpointFiles, CheckpointFolder, Provider } from '../models/types.ts';
import type { Difference } from '../runs/repair.ts';
import type { FileStore } from '../storage/files.ts';
import { whileInUse } from '../storage/inUse.ts';
import type { StudyResults } from './figures/results.ts';
import type { StudyEnvironment } from './machine/environment.ts';
import type { StudyManifest, StudyModel } from './machine/studyManifest.ts';
import { type PreparedStudy, prepareStudy, runStudy, type StudyStep } from './runStudy.ts';

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
  readonly checkpoints: Readonly<Record<string, CheckpointFiles | CheckpointFolder>>;
}

/** What a study will be, before it runs. */
export interface StudyOutline {
  /** Manifest with hashes, and without what is missing. */
  readonly manifest: StudyManifest;
  readonly differences: readonly Difference[];
  readonly jobs: number;
  /** Jobs that were done before. */
  readonly kept: number;
  /** Passes of the jobs still to be done. */
  readonly forwardPasses: number;
  readonly bytes: number;
  readonly estimatedSeconds: number;
}

export interface StudyService {
  outline(request: StudyRequest, signal: AbortSignal): Promise<StudyOutline>;
  /** @throws AbortError within a batch of the signal; finished jobs are kept */
  run(request: StudyRequest, onProgress: (step: StudyStep) => void, signal: AbortSignal): Promise<StudyResults>;
}

/** The models of a study on one back end. */
export interface StudyMachine extends Pick<StudyEnvironment, 'open' | 'tune'> {
  /** The next model is opened anew, whatever its name. */
  forget(): void;
  /** Back end and cores, for people. */
  readonly describeDevice: () => string;
}

/** Where a model's checkpoint comes from. @throws UserError where it is missing */
export type CheckpointSourceOf = (model: StudyModel) => Promise<CheckpointFiles | CheckpointFolder>;

export interface StudyServiceParts {
  readonly files: FileStore;
  readonly machineOn: (provider: Provider, sourceOf: CheckpointSourceOf) => StudyMachine;
  /** A checkpoint that comes with the page, by its folder and the page's address. */
  readonly fetchEmbedded: (folder: string, base: string) => Promise<CheckpointFiles>;
  /** Asked when the first figure needs it. */
  readonly backtester: () => Backtester;
}

interface Ready {
  readonly prepared: PreparedStudy;
  readonly environment: StudyEnvironment;
  readonly machine: StudyMachine;
}

export function createStudyService({ files, machineOn, fetchEmbedded, backtester }: StudyServiceParts): StudyService {
  const turns = new Turns();
  const machines = new Map<Provider, StudyMachine>();
  /** Keys of the study that runs. */
  const used = new Set<string>();
  let asked: StudyRequest | undefined;

  const sourceOf: CheckpointSourceOf = async (model) => {
    if (model.source === 'embedded') return fetchEmbedded(model.folder, asked?.base ?? '');
    return (
      asked?.checkpoints[model.name] ??
      fail('study/no-model', `The model ${model.name} is not on this device.`, {
        where: `models.${model.name}`,
        hint: 'Drop its checkpoint, or fetch it from a hub, in step 2.',
      })
    );
  };

  const prepare = async (request: StudyRequest, signal: AbortSignal): Promise<Ready> => {
    signal.throwIfAborted();
    asked = request;
    const provider = await providerFor(request.preference);
    const machine = machines.get(provider) ?? machineOn(provider, sourceOf);
    machines.set(provider, machine);
    // Models of one name in two manifests are not the same.
    machine.forget();
    const { sampled, jobsFolder, manifest, repair } = request;
    const environment: StudyEnvironment = {
      provider,
      store: withStorageHint(notingStore(fileJobStore(files, jobsFolder), (key) => used.add(key))),
      sampled: async ({ source }, stepMs) =>
        source.kind === 'files' ? sampled.find((each) => each.stepMs === stepMs)?.grids : undefined,
      readFiles: async ([path = '']) =>
        fail('study/no-data', `The quotes of ${path} are not in use.`, {
          where: 'data',
          hint: 'Add the file in step 1.',
        }),
      open: machine.open,
      tune: machine.tune,
    };
    return { prepared: await prepareStudy(manifest, environment, { repair, signal }), environment, machine };
  };

  /** Meanwhile no kept job is removed; afterwards those that were used longest ago are, where there are more than the bound. */
  const whileKept = async <T>(folder: string, work: () => Promise<T>): Promise<T> => {
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
  };

  return {
    outline: (request, signal) =>
      turns.take(async () => {
        const { study, plan } = (await prepare(request, signal)).prepared;
        const { manifest, differences } = study;
        const { forwardPasses, bytes, estimatedSeconds } = plan;
        const counts = { jobs: plan.jobs.length, kept: plan.kept.size, forwardPasses, bytes };
        return { manifest, differences, ...counts, estimatedSeconds: estimatedSeconds ?? 0 };
      }),
    run: (request, onProgress, signal) =>
      turns.take(() =>
        whileKept(request.jobsFolder, async () => {
          const { prepared, environment, machine } = await prepare(request, signal);
          return runStudy(prepared, environment, machine.describeDevice, backtester(), { onProgress, signal });
        }),
      ),
  };
}

/** A study cannot go on without its jobs, but what was kept stays. */
function withStorageHint(store: JobStore): JobStore {
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
