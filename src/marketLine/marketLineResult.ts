/** From period returns to the risk-return plane: one summary per configuration, the lines through them, and what to be wary of. */

import { fail } from '../core/errors.ts';
import { type NotFinite, notFiniteWarning } from '../models/finite.ts';
import { type Decomposition, decompose, exceedsDeterministic } from '../risk/decomposition/decomposition.ts';
import { riskFreeAPeriod, sharpeRatio } from '../risk/moments/performance.ts';
import { mean, populationVariance } from '../risk/moments/statistics.ts';
import type { BatchResult } from '../strategy/batch.ts';
import type { StrategyConfig } from '../strategy/config.ts';
import { type AssetBacktests, countMissing, equalBetReturns } from './equalBets.ts';
import { type FitOutcome, fitLines, type PricedRisk } from './marketLineFits.ts';
import { type NaiveLine, naiveLines } from './naiveLines.ts';
import type { ReturnPeriod, Year } from './periods.ts';
import type { SlopeIntervals } from './slopeIntervals.ts';

/** One point of the plane. Figures of a return period in basis points; σ are population standard deviations over periods. */
export interface ConfigurationSummary {
  /** Index in the drawn grid, and first axis of the result's arrays. */
  readonly index: number;
  readonly config: StrategyConfig;
  /** Mean return, net, over dropout variants 1..K and periods. */
  readonly meanBps: number;
  /** By kind of risk: time-resolved split of the variance pooled over variants 1..K. */
  readonly sigmaBps: Readonly<Record<PricedRisk, number>>;
  /** The deterministic model (variant 0) alone. */
  readonly deterministic: { readonly meanBps: number; readonly sigmaBps: number };
  /** Where the money goes: gross − spread − slippage − fees = meanBps. */
  readonly costsBps: {
    readonly gross: number;
    readonly spread: number;
    readonly slippage: number;
    readonly fees: number;
  };
  /** How much it trades: over variants 1..K, periods and assets. */
  readonly activity: {
    /** Share of closed positions that earned money; null where there are none. */
    readonly hitRate: number | null;
    /** Mean ticks from entry to exit; null where there are none. */
    readonly holdingTicks: number | null;
    /** Mean size held, in units of notional on each asset: 1 is always fully in the market. */
    readonly exposure: number;
    /** Notional bought and sold, in units, mean over assets. */
    readonly turnoverPerPeriod: number;
  };
  /** Annualised, on total σ; null without risk. */
  readonly sharpe: number | null;
  /** Positions closed, all assets together, mean over variants 1..K. */
  readonly tradesPerPeriod: number;
  /** All splits, in squared returns. */
  readonly decomposition: Decomposition;
  /** σ²_MC is larger than the deterministic model's σ²: the paper's priced σ would be imaginary with that σ². */
  readonly exceedsDeterministic: boolean;
  /** False where no variant ever traded: the point sits at the origin and is left out of the lines. */
  readonly traded: boolean;
}

/** Everything but the intervals, which take resampling. */
export interface MarketLineSummary {
  readonly symbols: readonly string[];
  /** What a return is of: bps a day, an hour, a session. */
  readonly period: ReturnPeriod;
  /** [P] names of the periods, ascending (`periodsOf`) */
  readonly periods: readonly string[];
  /** K */
  readonly variants: number;
  /** [C] */
  readonly configurations: readonly ConfigurationSummary[];
  /** [C, K+1, P] row-major; row 0 is the deterministic model */
  readonly periodReturns: Float64Array;
  /** [C, K+1, A] row-major: positions closed, by asset */
  readonly tradeCounts: Int32Array;
  readonly fits: Readonly<Record<PricedRisk, FitOutcome>>;
  /** The same configurations on forecasts without a model, and on the future itself. */
  readonly naive: readonly NaiveLine[];
  readonly riskFreePerPeriod: number;
  readonly periodsPerYear: number;
  /** Configurations whose σ²_MC exceeds the deterministic model's σ². */
  readonly exceedsDeterministicCount: number;
  /** Configurations that never traded. */
  readonly notTradedCount: number;
  /** Pairs of an asset and a period without quotes, counted as zero exposure. */
  readonly missingAssetPeriods: number;
  /** [K+1] Forecasts by variant that are no finite numbers, of `due` each: nothing was traded on them. Absent: there are none. */
  readonly notFinite?: Pick<NotFinite, 'byVariant' | 'due'>;
  readonly warnings: readonly string[];
}

/** Everything a plane, a table and a point's page show. */
export interface MarketLineResult extends MarketLineSummary {
  /** Of the slopes of `fits` a period, by the default bootstrap over periods; a reason where there is none. */
  readonly intervals: SlopeIntervals;
}

/** Backtests of all assets, each with the same configurations and variants. */
export interface AssetOutcome extends AssetBacktests {
  readonly symbol: string;
  /** T */
  readonly tickCount: number;
  /** Of `naiveIds`: its variants are those, in their order. Absent: no naive lines. */
  readonly naive?: BatchResult;
}

/**
 * Assembles the result but for the intervals (`intervalsOf`).
 *
 * @param warnings of the plan; the study's own are appended
 */
export function summariseMarketLine(
  assets: readonly AssetOutcome[],
  configs: readonly StrategyConfig[],
  { riskFreePercent, period, periodsPerYear }: Year,
  warnings: readonly string[] = [],
  notFinite?: NotFinite,
): MarketLineSummary {
  const { periods, returns } = equalBetReturns(assets);
  const rows = assets[0]!.batch.variants;
  const riskFreePerPeriod = riskFreeAPeriod(riskFreePercent / 100, periodsPerYear);
  const tradeCounts = tradesByAsset(assets);
  const configurations = configs.map((config, index): ConfigurationSummary => {
    const block = returns.subarray(index * rows * periods.length, (index + 1) * rows * periods.length);
    const figures = figuresOf(block, rows - 1, periods.length);
    const { decomposition } = figures;
    const counts = tradeCounts.subarray(index * rows * assets.length, (index + 1) * rows * assets.length);
    const variantTrades = counts.subarray(assets.length).reduce((sum, count) => sum + count, 0);
    return {
      index,
      config,
      ...figures,
      costsBps: costsOf(assets, index, periods.length),
      activity: activityOf(assets, index, periods.length),
      sharpe: sharpeRatio(
        decomposition.mean,
        Math.sqrt(decomposition.totalVariance),
        riskFreePerPeriod,
        periodsPerYear,
      ),
      tradesPerPeriod: variantTrades / ((rows - 1) * periods.length),
      traded: block.some((value) => value !== 0) || counts.some((count) => count > 0),
    };
  });
  const left = notFinite && notFiniteWarning(notFinite);
  return {
    ...(notFinite && left && { notFinite: { byVariant: notFinite.byVariant, due: notFinite.due } }),
    symbols: assets.map((asset) => asset.symbol),
    period,
    periods,
    variants: rows - 1,
    configurations,
    periodReturns: returns,
    tradeCounts,
    fits: fitsOf(configurations, riskFreePerPeriod, periodsPerYear),
    naive: naiveLines(
      assets.flatMap(({ periods: own, naive }) => (naive ? [{ periods: own, naive }] : [])),
      configs.length,
      riskFreePerPeriod,
      periodsPerYear,
    ),
    riskFreePerPeriod,
    periodsPerYear,
    exceedsDeterministicCount: configurations.filter((point) => point.exceedsDeterministic).length,
    notTradedCount: configurations.filter((point) => !point.traded).length,
    missingAssetPeriods: countMissing(assets),
    warnings: [...warnings, ...(left ? [left] : []), ...findWarnings(configurations)],
  };
}

/**
 * Prices that are damaged, or far beyond what a double holds, must not end as a point of the plane.
 * @throws UserError `study/not-finite` that names the configuration, variant and period of a return that is no finite number
 */
export function checkFinite({ periodReturns, variants, periods }: MarketLineSummary): void {
  const at = periodReturns.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const [row, period] = [Math.floor(at / periods.length), periods[at % periods.length]];
  const [configuration, variant] = [Math.floor(row / (variants + 1)), row % (variants + 1)];
  fail('study/not-finite', `The return of configuration ${configuration}, variant ${variant}, is no finite number.`, {
    where: `configuration ${configuration}, variant ${variant}, ${period}`,
    hint: 'Look at the quotes of that time in step 1: a price there is not what it should be. Costs and sizes may be too large, too.',
  });
}

/** Lines through the configurations that traded, by what is priced. */
export function fitsOf(
  configurations: readonly Pick<ConfigurationSummary, 'traded' | 'decomposition'>[],
  riskFreePerPeriod: number,
  periodsPerYear: number,
): MarketLineSummary['fits'] {
  const fitted = configurations.filter((point) => point.traded);
  const linesOn = (varianceOf: (decomposition: Decomposition) => number) =>
    fitLines(
      fitted.map((point) => Math.sqrt(varianceOf(point.decomposition))),
      fitted.map((point) => point.decomposition.mean),
      riskFreePerPeriod,
      periodsPerYear,
    );
  return {
    aleatory: linesOn((point) => point.timeResolved.aleatoryVariance),
    epistemic: linesOn((point) => point.timeResolved.epistemicVariance),
    total: linesOn((point) => point.totalVariance),
  };
}

/**
 * What follows from a configuration's returns alone.
 *
 * @param returns [K+1, P]; row 0 is the deterministic model
 */
export function figuresOf(
  returns: Float64Array,
  variants: number,
  periods: number,
): Pick<ConfigurationSummary, 'meanBps' | 'sigmaBps' | 'deterministic' | 'decomposition' | 'exceedsDeterministic'> {
  const deterministic = returns.subarray(0, periods);
  const decomposition = decompose(returns.subarray(periods), variants, periods);
  const { timeResolved, totalVariance } = decomposition;
  return {
    meanBps: bps(decomposition.mean),
    sigmaBps: {
      aleatory: bps(Math.sqrt(timeResolved.aleatoryVariance)),
      epistemic: bps(Math.sqrt(timeResolved.epistemicVariance)),
      total: bps(Math.sqrt(totalVariance)),
    },
    deterministic: {
      meanBps: bps(mean(deterministic)),
      sigmaBps: bps(Math.sqrt(populationVariance(deterministic))),
    },
    decomposition,
    exceedsDeterministic: exceedsDeterministic(decomposition, deterministic),
  };
}

/** [C, K+1, A] from [C, K+1] of each asset. */
function tradesByAsset(assets: readonly AssetOutcome[]): Int32Array {
  const cells = assets[0]!.batch.tradeCounts.length;
  const counts = new Int32Array(cells * assets.length);
  assets.forEach(({ batch }, a) => {
    for (let cell = 0; cell < cells; cell++) counts[cell * assets.length + a] = batch.tradeCounts[cell]!;
  });
  return counts;
}

/** Mean over variants 1..K, periods and equal bets. */
function costsOf(assets: readonly AssetOutcome[], index: number, periods: number): ConfigurationSummary['costsBps'] {
  const average = (part: 'gross' | 'spread' | 'slippage' | 'fees'): number => {
    let sum = 0;
    for (const { batch } of assets) {
      for (let k = 1; k < batch.variants; k++) sum += batch[part][index * batch.variants + k]!;
    }
    return bps(sum / ((assets[0]!.batch.variants - 1) * periods * assets.length));
  };
  return { gross: average('gross'), spread: average('spread'), slippage: average('slippage'), fees: average('fees') };
}

/** Over variants 1..K and assets. */
function activityOf(assets: readonly AssetOutcome[], index: number, periods: number): ConfigurationSummary['activity'] {
  let [trades, wins, held, exposure, turnover] = [0, 0, 0, 0, 0];
  for (const { batch, tickCount } of assets) {
    for (let k = 1; k < batch.variants; k++) {
      const cell = index * batch.variants + k;
      trades += batch.tradeCounts[cell]!;
      wins += batch.winCounts[cell]!;
      held += batch.heldTicks[cell]!;
      exposure += batch.exposureTicks[cell]! / tickCount;
      turnover += batch.turnover[cell]!;
    }
  }
  const books = (assets[0]!.batch.variants - 1) * assets.length;
  return {
    hitRate: trades > 0 ? wins / trades : null,
    holdingTicks: trades > 0 ? held / trades : null,
    exposure: exposure / books,
    turnoverPerPeriod: turnover / (books * periods),
  };
}

function findWarnings(configurations: readonly ConfigurationSummary[]): string[] {
  const total = configurations.length;
  const traded = configurations.filter((point) => point.traded);
  if (traded.length === 0) {
    return ['No configuration ever traded: the predictions never lie beyond a threshold. Lower the thresholds.'];
  }
  const warnings: string[] = [];
  if (traded.length < total) {
    const idle = total - traded.length;
    warnings.push(`${idle} of ${total} configurations never traded and are left out of the lines.`);
  }
  const distinct = new Set(traded.map((point) => `${point.meanBps} ${point.sigmaBps.total}`)).size;
  if (distinct < traded.length) {
    warnings.push(
      `${traded.length - distinct} configurations behave exactly like another one (their exit rules never act): ` +
        'the lines count them as points of their own.',
    );
  }
  const exceeding = configurations.filter((point) => point.exceedsDeterministic).length;
  if (exceeding > 0) {
    warnings.push(
      `In ${exceeding} of ${total} configurations the MC-dropout variance exceeds the deterministic model’s variance.`,
    );
  }
  return warnings;
}

function bps(value: number): number {
  return value * 10_000;
}
