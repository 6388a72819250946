/** The quotes in use: the embedded market, files or remembered quotes; what was found in them, and the grids they are sampled on. */

import { type Accessor, createEffect, createMemo, createSignal, on } from 'solid-js';
import { createStore, unwrap } from 'solid-js/store';
import type { HeldQuotes, QuotesEngine } from '../../../../workers/quotes/client.ts';
import { isAbort, toProblem, type UserProblem } from '../../../core/errors.ts';
import type { Calendar, Grid } from '../../../core/types.ts';
import type { GridSizes } from '../../../quotes/gridBudget.ts';
import type { ResampleSettings } from '../../../quotes/resample.ts';
import type { Sampling, SeriesSummary } from '../../../quotes/service.ts';
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

/** The quotes that a run would be made on: they are shown, planned, run and saved as this one value, and changed as one. */
export interface QuotesInUse {
  readonly source: 'embedded' | 'files';
  readonly series: readonly SeriesSummary[];
  readonly health: readonly SymbolHealth[];
  /** Remembered quotes among them, in use without their files. */
  readonly storedKeys: readonly string[];
  /** As the worker holds them; undefined before the first are opened. */
  readonly held: HeldQuotes | undefined;
  /** One a series that was chosen, sampled by `sampling`; none where the series cannot be sampled so. */
  readonly grids: readonly Grid[];
  readonly sampling: Sampling | undefined;
}

export interface DataState {
  /** What is being done, while it is. */
  readonly busy: string | undefined;
  /** How far the reading of files is, while it is under way, and a first look at what they hold. */
  readonly progress: ReadProgress | undefined;
  readonly previews: readonly QuotePreview[];
  readonly problem: UserProblem | undefined;
  readonly reports: readonly FileReport[];
  /** Names of the files whose quotes came out of the browser's storage. */
  readonly remembered: readonly string[];
  /** How many readings have been remembered, or not, so far. */
  readonly keptReadings: number;
  /** Why quotes will not be remembered. */
  readonly storageProblems: readonly UserProblem[];
  /** What is done about dirt, where it is not the default. */
  readonly policies: Policies;
  /** When the markets of dropped files are open, where a person says so. */
  readonly calendar: Calendar | undefined;
}

export type Data = ReturnType<typeof createData>;

/** What `createData` asks of the quotes engine. */
export type QuotesSource = Pick<
  QuotesEngine,
  'openEmbedded' | 'readFiles' | 'sample' | 'sizes' | 'holds' | 'keepOnly' | 'tryReading'
>;

/** Quotes that were opened and are to be sampled, with what is known once they are in use. */
interface Candidate extends Omit<QuotesInUse, 'grids' | 'sampling'> {
  readonly held: HeldQuotes;
  readonly files: readonly DroppedFile[];
}

const nothing: QuotesInUse = {
  ...{ source: 'embedded', series: [], health: [], storedKeys: [] },
  ...{ held: undefined, grids: [], sampling: undefined },
};

/** @param suit sets what should suit quotes that were just opened, before they are sampled */
export function createData(
  engine: QuotesSource,
  resampling: Accessor<ResampleSettings>,
  suit: (opened: Pick<QuotesInUse, 'source' | 'series' | 'health'>) => void = () => {},
) {
  const [state, setState] = createStore<DataState>({
    busy: undefined,
    progress: undefined,
    previews: [],
    problem: undefined,
    reports: [],
    remembered: [],
    keptReadings: 0,
    storageProblems: [],
    policies: {},
    calendar: undefined,
  });
  const [inUse, setInUse] = createSignal<QuotesInUse>(nothing);
  /** Symbols to be used of those that were read; undefined for all. */
  const [chosen, setChosen] = createSignal<readonly string[]>();
  const sampling = createMemo((): Sampling => {
    const symbols = chosen();
    return { ...resampling(), ...(symbols && { symbols }) };
  });
  /** Files of the quotes in use. */
  let files: readonly DroppedFile[] = [];
  /** Every file of the last reading: one that could not be read may be once its columns are named. */
  let tried: readonly DroppedFile[] = [];
  /** Files of drops that are still being read: the next drop must not lose them. */
  let pending: readonly DroppedFile[] = [];
  let byFile: Readonly<Record<string, FileOverrides>> = {};
  let current = new AbortController();
  const idle = (): boolean => state.busy === undefined;
  const sampled = (): boolean => {
    const { sampling: by } = inUse();
    return by !== undefined && sameSampling(by, sampling());
  };

  /** Samples what was opened, else what is in use, and puts it to use: without grids where that fails. */
  const putToUse = async (candidate: Candidate | undefined, signal: AbortSignal): Promise<void> => {
    const next = candidate ?? inUse();
    if (!next.held) return;
    let settings = sampling();
    let grids: readonly Grid[] = [];
    let failure: { readonly caught: unknown } | undefined;
    try {
      grids = await engine.sample(next.held, settings, signal);
      // Another step may have been chosen in the meantime.
      while (!sameSampling(settings, sampling())) {
        settings = sampling();
        grids = await engine.sample(next.held, settings, signal);
      }
    } catch (caught) {
      signal.throwIfAborted();
      grids = [];
      failure = { caught };
    }
    signal.throwIfAborted();
    const { source, series, health, storedKeys, held } = next;
    setInUse({ source, series, health, storedKeys, held, grids, sampling: settings });
    if (candidate) {
      ({ files } = candidate);
      // A worker that cannot let go has ended, and the quotes with it.
      void engine.keepOnly(candidate.held).catch(() => {});
    }
    if (failure) throw failure.caught;
  };

  /** Opens something, or leaves what is in use, and samples it; a newer change cancels it. */
  const change = async (
    busy: string,
    open: (signal: AbortSignal) => Promise<Candidate | undefined>,
    problem?: UserProblem,
  ): Promise<void> => {
    current.abort();
    current = new AbortController();
    const { signal } = current;
    setState({ problem, busy });
    try {
      const candidate = await open(signal);
      signal.throwIfAborted();
      if (candidate) {
        suit(candidate);
        if (!sameSymbols(candidate.series, inUse().series)) setChosen(undefined);
      }
      setState({ busy: 'Sampling the quotes', progress: undefined });
      await putToUse(candidate, signal);
    } catch (caught) {
      if (current.signal === signal && !isAbort(caught)) setState({ problem: toProblem(caught) });
    }
    if (current.signal !== signal) return;
    pending = [];
    setState({ busy: undefined, progress: undefined, previews: [] });
    const { held } = inUse();
    if (sampled() || !held) return;
    // What stays in use has to be sampled by what was set in the meantime, or not be used at all.
    if (engine.holds(held)) return change('Sampling the quotes', async () => undefined, unwrap(state.problem));
    setInUse((before) => ({ ...before, grids: [], sampling: undefined }));
    if (!state.problem) setState({ problem: notRead });
  };

  const openEmbedded = (): Promise<void> => {
    pending = [];
    return change('Simulating the market', async (signal) => {
      const opened = await engine.openEmbedded(signal);
      signal.throwIfAborted();
      tried = [];
      setState({ reports: [], remembered: [], storageProblems: [] });
      return { source: 'embedded', health: [], storedKeys: [], files: [], ...opened };
    });
  };

  const overrides = (): ImportOverrides => ({
    policies: unwrap(state.policies),
    ...(state.calendar && { calendar: unwrap(state.calendar) }),
    savedMappings: loadMappings(),
    byFile,
  });

  /** Undefined where nothing usable is in the files: the quotes in use stay in use. */
  const open = async (
    all: readonly DroppedFile[],
    storedKeys: readonly string[],
    signal: AbortSignal,
  ): Promise<Candidate | undefined> => {
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
    const { series, reports, health, remembered, kept, held } = read;
    void kept.then((storageProblems) => {
      if (current.signal === signal) setState({ storageProblems });
      setState({ keptReadings: state.keptReadings + 1 });
    });
    signal.throwIfAborted();
    setState({ reports, storageProblems: [] });
    if (!held) return undefined;
    setState({ remembered });
    const own = all.filter(({ path }) => reports.some((report) => report.file === path && !report.problem));
    return { source: 'files', series, health, storedKeys, held, files: own };
  };

  /** Reads everything in use, and what was dropped and is not read yet, with `storedKeys` in front. */
  const read = (busy: string, added: readonly DroppedFile[], storedKeys: readonly string[]): Promise<void> => {
    pending = mergeFiles(pending, added);
    return change(busy, (signal) => open(mergeFiles(files, pending), storedKeys, signal));
  };

  /** Samples again; a worker that lost the series reads them anew. */
  const sampleAgain = (): Promise<void> =>
    change('Sampling the quotes', async (signal) => {
      const { held, source, storedKeys } = inUse();
      if (held && engine.holds(held)) return undefined;
      if (source === 'files') return open(files, storedKeys, signal);
      return { source, health: [], storedKeys: [], files: [], ...(await engine.openEmbedded(signal)) };
    });

  // What is being opened is sampled by what is set when it is read.
  createEffect(on(sampling, () => void (idle() && !sampled() && sampleAgain()), { defer: true }));

  const fileNamed = (name: string): DroppedFile | undefined => tried.find(({ path }) => path === name);

  return {
    state,
    inUse,
    /** Those of the quotes in use; none where they cannot be sampled. */
    grids: (): readonly Grid[] => inUse().grids,
    /** Whether there are quotes that a run can begin with: read, and sampled as is set. */
    ready: (): boolean => idle() && sampled(),
    /** The quotes in use now, at another step. @throws UserError where they cannot be sampled so, or are not in use any more */
    sampler: () => {
      const { held } = inUse();
      return async (stepMs: number, signal: AbortSignal): Promise<readonly Grid[]> =>
        held ? engine.sample(held, { ...sampling(), stepMs }, signal) : [];
    },
    openEmbedded,
    /** Symbols in use of those that were read; undefined for all. */
    chosen,
    /** Uses some of the symbols that were read, or all. */
    choose: (symbols: readonly string[] | undefined): void => void setChosen(symbols),
    /** What every symbol would take, and what there is room for; undefined where the quotes are not in memory. */
    sizes: async (): Promise<GridSizes | undefined> => {
      const { held } = inUse();
      return held && engine.holds(held) ? engine.sizes(held, resampling()) : undefined;
    },
    /** Samples the quotes in use once more, after it failed or was stopped. */
    sampleAgain,
    /** Adds files to those dropped before: files of one symbol are joined whenever they came. */
    addFiles: (added: readonly DroppedFile[]): Promise<void> => read('Reading quotes', added, inUse().storedKeys),
    /** Adds remembered quotes to those in use, without their files. */
    addStored: (key: string): Promise<void> =>
      read('Opening remembered quotes', [], [...new Set([...inUse().storedKeys, key])]),
    /** Stops reading; what was in use before stays in use. */
    cancel: (): void => {
      pending = [];
      current.abort();
    },
    /** Turns a switch on what is done about dirt, and reads the files in use by it. */
    setPolicy: (kind: FindingKind, action: PolicyAction): Promise<void> => {
      setState({ policies: { ...unwrap(state.policies), [kind]: action } });
      return inUse().source === 'files' ? read('Reading quotes', [], inUse().storedKeys) : Promise.resolve();
    },
    /** Says when the markets of the files are open; undefined leaves it to the files and their stamps. */
    setCalendar: (calendar: Calendar | undefined): Promise<void> => {
      // Whole: a store would merge the hours of one with those of another.
      setState({ calendar: undefined });
      setState({ calendar });
      return inUse().source === 'files' ? read('Reading quotes', [], inUse().storedKeys) : Promise.resolve();
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
    /** Takes answers to what files left open, by their names, and reads them again. */
    answer: (answers: Readonly<Record<string, FileOverrides>>): Promise<void> => {
      const told = Object.entries(answers).map(([name, settings]) => [name, { ...byFile[name], ...settings }] as const);
      byFile = { ...byFile, ...Object.fromEntries(told) };
      const found = told.flatMap(([name]) => fileNamed(name) ?? []);
      return read('Reading quotes', found, inUse().storedKeys);
    },
    /** Reads a file by what a person says of it, and keeps that for files of its layout where `shape` is given. */
    mapFile: (name: string, settings: FileOverrides, shape: string | undefined): Promise<void> => {
      byFile = { ...byFile, [name]: settings };
      const { symbol: _, ...lasting } = settings;
      if (shape !== undefined) saveMapping(shape, lasting);
      const found = fileNamed(name);
      return read('Reading quotes', found ? [found] : [], inUse().storedKeys);
    },
  };
}

const notRead: UserProblem = {
  code: 'quotes/not-read',
  message: 'The quotes are not in memory any more, and reading them again was stopped.',
  hint: 'Read them again, or go back to the embedded market.',
};

function sameSymbols(a: readonly SeriesSummary[], b: readonly SeriesSummary[]): boolean {
  return a.length === b.length && a.every(({ symbol }, i) => symbol === b[i]!.symbol);
}

/** Most settings have nothing to do with the grid: only a real change is worth sampling again. */
export function sameSampling(a: Sampling, b: Sampling): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
