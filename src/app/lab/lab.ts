/** The state of the page: one model per concern, and how they act on each other. */

import { batch, createContext, createEffect, createMemo, createSignal, on, useContext } from 'solid-js';
import { unwrap } from 'solid-js/store';
import { BacktestPool } from '../../../workers/backtests/client.ts';
import { HubEngine } from '../../../workers/hub/client.ts';
import {
  forgetKept,
  keptBytes,
  keptFiles,
  keptFolders,
  keptLimit,
  withForecasts,
} from '../../../workers/kept/client.ts';
import { ModelEngine } from '../../../workers/model/client.ts';
import { QuotesEngine } from '../../../workers/quotes/client.ts';
import { RecorderEngine } from '../../../workers/recorder/client.ts';
import { RiskEngine } from '../../../workers/risk/client.ts';
import { StudyEngine } from '../../../workers/study/client.ts';
import { TrainingEngine } from '../../../workers/training/client.ts';
import { UserError, type UserProblem } from '../../core/errors.ts';
import type { PricedRisk } from '../../marketLine/marketLineFits.ts';
import type { KeptCheckpoint } from '../../models/hub/library.ts';
import type { RunManifest } from '../../runs/runManifest.ts';
import { defaultRunSettings } from '../../runs/settings.ts';
import { bothTimes, type TradedTime, tradedTimeOf } from '../../training/fineTuning/walkForward.ts';
import { createData, sameSampling } from './data/data.ts';
import type { DroppedFile } from './data/droppedFiles.ts';
import { createRecording } from './data/recording.ts';
import { createSamples } from './data/samples.ts';
import { createStored } from './data/stored.ts';
import { sortFiles } from './model/checkpointFiles.ts';
import { createHub } from './model/hub.ts';
import { createModel } from './model/model.ts';
import { createModelTrial } from './model/modelTrial.ts';
import { createHistory } from './run/history.ts';
import { createImports, isRunFile } from './run/imports.ts';
import { otherModels, samplingOf, tradable, tunable } from './run/inUse.ts';
import { createKeptRuns } from './run/keptRuns.ts';
import { createRecordedRuns } from './run/recordedRuns.ts';
import { createRun, type RunInputs, type RunOutcome } from './run/run.ts';
import { createPlan } from './run/shownPlan.ts';
import { createSettings } from './settings/settings.ts';
import { createOpenedStudy, type OpenedStudy } from './study/openedStudy.ts';
import { createStudies } from './study/studies.ts';
import { createFamily } from './tuning/family.ts';
import { createFineTuning } from './tuning/fineTuning.ts';
import { until } from './until.ts';

export type Lab = ReturnType<typeof createLab>;

/** Starts the workers and opens what the page opens with. */
export function createLab() {
  const modelEngine = new ModelEngine();
  const backtester = new BacktestPool();
  const settings = createSettings();
  const sampling = createMemo(() => samplingOf(settings.values()), undefined, { equals: sameSampling });
  const quotesEngine = new QuotesEngine();
  // Files of exchange-traded instruments hold hours outside the regular session; the embedded market has none.
  const data = createData(quotesEngine, sampling, ({ source, series, health }) => {
    // What a link or an earlier run sets stays as it is.
    const suit: typeof settings.edit = (id, value) => openedStudy.names(id) || settings.edit(id, value);
    const years = health.map(({ daysPerYear }) => daysPerYear);
    const calendar = series.map((each) => each.calendar).find((each) => each.kind === 'exchange');
    batch(() => {
      // Files of several markets share the year of the one that trades least: figures are then not made larger by it.
      suit('periodsPerYear', years.length > 0 ? Math.min(...years) : defaultRunSettings.periodsPerYear);
      suit('sessionWindow', calendar !== undefined && source === 'files');
      if (!calendar) return;
      suit('windowStart', calendar.open);
      suit('windowEnd', calendar.close);
      suit('windowTimeZone', calendar.timeZone);
    });
  });
  const samples = createSamples(data.addFiles);
  const recording = createRecording(new RecorderEngine(), data.addFiles);
  const stored = createStored(
    quotesEngine,
    recording,
    () => history.forgetAll(),
    () => hub.removeAll(),
  );
  const model = createModel(modelEngine);
  const hub = createHub(new HubEngine());
  const riskEngine = new RiskEngine();
  const run = createRun({ backtester, resample: riskEngine.intervals, withForecasts });
  const kept = createKeptRuns(riskEngine.intervals);
  const history = createHistory({
    records: keptFiles(keptFolders.records),
    results: keptFiles(keptFolders.results),
    forecasts: {
      bytes: () => keptBytes(keptFolders.forecasts),
      forget: () => forgetKept(keptFolders.forecasts),
      limit: keptLimit,
    },
  });
  const imports = createImports(kept, history, riskEngine.intervals);
  const recorded = createRecordedRuns(run, history);
  const studies = createStudies({
    engine: new StudyEngine(),
    history,
    settings: settings.values,
    preference: () => model.state.preference,
    quotes: () => ({
      embedded: data.inUse().source === 'embedded',
      sources: [...new Set(data.inUse().series.flatMap(({ source }) => source.split(', ')))],
      sample: data.sampler(),
    }),
    others: () => otherModels(model.state, modelEngine.source, hub),
  });
  // A symbol without a tick in any session is shown as such and left out of runs.
  const loadedGrids = createMemo(() => data.grids().filter((grid) => grid.timeMs.length > 0));
  /** From when on the model in use may be traded: one that was tuned here has seen what came before. */
  /** The time left to every member of a family, while it is run. */
  const [familyTime, setFamilyTime] = createSignal<TradedTime>();
  const traded = createMemo(() => bothTimes(tradedTimeOf(model.state.loaded?.card.metadata), familyTime()), undefined, {
    equals: (a, b) => a?.startMs === b?.startMs && a?.endExclusiveMs === b?.endExclusiveMs,
  });
  const tradedFromMs = (): number | undefined => traded()?.startMs;
  const studied = createMemo(() => tradable(loadedGrids(), traded()));
  const openedStudy = createOpenedStudy({
    edit: settings.edit,
    openModel: model.openEmbedded,
    grids: studied,
    card: () => model.state.loaded?.card,
  });
  const trial = createModelTrial({
    card: () => model.state.loaded?.card,
    settings: settings.values,
    measure: (forecast) => modelEngine.measure(forecast),
    forecast: (grid, forecast) => modelEngine.forecast(grid, forecast),
  });
  const plan = createPlan({
    grids: studied,
    settings: settings.values,
    model: () => model.state.loaded,
    measure: (forecast, signal) => modelEngine.measure(forecast, signal),
  });
  const trainingEngine = new TrainingEngine();
  const tuning = createFineTuning({
    engine: trainingEngine,
    grids: loadedGrids,
    source: () => (model.state.status === 'ready' && model.state.loaded ? tunable(modelEngine.source) : undefined),
    answers: () => modelEngine.answers,
    preference: () => model.state.preference,
  });
  const [priced, setPriced] = createSignal<PricedRisk>('aleatory');
  const [opened, setOpened] = createSignal<number>();

  createEffect(
    on(run.outcome, (outcome) => {
      if (outcome && !familyTime()) void kept.keep(outcome);
    }),
  );
  // A point opened in one run means nothing in the next.
  createEffect(on(run.outcome, () => setOpened(undefined), { defer: true }));

  const canRun = (): boolean =>
    !run.running() &&
    data.ready() &&
    model.state.status === 'ready' &&
    plan()?.problems.length === 0 &&
    Object.keys(settings.problems()).length === 0;

  const startRun = async (): Promise<void> => {
    const loaded = model.state.loaded;
    if (!loaded || !canRun()) return;
    const inputs: RunInputs = {
      embedded: { quotes: data.inUse().source === 'embedded', model: model.state.source === 'embedded' },
      backtestSeconds: plan()?.backtestSeconds ?? 0,
      grids: studied(),
      settings: settings.values(),
      series: data.inUse().series,
      forecaster: {
        ...unwrap(loaded),
        measure: (forecast) => modelEngine.measure(forecast),
        forecast: (...request) => modelEngine.forecast(...request),
        release: async () => {},
      },
    };
    recorded.begin(inputs);
    await run.start(inputs);
  };

  /** Runs the study with a kept checkpoint; the outcome, unless the run was stopped. */
  const runKept = async (checkpoint: KeptCheckpoint, time: TradedTime): Promise<RunOutcome | undefined> => {
    setFamilyTime(time);
    try {
      await model.openKept(() => hub.open(checkpoint.id));
      if (model.state.problem) throw new UserError(unwrap(model.state.problem));
      const faults = (): boolean => Object.keys(settings.problems()).length > 0;
      await until(() => canRun() || faults() || (plan()?.problems.length ?? 0) > 0);
      const problem = plan()?.problems[0];
      if (problem) throw new UserError(problem);
      await startRun();
      await until(() => !run.running());
      if (run.state.problem) throw new UserError(unwrap(run.state.problem));
      return run.state.status === 'finished' ? run.outcome() : undefined;
    } finally {
      setFamilyTime(undefined);
    }
  };
  const family = createFamily({
    ...{ engine: trainingEngine, tuning, runMember: runKept, join: kept.addFamily, cancelRun: run.cancel },
    kept: () => hub.state.kept,
    keep: hub.keep,
  });

  /** Waiting to be run as soon as its model and quotes are there. */
  const [goingOn, setGoingOn] = createSignal<OpenedStudy>();
  /** Runs an earlier run again, or to its end: days that were forecast then are not forecast anew. */
  const goOn = async (manifest: RunManifest): Promise<void> => {
    await openedStudy.open(manifest);
    setGoingOn(openedStudy.study());
  };
  createEffect(() => {
    const wanted = goingOn();
    if (!wanted) return;
    const differences = openedStudy.differences();
    if (openedStudy.study() !== wanted || (differences && differences.length > 0)) setGoingOn(undefined);
    else if (differences && canRun()) {
      setGoingOn(undefined);
      void startRun();
    }
  });

  /** Files go where they belong, wherever on the page they were dropped. */
  const [notTaken, setNotTaken] = createSignal<UserProblem>();
  const dropFiles = async (files: readonly DroppedFile[]): Promise<void> => {
    if (run.running()) {
      setNotTaken(runningProblem(files.map(({ path }) => path)));
      return;
    }
    setNotTaken(undefined);
    const saved = await Promise.all(files.map(isRunFile));
    const runs = files.filter((_, i) => saved[i]);
    if (runs.length > 0) void imports.add(runs);
    const { config, weights, quotes } = sortFiles(files.filter((_, i) => !saved[i]));
    if (config || weights.length > 0) void model.addFiles(config, weights);
    if (quotes.length > 0) void data.addFiles(quotes);
  };

  void data.openEmbedded();
  void model.openEmbedded(openedStudy.embeddedModel);
  void history.refresh();

  return {
    data,
    samples,
    recording,
    stored,
    model,
    hub,
    settings,
    openedStudy,
    plan,
    studied,
    tradedFromMs,
    tuning,
    family,
    run,
    kept,
    riskEngine,
    backtester,
    canRun,
    startRun,
    dropFiles,
    /** Why files that were dropped last were not taken. */
    notTaken: (): UserProblem | undefined => (run.running() ? notTaken() : undefined),
    priced,
    setPriced,
    history,
    studies,
    trial,
    imports,
    goOn,
    opened,
    setOpened,
  };
}

function runningProblem(names: readonly string[]): UserProblem {
  return {
    code: 'page/run-under-way',
    message: `A run is under way, and what it is made of does not change: ${names.length === 1 ? 'the file was' : `${names.length} files were`} not taken.`,
    where: names.slice(0, 3).join(', '),
    hint: 'Drop them again when it has finished, or cancel it first: finished days are kept.',
  };
}

const LabContext = createContext<Lab>();

export const LabProvider = LabContext.Provider;

export function useLab(): Lab {
  const lab = useContext(LabContext);
  if (!lab) throw new Error('useLab outside of LabProvider');
  return lab;
}
