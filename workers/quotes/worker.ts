/** Hosts the quotes: joins what the readers read, holds the series, samples them on grids, and minds the remembered ones. */

import '../link/guard.ts';
import { transfer } from 'comlink';
import { buffersOf } from '../../src/core/buffers.ts';
import { memoryBytes } from '../../src/core/deviceBudget.ts';
import { fail, type UserProblem } from '../../src/core/errors.ts';
import type { Calendar, Grid, QuoteSeries } from '../../src/core/types.ts';
import { QuoteCache } from '../../src/quotes/cache/quoteCache.ts';
import type { FileRead } from '../../src/quotes/cache/rememberedFile.ts';
import { browserStorage } from '../../src/quotes/cache/storage.ts';
import { checkGridSizes, type GridSizes, mostTicksOf } from '../../src/quotes/gridBudget.ts';
import { assemble } from '../../src/quotes/import.ts';
import { defaultSimulatorSettings, simulateMarket } from '../../src/quotes/market/simulator.ts';
import type { ReadPart } from '../../src/quotes/readFile.ts';
import { countTicks, type ResampleSettings, resample } from '../../src/quotes/resample.ts';
import type { FileReport, StoredQuotes, SymbolHealth } from '../../src/quotes/types.ts';
import { failedFile } from '../../src/quotes/unread.ts';
import { exposeService } from '../link/expose.ts';

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

/** By number: the sets that were opened and not let go. Which of them is in use is the page's to say, so that nothing half opened is sampled. */
const sets = new Map<number, readonly QuoteSeries[]>();
let opened = 0;
/** What was read last and is still to be kept in the browser's storage. */
let toKeep: readonly FileRead[] = [];

async function storedQuotes(): Promise<QuoteCache | undefined> {
  const storage = await browserStorage();
  return storage && new QuoteCache(storage);
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

let keeping: Promise<unknown> = Promise.resolve();

async function keepAll(): Promise<readonly UserProblem[]> {
  const files = toKeep;
  toKeep = [];
  const cache = await storedQuotes();
  const problems = new Map<string, UserProblem>();
  for (const { keepAs, parts } of files) {
    const problem = keepAs && (await cache?.put(keepAs, parts));
    if (problem) problems.set(problem.message, problem);
  }
  return [...problems.values()];
}

const service = {
  async openEmbedded(): Promise<{ readonly series: readonly SeriesSummary[]; readonly set: number }> {
    const { series } = simulateMarket(defaultSimulatorSettings);
    return { series: series.map(summarise), set: hold(series) };
  },

  /** Takes over remembered quotes by their keys, and behind them what was read of files, in the order of the files: a set of their own. */
  async takeOver(
    storedKeys: readonly string[],
    files: readonly FileRead[],
    calendar: Calendar | undefined,
    signal: AbortSignal,
  ): Promise<QuotesAssembled> {
    const stored = await openStored(storedKeys, signal);
    const assembled = await takeOver([...stored, ...files.flatMap(({ parts }) => parts)], calendar, signal);
    toKeep = files.filter(({ keepAs }) => keepAs);
    return assembled;
  },

  /** Keeps what was taken over last in the browser's storage; resolves to the reasons why some of it could not be kept, each once. */
  keep(): Promise<readonly UserProblem[]> {
    const kept = keeping.then(keepAll);
    keeping = kept.catch(() => {});
    return kept;
  },

  /** @throws UserError where a series cannot be sampled so, or the set is not held any more */
  async sample(set: number, { symbols, ...settings }: Sampling): Promise<Grid[]> {
    const series = chosenOf(set, symbols);
    checkGridSizes(sizesOf(series, settings), settings.stepMs);
    const grids = series.map((each) => resample(each, settings));
    return transfer(grids, buffersOf(grids));
  },

  /** What the grids of all series of a set would take, and what there is room for. */
  async sizes(set: number, settings: ResampleSettings): Promise<GridSizes> {
    return sizesOf(chosenOf(set, undefined), settings);
  },

  /** Lets go of every set but one. */
  async keepOnly(set: number): Promise<void> {
    for (const other of [...sets.keys()]) if (other !== set) sets.delete(other);
  },

  async stored(): Promise<readonly StoredQuotes[]> {
    return (await storedQuotes())?.list() ?? [];
  },

  /** Once nothing is being written any more that would be there again afterwards. */
  async forget(key: string): Promise<void> {
    await keeping;
    await (await storedQuotes())?.forget(key);
  },

  async forgetAll(): Promise<void> {
    toKeep = [];
    await keeping;
    await (await storedQuotes())?.forgetAll();
  },
};

export type QuotesService = typeof service;

async function takeOver(
  parts: readonly ReadPart[],
  calendar: Calendar | undefined,
  signal: AbortSignal,
): Promise<QuotesAssembled> {
  const { series, health, reports } = await assemble(parts, signal, calendar);
  signal.throwIfAborted();
  return { reports, health, series: series.map(summarise), set: series.length > 0 ? hold(series) : undefined };
}

function hold(series: readonly QuoteSeries[]): number {
  sets.set(++opened, series);
  return opened;
}

function chosenOf(set: number, symbols: readonly string[] | undefined): readonly QuoteSeries[] {
  const series = sets.get(set) ?? fail(lost.code, lost.message, { hint: lost.hint });
  const chosen = symbols && new Set(symbols);
  return chosen ? series.filter(({ symbol }) => chosen.has(symbol)) : series;
}

function sizesOf(series: readonly QuoteSeries[], settings: ResampleSettings): GridSizes {
  const sizes = series.map((each) => ({
    symbol: each.symbol,
    quotes: each.timeMs.length,
    ticks: countTicks(each, settings),
  }));
  return { sizes, mostTicks: mostTicksOf(memoryBytes()) };
}

const lost = {
  code: 'quotes/lost',
  message: 'The quotes are no longer in memory.',
  hint: 'Drop their files again, or go back to the embedded market.',
};

const gone = {
  code: 'quotes/not-stored',
  message: 'These quotes are no longer in the browser’s storage, or were damaged there.',
  hint: 'Drop their file again.',
};

function summarise({ symbol, source, timeMs, calendar }: QuoteSeries): SeriesSummary {
  return { symbol, source, rows: timeMs.length, calendar };
}

exposeService(service);
