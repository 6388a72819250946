/**
 * The end-to-end cases, stage by stage: quote files → grids → forecasts of the real model under the given masks → trades,
 * daily returns, variance split and lines. Works in node and in a browser.
 */

import type { Forecasts, Grid } from '../../src/core/types.ts';
import { directBacktester } from '../../src/marketLine/backtester.ts';
import { pricedRisks } from '../../src/marketLine/marketLineFits.ts';
import { openCheckpoint } from '../../src/models/checkpoint.ts';
import { floatValues, readSafetensors, type SafetensorsFile } from '../../src/models/checkpoints/safetensors.ts';
import { midsOf } from '../../src/models/contexts.ts';
import type { MaskSampler } from '../../src/models/dropout.ts';
import { createForecaster } from '../../src/models/forecaster.ts';
import { maskInput } from '../../src/models/graph/builder.ts';
import type { Runtime } from '../../src/models/runtime/runtime.ts';
import { forecastTicks, holdForecasts } from '../../src/models/schedule.ts';
import { readQuoteFiles } from '../../src/quotes/import.ts';
import { resample } from '../../src/quotes/resample.ts';
import { marketLineOf } from '../../src/runs/run.ts';
import { defaultRunSettings } from '../../src/runs/settings.ts';
import type { StrategyConfig } from '../../src/strategy/config.ts';
import type { GoldenComparison } from './golden.ts';

/** What is read of an `expected.json`. */
export interface EndToEndCase {
  readonly quotes: readonly string[];
  readonly symbols: readonly string[];
  readonly days: readonly string[];
  readonly model: string;
  readonly settings: {
    readonly resolutionMs: number;
    readonly sessionWindow: { readonly timeZone: string; readonly start: string; readonly end: string };
    readonly contextLength: number;
    readonly stride: number;
    readonly K: number;
    readonly p: number;
  };
  readonly configs: readonly StrategyConfig[];
  readonly expected: {
    /** [C][K+1][D] */
    readonly dailyReturns: readonly (readonly (readonly number[])[])[];
    /** [C][K+1][A] */
    readonly trades: readonly (readonly (readonly number[])[])[];
    /** [C] */
    readonly mean: readonly number[];
    readonly totalVariance: readonly number[];
    readonly epistemicVariance: readonly number[];
    readonly aleatoryVariance: readonly number[];
    readonly fits: Readonly<Record<string, { slope: number; intercept: number; r2: number; slopeStdErr: number }>>;
  };
  readonly tolerance: { readonly surpriseBps: number; readonly dailyReturns: number };
}

/** Reads a file below the shared root. */
export type ReadShared = (path: string) => Promise<Uint8Array>;

export interface EndToEndFolder {
  readonly golden: EndToEndCase;
  readonly tensors: SafetensorsFile;
  readonly read: ReadShared;
}

export async function openEndToEnd(folder: string, read: ReadShared): Promise<EndToEndFolder> {
  const golden = JSON.parse(new TextDecoder().decode(await read(`${folder}/expected.json`))) as EndToEndCase;
  return { golden, tensors: readSafetensors(await read(`${folder}/cases.safetensors`), folder), read };
}

/** Values of a float64 tensor. */
function float64Of(file: SafetensorsFile, name: string): Float64Array {
  const tensor = file.tensors.get(name);
  if (tensor?.type !== 'F64') throw new Error(`the case file has no float64 tensor ${name}`);
  return new Float64Array(file.bytes.slice(tensor.byteOffset, tensor.byteOffset + tensor.byteLength).buffer);
}

/** Imports all quote files of the case at once, resamples them and compares every grid with the stored one, exactly. */
export async function gridsOf(folder: EndToEndFolder, comparison: GoldenComparison): Promise<Grid[]> {
  const { golden, tensors, read } = folder;
  const { resolutionMs, sessionWindow } = golden.settings;
  const files = await Promise.all(
    golden.quotes.map(async (path) => ({ name: path.split('/').at(-1)!, bytes: await read(`quotes/${path}`) })),
  );
  const { series } = await readQuoteFiles(files);
  return golden.symbols.map((symbol) => {
    const own = series.find((candidate) => candidate.symbol.toLowerCase() === symbol);
    if (!own) throw new Error(`no series of ${symbol}`);
    const { timeZone, start, end } = sessionWindow;
    const grid = resample(own, { stepMs: resolutionMs, window: { timeZone, start, end }, staleAfterMs: null });
    for (const side of ['bid', 'ask'] as const) {
      comparison.array(`${symbol}.${side}`, grid[side], joinedDays(tensors, symbol, golden.days, side), 0);
    }
    return grid;
  });
}

/** A symbol's stored values of some days, one after the other. */
function joinedDays(tensors: SafetensorsFile, symbol: string, days: readonly string[], what: string): Float64Array {
  return Float64Array.from(days.flatMap((day) => [...float64Of(tensors, `${symbol}.${day}.${what}`)]));
}

/** The stored grids and forecasts, for checking what follows them by itself. */
export function storedForecasts({ golden, tensors }: EndToEndFolder): { grids: Grid[]; forecasts: Forecasts[] } {
  const { days, settings } = golden;
  const grids = golden.symbols.map((symbol): Grid => {
    const bid = joinedDays(tensors, symbol, days, 'bid');
    const lengths = days.map((day) => float64Of(tensors, `${symbol}.${day}.bid`).length);
    return {
      symbol,
      stepMs: settings.resolutionMs,
      timeMs: bid.map((_, tick) => tick * settings.resolutionMs),
      bid,
      ask: joinedDays(tensors, symbol, days, 'ask'),
      sessionStarts: Int32Array.from(lengths, (_, day) =>
        lengths.slice(0, day).reduce((sum, length) => sum + length, 0),
      ),
      sessionDays: days,
    };
  });
  const forecasts = grids.map(({ symbol, bid, sessionStarts }): Forecasts => {
    const ticks = forecastTicks(sessionStarts, bid.length, settings.contextLength, settings.stride);
    const predictedMid = new Float64Array((settings.K + 1) * bid.length);
    for (let k = 0; k <= settings.K; k++) {
      const made = joinedDays(tensors, symbol, days, `predictedMid.variant${k}`);
      predictedMid.set(holdForecasts(ticks, made, sessionStarts, bid.length), k * bid.length);
    }
    return { symbol, variants: settings.K, predictedMid };
  });
  return { grids, forecasts };
}

/** The masks stored in the case, variant by variant; variant 0 is the deterministic model. */
function storedMasks(tensors: SafetensorsFile): MaskSampler {
  return (sites, first, count) =>
    Object.fromEntries(
      sites.map(({ name, size }) => {
        const rows = new Float32Array(count * size).fill(1);
        for (let v = 0; v < count; v++) {
          const tensor = tensors.tensors.get(`variant${first + v}.mask.${name}`);
          if (tensor) rows.set(floatValues(tensors, tensor), v * size);
          else if (first + v > 0) throw new Error(`no mask of variant ${first + v} at ${name}`);
        }
        return [maskInput(name), rows];
      }),
    );
}

/**
 * Forecasts the grids with the case's model, masks and settings, and compares every model surprise: all the stored ones,
 * or the first `count` for a grid that was cut short.
 */
export async function forecastsOf(
  folder: EndToEndFolder,
  grids: readonly Grid[],
  runtime: Runtime,
  comparison: GoldenComparison,
  count?: number,
): Promise<Forecasts[]> {
  const { golden, tensors, read } = folder;
  const model = await openCheckpoint({
    name: golden.model,
    configJson: new TextDecoder().decode(await read(`golden/${golden.model}/config.json`)),
    weights: await read(`golden/${golden.model}/model.safetensors`),
  });
  const forecaster = createForecaster(model, runtime, storedMasks(tensors));
  const { contextLength, stride, K, p } = golden.settings;
  const forecasts: Forecasts[] = [];
  try {
    for (const grid of grids) {
      const made = await forecaster.forecast(grid, {
        variants: K,
        dropoutRate: p,
        seed: 0,
        dropoutSites: 'all',
        strideTicks: stride,
        horizonTicks: null,
        inputTransform: 'normalised',
      });
      const mids = midsOf(grid);
      const ticks = forecastTicks(grid.sessionStarts, mids.length, contextLength, stride);
      const days = grid.sessionDays.map((day) => day.replaceAll('-', ''));
      for (let k = 0; k <= K; k++) {
        const want = joinedDays(tensors, grid.symbol.toLowerCase(), days, `predictedMid.variant${k}`).slice(0, count);
        const surprise = (predicted: number, i: number): number => 1e4 * (predicted / mids[ticks[i]!]! - 1);
        comparison.array(
          `${grid.symbol}.variant${k}.surpriseBps`,
          Float64Array.from(ticks, (tick, i) => surprise(made.predictedMid[k * mids.length + tick]!, i)),
          want.map(surprise),
          golden.tolerance.surpriseBps,
        );
      }
      forecasts.push(made);
    }
  } finally {
    await forecaster.release();
  }
  return forecasts;
}

/** How far what follows the forecasts may be from the stored numbers. */
export interface StudyTolerance {
  /** Absolute, of each daily return. */
  readonly dailyReturns: number;
  /** Relative, of what is derived from the daily returns: variance split and lines. */
  readonly derived: number;
}

/** Backtests the case's strategies on forecasts and compares trades, daily returns, variance split and lines. */
export async function compareStudy(
  { golden }: EndToEndFolder,
  grids: readonly Grid[],
  forecasts: readonly Forecasts[],
  tolerance: StudyTolerance,
  comparison: GoldenComparison,
): Promise<void> {
  const { configs, expected } = golden;
  const result = await marketLineOf({
    grids,
    forecasts,
    backtester: directBacktester,
    settings: { ...defaultRunSettings, returnPeriod: 'day' },
    configs,
  });
  comparison.array('trades', result.tradeCounts, expected.trades.flat(2), 0);
  comparison.array('dailyReturns', result.periodReturns, expected.dailyReturns.flat(2), tolerance.dailyReturns);
  const derived = (name: string, got: readonly number[], want: readonly number[]): void =>
    comparison.array(name, got, want, (i) => tolerance.derived * Math.abs(want[i]!));
  for (const name of ['mean', 'totalVariance'] as const) {
    derived(
      name,
      result.configurations.map(({ decomposition }) => decomposition[name]),
      expected[name],
    );
  }
  for (const name of ['epistemicVariance', 'aleatoryVariance'] as const) {
    derived(
      name,
      result.configurations.map(({ decomposition }) => decomposition.timeResolved[name]),
      expected[name],
    );
  }
  for (const priced of pricedRisks) {
    const fit = result.fits[priced];
    if (fit.kind === 'none') throw new Error(fit.problem.message);
    for (const figure of ['slope', 'intercept', 'r2', 'slopeStdErr'] as const) {
      derived(`fits.${priced}.${figure}`, [fit.leastSquares[figure]], [expected.fits[priced]![figure]]);
    }
  }
}
