/** The quotes in use: the embedded market, files or remembered quotes; what was found in them, and the grids they are sampled on. */

import { type Accessor, createEffect, createSignal, on } from 'solid-js';
import { createStore, unwrap } from 'solid-js/store';
import type { QuotesEngine } from '../../../../workers/quotes/client.ts';
import type { SeriesSummary } from '../../../../workers/quotes/worker.ts';
import { isAbort, toProblem, type UserProblem } from '../../../core/errors.ts';
import type { Grid } from '../../../core/types.ts';
import type { ResampleSettings } from '../../../quotes/resample.ts';
import type { Trial } from '../../../quotes/table/trial.ts';
import type {
  FileOverrides,
  FileReport,
  FindingKind,
  ImportOverrides,
  Policies,
  PolicyAction,
  QuotePreview,
  ReadProgress,
  SymbolHealth,
} from '../../../quotes/types.ts';
import { type DroppedFile, mergeFiles } from './droppedFiles.ts';
import { loadMappings, saveMapping } from './savedMappings.ts';

export interface DataState {
  readonly source: 'embedded' | 'files';
  /** What is being done, while it is. */
  readonly busy: string | undefined;
  /** How far the reading of files is, while it is under way, and a first look at what they hold. */
  readonly progress: ReadProgress | undefined;
  readonly previews: readonly QuotePreview[];
  readonly problem: UserProblem | undefined;
  readonly reports: readonly FileReport[];
  readonly health: readonly SymbolHealth[];
  readonly series: readonly SeriesSummary[];
  /** Names of the files whose quotes came out of the browser's storage. */
  readonly remembered: readonly string[];
  /** How many readings have been remembered, or not, so far. */
  readonly keptReadings: number;
  /** Why quotes will not be remembered. */
  readonly storageProblems: readonly UserProblem[];
  /** What is done about dirt, where it is not the default. */
  readonly policies: Policies;
  /** Remembered quotes in use without their files. */
  readonly storedInUse: readonly string[];
}

export type Data = ReturnType<typeof createData>;

export function createData(engine: QuotesEngine, sampling: Accessor<ResampleSettings>) {
  const [state, setState] = createStore<DataState>({
    source: 'embedded',
    busy: undefined,
    progress: undefined,
    previews: [],
    problem: undefined,
    reports: [],
    health: [],
    series: [],
    remembered: [],
    keptReadings: 0,
    storageProblems: [],
    policies: {},
    storedInUse: [],
  });
  const [grids, setGrids] = createSignal<readonly Grid[]>([]);
  let files: readonly DroppedFile[] = [];
  /** Every file of the last reading: one that could not be read may be once its columns are named. */
  let tried: readonly DroppedFile[] = [];
  /** Files of drops that are still being read: the next drop must not lose them. */
  let pending: readonly DroppedFile[] = [];
  let byFile: Readonly<Record<string, FileOverrides>> = {};
  let generation: number | undefined;
  let current = new AbortController();

  /** Does one thing with the quotes and samples them; a newer one cancels it. */
  const change = async (busy: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> => {
    current.abort();
    current = new AbortController();
    const { signal } = current;
    setState({ problem: undefined, busy });
    try {
      await work(signal);
      setState({ busy: 'Sampling the quotes', progress: undefined });
      setGrids(await engine.sample(sampling(), signal));
    } catch (caught) {
      if (signal.aborted || isAbort(caught)) return;
      setState({ problem: toProblem(caught) });
    } finally {
      if (current.signal === signal) setState({ busy: undefined, progress: undefined, previews: [] });
    }
  };

  const openEmbedded = (): Promise<void> =>
    change('Simulating the market', async (signal) => {
      const series = await engine.openEmbedded(signal);
      files = [];
      generation = engine.generation;
      setState({
        source: 'embedded',
        reports: [],
        health: [],
        remembered: [],
        storageProblems: [],
        storedInUse: [],
        series,
      });
    });

  const overrides = (): ImportOverrides => ({
    policies: unwrap(state.policies),
    savedMappings: loadMappings(),
    byFile,
  });

  const open = async (
    all: readonly DroppedFile[],
    storedKeys: readonly string[],
    signal: AbortSignal,
  ): Promise<void> => {
    tried = all;
    const named = all.map(({ path, file }) => ({ name: path, file }));
    const previews: QuotePreview[] = [];
    const options = {
      overrides: overrides(),
      onProgress: (progress: ReadProgress) => !signal.aborted && setState({ progress }),
      onPreview: (preview: QuotePreview) => {
        previews.push(preview);
        if (!signal.aborted) setState({ previews: [...previews] });
      },
    };
    const read = await engine.readFiles(named, signal, options, storedKeys);
    const { series, reports, health, remembered, kept } = read;
    setState({ reports, storageProblems: [] });
    void kept.then((storageProblems) => {
      if (current.signal === signal) setState({ storageProblems });
      setState({ keptReadings: state.keptReadings + 1 });
    });
    // A drop of nothing but unreadable files leaves the data as they were.
    if (series.length === 0) return;
    files = all.filter(({ path }) => reports.some((report) => report.file === path && !report.problem));
    generation = engine.generation;
    setState({ source: 'files', series, health, remembered, storedInUse: storedKeys });
  };

  /** Reads everything in use again, after a change of how. */
  const readAgain = (all: readonly DroppedFile[]): Promise<void> =>
    change('Reading quotes', (signal) => open(all, unwrap(state.storedInUse), signal));

  /** Samples again; a worker that lost the series reads them anew. */
  const sampleAgain = (): Promise<void> =>
    change('Sampling the quotes', async (signal) => {
      if (generation !== undefined && engine.generation === generation) return;
      if (state.source === 'files') return open(files, unwrap(state.storedInUse), signal);
      await engine.openEmbedded(signal);
      generation = engine.generation;
    });

  createEffect(on(sampling, () => void sampleAgain(), { defer: true }));

  const fileNamed = (name: string): DroppedFile | undefined => tried.find(({ path }) => path === name);

  return {
    state,
    grids,
    openEmbedded,
    /** Adds files to those dropped before: files of one symbol are joined whenever they came. */
    addFiles: (added: readonly DroppedFile[]): Promise<void> => {
      pending = mergeFiles(pending, added);
      return change('Reading quotes', async (signal) => {
        try {
          await open(mergeFiles(files, pending), unwrap(state.storedInUse), signal);
        } finally {
          if (!signal.aborted) pending = [];
        }
      });
    },
    /** Adds remembered quotes to those in use, without their files. */
    addStored: (key: string): Promise<void> =>
      change('Opening remembered quotes', (signal) =>
        open(files, [...new Set([...unwrap(state.storedInUse), key])], signal),
      ),
    /** Stops reading; what was in use before stays in use. */
    cancel: (): void => {
      current.abort();
      pending = [];
      setState({ busy: undefined, progress: undefined, previews: [] });
    },
    /** Turns a switch on what is done about dirt, and reads the files in use by it. */
    setPolicy: (kind: FindingKind, action: PolicyAction): Promise<void> => {
      setState({ policies: { ...unwrap(state.policies), [kind]: action } });
      return state.source === 'files' ? readAgain(files) : Promise.resolve();
    },
    /** What is set for a file. */
    overridesOf: (name: string): FileOverrides => byFile[name] ?? {},
    /** Whether the file is at hand: remembered quotes are in use without theirs. */
    hasFile: (name: string): boolean => fileNamed(name) !== undefined,
    /** The beginning of a file, as it would be read by the settings given. */
    tryReading: async (name: string, member: string | undefined, settings: FileOverrides): Promise<Trial> => {
      const found = fileNamed(name);
      if (!found) return { problem: { code: 'quotes/gone', message: 'The file is no longer at hand; drop it again.' } };
      return engine.tryReading({ name, file: found.file }, member, settings);
    },
    /** Reads a file by what a person says of it, and keeps that for files of its layout where `shape` is given. */
    mapFile: (name: string, settings: FileOverrides, shape: string | undefined): Promise<void> => {
      byFile = { ...byFile, [name]: settings };
      const { symbol: _, ...lasting } = settings;
      if (shape !== undefined) saveMapping(shape, lasting);
      const found = fileNamed(name);
      return readAgain(found ? mergeFiles(files, [found]) : files);
    },
  };
}
