/**
 * The quotes worker's service: joins what the readers read, holds the series, samples them on grids, and minds the remembered ones. Pure of Comlink and
 * of any worker; `workers/quotes/worker.ts` exposes it.
 */

import type { UserProblem } from '../core/errors.ts';
import type { Calendar, Grid, QuoteSeries } from '../core/types.ts';
import { QuoteCache } from './cache/quoteCache.ts';
import type { FileRead } from './cache/rememberedFile.ts';
import { browserStorage } from './cache/storage.ts';
import { checkGridSizes, type GridSizes } from './gridBudget.ts';
import { HeldSets, sizesOf } from './heldSets.ts';
import { assemble } from './import.ts';
import { defaultSimulatorSettings, simulateMarket } from './market/simulator.ts';
import type { ReadPart } from './readFile.ts';
import { type ResampleSettings, resample } from './resample.ts';
import type { FileReport, StoredQuotes, SymbolHealth } from './types.ts';
import { failedFile } from './unread.ts';

/** A series without its columns. */
export interface SeriesSummary {
  readonly symbol: string;
  readonly source: string;
  readonly rows: number;
  readonly calendar: Calendar;
}

/** How series are sampled, and which: all where no symbols are named. */
export interface Sampling extends ResampleSettings {
  readonly symbols?: readonly string[];
}

/** What came of files, dropped or remembered. */
export interface QuotesAssembled {
  readonly reports: readonly FileReport[];
  /** One per series, in the same order. */
  readonly health: readonly SymbolHealth[];
  /** Empty where no file held a usable quote. */
  readonly series: readonly SeriesSummary[];
  /** Number of the set the series are held as; undefined where there are none. */
  readonly set: number | undefined;
}

export interface QuotesService {
  openEmbedded(): Promise<{ readonly series: readonly SeriesSummary[]; readonly set: number }>;
  /** Takes over remembered quotes by their keys, and behind them what was read of files, in the order of the files: a set of their own. */
  takeOver(
    storedKeys: readonly string[],
    files: readonly FileRead[],
    calendar: Calendar | undefined,
    signal: AbortSignal,
  ): Promise<QuotesAssembled>;
  /** Keeps what was taken over last in the browser's storage; resolves to the reasons why some of it could not be kept, each once. */
  keep(): Promise<readonly UserProblem[]>;
  /** @throws UserError where a series cannot be sampled so, or the set is not held any more */
  sample(set: number, sampling: Sampling): Promise<Grid[]>;
  /** What the grids of all series of a set would take, and what there is room for. */
  sizes(set: number, settings: ResampleSettings): Promise<GridSizes>;
  /** Lets go of every set but one. */
  keepOnly(set: number): Promise<void>;
  stored(): Promise<readonly StoredQuotes[]>;
  /** Once nothing is being written any more that would be there again afterwards. */
  forget(key: string): Promise<void>;
  forgetAll(): Promise<void>;
}

export function createQuotesService(): QuotesService {
  const held = new HeldSets();
  /** What was read last and is still to be kept in the browser's storage. */
  let toKeep: readonly FileRead[] = [];
  let keeping: Promise<unknown> = Promise.resolve();

  const keepAll = async (): Promise<readonly UserProblem[]> => {
    const files = toKeep;
    toKeep = [];
    return keepFiles(files);
  };

  return {
    async openEmbedded() {
      const { series } = simulateMarket(defaultSimulatorSettings);
      return { series: series.map(summarise), set: held.hold(series) };
    },
    async takeOver(storedKeys, files, calendar, signal) {
      const stored = await openStored(storedKeys, signal);
      const parts = [...stored, ...files.flatMap((file) => file.parts)];
      const { series, health, reports } = await assemble(parts, signal, calendar);
      signal.throwIfAborted();
      const set = series.length > 0 ? held.hold(series) : undefined;
      toKeep = files.filter(({ keepAs }) => keepAs);
      return { reports, health, series: series.map(summarise), set };
    },
    keep() {
      const kept = keeping.then(keepAll);
      keeping = kept.catch(() => {});
      return kept;
    },
    async sample(set, { symbols, ...settings }) {
      const series = held.of(set, symbols);
      checkGridSizes(sizesOf(series, settings), settings.stepMs);
      return series.map((each) => resample(each, settings));
    },
    sizes: async (set, settings) => sizesOf(held.of(set), settings),
    keepOnly: async (set) => held.keepOnly(set),
    stored: async () => (await storedQuotes())?.list() ?? [],
    async forget(key) {
      await keeping;
      await (await storedQuotes())?.forget(key);
    },
    async forgetAll() {
      toKeep = [];
      await keeping;
      await (await storedQuotes())?.forgetAll();
    },
  };
}

async function storedQuotes(): Promise<QuoteCache | undefined> {
  const storage = await browserStorage();
  return storage && new QuoteCache(storage);
}

async function keepFiles(files: readonly FileRead[]): Promise<readonly UserProblem[]> {
  const cache = await storedQuotes();
  const problems = new Map<string, UserProblem>();
  for (const { keepAs, parts } of files) {
    const problem = keepAs && (await cache?.put(keepAs, parts));
    if (problem) problems.set(problem.message, problem);
  }
  return [...problems.values()];
}

/** Remembered quotes without their files; an entry that is damaged or gone is a report with a problem. */
async function openStored(keys: readonly string[], signal: AbortSignal): Promise<ReadPart[]> {
  const cache = keys.length > 0 ? await storedQuotes() : undefined;
  const parts: ReadPart[] = [];
  for (const key of keys) {
    const opened = await cache?.open(key);
    parts.push(...(opened ?? [failedFile('remembered quotes', gone)]));
    signal.throwIfAborted();
  }
  return parts;
}

const gone: UserProblem = {
  code: 'quotes/not-stored',
  message: 'These quotes are no longer in the browser’s storage, or were damaged there.',
  hint: 'Drop their file again.',
};

function summarise({ symbol, source, timeMs, calendar }: QuoteSeries): SeriesSummary {
  return { symbol, source, rows: timeMs.length, calendar };
}
