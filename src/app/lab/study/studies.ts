/** Whole studies in the Lab: put together by choice or opened from a manifest, planned, done job by job, gone on with, kept. */

import { type Accessor, createMemo, createSignal } from 'solid-js';
import { createStore } from 'solid-js/store';
import { version } from '../../../../package.json';
import { keptFolders } from '../../../../workers/kept/client.ts';
import type { CheckpointSource } from '../../../../workers/model/client.ts';
import type { StudyEngine, StudyOutline, StudyRequest } from '../../../../workers/study/client.ts';
import { isAbort, toProblem, type UserProblem } from '../../../core/errors.ts';
import type { Grid } from '../../../core/types.ts';
import type { ProviderPreference } from '../../../models/runtime/browser.ts';
import { defaultSimulatorSettings } from '../../../quotes/market/simulatorSettings.ts';
import type { Difference } from '../../../runs/repair.ts';
import type { RunSettings } from '../../../runs/settings.ts';
import type { FigureKind } from '../../../studies/figures/index.ts';
import { composeStudy } from '../../../studies/machine/compose.ts';
import { wantedForecasts } from '../../../studies/machine/jobs.ts';
import { checkStudyManifest, type StudyManifest, type StudyModel } from '../../../studies/machine/studyManifest.ts';
import { baselineIds } from '../../../training/baselineConfigs.ts';
import { embeddedCheckpoints } from '../model/checkpointFiles.ts';
import type { History } from '../run/history.ts';

/** A checkpoint that a study can have. */
export interface ModelChoice {
  readonly name: string;
  /** Name for people. */
  readonly label: string;
  readonly source: StudyModel['source'];
  readonly folder: string;
  /** Opens those that do not come with the page. */
  readonly open?: () => Promise<CheckpointSource>;
}

export interface StudyInputs {
  readonly engine: StudyEngine;
  readonly history: History;
  readonly settings: Accessor<RunSettings>;
  readonly preference: Accessor<ProviderPreference>;
  /** Quotes in use. */
  readonly quotes: Accessor<{
    readonly embedded: boolean;
    readonly sources: readonly string[];
    /** These quotes at another step, whatever is in use by then. */
    readonly sample: (stepMs: number, signal: AbortSignal) => Promise<readonly Grid[]>;
  }>;
  /** Checkpoints on this device beside those of the page. */
  readonly others: Accessor<readonly ModelChoice[]>;
}

export interface StudyState {
  readonly status: 'idle' | 'planning' | 'running' | 'stopped' | 'failed' | 'finished';
  /** Of the study as it now stands; undefined before it is planned. */
  readonly outline: StudyOutline | undefined;
  readonly stage: string;
  readonly unit: 'jobs' | 'figures';
  readonly done: number;
  readonly total: number;
  readonly secondsLeft: number | undefined;
  readonly problem: UserProblem | undefined;
  /** Of the record of the study that finished last. */
  readonly finished: string | undefined;
  readonly seconds: number;
}

export type Studies = ReturnType<typeof createStudies>;

/** Three families that a laptop runs in minutes. */
const firstModels = ['ttm-nano', 'timesfm-nano', 'timer-nano'];
const firstFigures: readonly FigureKind[] = ['market-line', 'lead-lag', 'beyond'];
const WINDOW_WEEKS = 4;

const nothingYet = {
  outline: undefined,
  stage: '',
  done: 0,
  total: 0,
  secondsLeft: undefined,
  problem: undefined,
  unit: 'jobs',
  finished: undefined,
  seconds: 0,
} as const;

export function createStudies(inputs: StudyInputs) {
  const { engine, history, settings } = inputs;
  const [state, setState] = createStore<StudyState>({ status: 'idle', ...nothingYet });
  const [models, setModels] = createSignal<ReadonlySet<string>>(new Set(firstModels));
  const [figures, setFigures] = createSignal<ReadonlySet<FigureKind>>(new Set(firstFigures));
  const [coarser, setCoarser] = createSignal<ReadonlySet<number>>(new Set());
  const [windowWeeks, setWindowWeeks] = createSignal(WINDOW_WEEKS);
  /** A manifest from a file or an earlier study, in place of the choices. */
  const [opened, setOpened] = createSignal<StudyManifest>();
  const [differences, setDifferences] = createSignal<readonly Difference[]>([]);
  let current: AbortController | undefined;

  const choices = createMemo((): readonly ModelChoice[] => {
    const ofPage = [
      ...embeddedCheckpoints.map(({ name, title }) => ofThePage(name, `${title} (${name})`, name)),
      ...baselineIds.map((id) => ofThePage(id, `${id.toUpperCase()}, a baseline`, `baselines/${id}`)),
    ];
    // A study tells its models apart by name.
    const taken = new Set(ofPage.map(({ name }) => name));
    return [
      ...ofPage,
      ...inputs.others().map((choice) => {
        let { name } = choice;
        for (let i = 2; taken.has(name); i++) name = `${choice.name} (${i})`;
        taken.add(name);
        return { ...choice, name };
      }),
    ];
  });
  const chosen = createMemo(() => choices().filter(({ name }) => models().has(name)));

  const manifest = createMemo((): StudyManifest => {
    const fromFile = opened();
    if (fromFile) return fromFile;
    const { embedded, sources } = inputs.quotes();
    return composeStudy({
      title: `${chosen()
        .map(({ name }) => name)
        .join(', ')} on ${embedded ? 'the simulated market' : sources.join(', ')}`.slice(0, 200),
      appVersion: version,
      quotes: embedded ? { kind: 'simulator', settings: defaultSimulatorSettings } : { kind: 'files', paths: sources },
      models: chosen().map(({ name, source, folder }) => ({
        name,
        source,
        folder,
        precision: 'f32',
        weightsSha256: null,
        configSha256: null,
      })),
      settings: settings(),
      figures: figures(),
      coarserMs: [...coarser()].sort((a, b) => a - b),
      windowWeeks: windowWeeks(),
    });
  });

  const requestFor = async (
    study: StudyManifest,
    { sample }: ReturnType<StudyInputs['quotes']>,
    signal: AbortSignal,
  ): Promise<StudyRequest> => {
    const files = new Set(study.data.filter(({ source }) => source.kind === 'files').map(({ id }) => id));
    const steps = [...new Set(wantedForecasts(study).flatMap(({ data, stepMs }) => (files.has(data) ? [stepMs] : [])))];
    const sampled: { stepMs: number; grids: readonly Grid[] }[] = [];
    for (const stepMs of steps) sampled.push({ stepMs, grids: await sample(stepMs, signal) });
    const checkpoints: Record<string, CheckpointSource> = {};
    for (const { name, source } of study.models) {
      const open = source === 'files' && choices().find((choice) => choice.name === name)?.open;
      if (open) checkpoints[name] = await open();
    }
    const jobsFolder = keptFolders.forecasts;
    const base = document.baseURI;
    // What is missing or different is listed before anything runs.
    return { manifest: study, repair: true, preference: inputs.preference(), base, jobsFolder, sampled, checkpoints };
  };

  /** Does one thing at a time; a second is not begun. */
  const attempt = async (
    status: 'planning' | 'running',
    work: (signal: AbortSignal) => Promise<Partial<StudyState>>,
  ): Promise<void> => {
    if (current) return;
    current = new AbortController();
    const { signal } = current;
    setState({ status, problem: undefined, finished: undefined, stage: '', done: 0, total: 0, secondsLeft: undefined });
    try {
      setState(await work(signal));
    } catch (caught) {
      if (isAbort(caught)) setState({ status: status === 'planning' ? 'idle' : 'stopped' });
      else setState({ status: 'failed', problem: toProblem(caught) });
    } finally {
      current = undefined;
    }
  };

  const run = (): Promise<void> =>
    attempt('running', async (signal) => {
      const [study, quotes] = [manifest(), inputs.quotes()];
      setState({ stage: 'Opening quotes and models' });
      const startMs = performance.now();
      const id = await history.begin({ kind: 'study', manifest: study, title: study.title });
      let notedMs = startMs;
      let share = 0;
      const seconds = (): number => (performance.now() - startMs) / 1000;
      try {
        const request = await requestFor(study, quotes, signal);
        const results = await engine.run(
          request,
          ({ stage, unit, done, total, secondsLeft }) => {
            if (signal.aborted) return;
            setState({ stage, unit, done, total, secondsLeft: unit === 'jobs' ? secondsLeft : undefined });
            // Of jobs alone: models that are being fetched, and figures, are counted in other units.
            if (unit === 'jobs' && total > 0) share = done / total;
            if (performance.now() - notedMs < NOTE_MS) return;
            notedMs = performance.now();
            void history.change(id, { ...(share > 0 && { share }), seconds: seconds() });
          },
          signal,
        );
        await history.finish(id, results, seconds());
        return { status: 'finished', finished: id, seconds: seconds() };
      } catch (caught) {
        await history.change(id, { ...(share > 0 && { share }), seconds: seconds() });
        throw caught;
      } finally {
        history.release(id);
      }
    });

  /** Toggles one of a set; what was planned no longer holds. */
  const toggle =
    <T>(set: (change: (before: ReadonlySet<T>) => ReadonlySet<T>) => unknown) =>
    (value: T, on: boolean): void => {
      setState({ outline: undefined });
      set((before) => new Set(on ? [...before, value] : [...before].filter((each) => each !== value)));
    };

  return {
    state,
    choices,
    models,
    figures,
    coarser,
    windowWeeks,
    manifest,
    /** The manifest that was opened, and what was repaired in it. */
    opened,
    differences,
    busy: (): boolean => state.status === 'planning' || state.status === 'running',
    chooseModel: toggle(setModels),
    chooseFigure: toggle(setFigures),
    chooseCoarser: toggle(setCoarser),
    useWindowWeeks: (weeks: number): void => {
      setState({ outline: undefined });
      setWindowWeeks(weeks);
    },
    plan: (): Promise<void> =>
      attempt('planning', async (signal) => {
        const outline = await engine.outline(await requestFor(manifest(), inputs.quotes(), signal), signal);
        return { status: 'idle', outline };
      }),
    run,
    stop: (): void => current?.abort(),
    /** Takes a manifest file in place of the choices. */
    openFile: async (file: File): Promise<void> => {
      setState({ outline: undefined, problem: undefined });
      try {
        const check = checkStudyManifest(JSON.parse(await file.text()), true);
        setDifferences(check.differences);
        if (check.kind === 'refused') setState({ status: 'failed', problem: check.problem });
        else {
          setOpened(check.manifest);
          setState({ status: 'idle' });
        }
      } catch {
        setState({
          status: 'failed',
          problem: {
            code: 'study/manifest',
            message: `${file.name} is not a manifest: it is no JSON.`,
            where: file.name,
          },
        });
      }
    },
    /** Takes an earlier study up again: jobs that are done are kept. */
    goOn: async (study: StudyManifest): Promise<void> => {
      setOpened(study);
      setDifferences([]);
      setState({ outline: undefined });
      await run();
    },
    close: (): void => {
      setOpened(undefined);
      setDifferences([]);
      setState({ status: 'idle', ...nothingYet });
    },
  };
}

/** A page that is closed leaves no more than this unsaid. */
const NOTE_MS = 5_000;

function ofThePage(name: string, label: string, folder: string): ModelChoice {
  return { name, label, source: 'embedded', folder };
}
