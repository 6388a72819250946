/** Hosts the quotes: reads dropped files, keeps the series in use, and samples them on grids. */

import { transfer } from 'comlink';
import type { Calendar, Grid, QuoteSeries } from '../src/core/types.ts';
import { readQuoteFiles } from '../src/quotes/import.ts';
import { type ResampleSettings, resample } from '../src/quotes/resample.ts';
import { defaultSimulatorSettings, simulateMarket } from '../src/quotes/simulator.ts';
import type { FileReport, ImportOverrides, SymbolHealth } from '../src/quotes/types.ts';
import { exposeService } from './wire.ts';

/** A file of the user's disk; its bytes are read in the worker. */
export interface NamedFile {
  /** With the folders it lay in, where they are known. */
  readonly name: string;
  readonly file: File;
}

/** A series without its columns. */
export interface SeriesSummary {
  readonly symbol: string;
  readonly source: string;
  readonly rows: number;
  readonly calendar: Calendar;
}

export interface QuotesRead {
  readonly reports: readonly FileReport[];
  /** One per series, in the same order. */
  readonly health: readonly SymbolHealth[];
  /** Empty where no file held a usable quote; the series in use before are then still in use. */
  readonly series: readonly SeriesSummary[];
}

let inUse: readonly QuoteSeries[] = [];

const service = {
  async openEmbedded(): Promise<SeriesSummary[]> {
    inUse = simulateMarket(defaultSimulatorSettings).series;
    return inUse.map(summarise);
  },

  async readFiles(files: readonly NamedFile[], overrides: ImportOverrides): Promise<QuotesRead> {
    const bytes = await Promise.all(files.map(async ({ file }) => new Uint8Array(await file.arrayBuffer())));
    const named = files.map(({ name }, i) => ({ name, bytes: bytes[i] as Uint8Array }));
    const { series, health, reports } = await readQuoteFiles(named, overrides);
    if (series.length > 0) inUse = series;
    return { reports, health, series: series.map(summarise) };
  },

  async sample(settings: ResampleSettings): Promise<Grid[]> {
    const grids = inUse.map((series) => resample(series, settings));
    return transfer(
      grids,
      grids.flatMap(({ timeMs, bid, ask, sessionStarts }) =>
        [timeMs, bid, ask, sessionStarts].map(({ buffer }) => buffer),
      ),
    );
  },
};

export type QuotesService = typeof service;

function summarise({ symbol, source, timeMs, calendar }: QuoteSeries): SeriesSummary {
  return { symbol, source, rows: timeMs.length, calendar };
}

exposeService(service);
