/** What the plane and the table of several models hold. */

import type { FitOutcome, PricedRisk } from '../../../marketLine/marketLineFits.ts';
import type { MarketLineSummary } from '../../../marketLine/marketLineResult.ts';
import type { NaiveLine } from '../../../marketLine/naiveLines.ts';
import type { ReturnPeriod } from '../../../marketLine/periods.ts';
import type { SlopeIntervals } from '../../../marketLine/slopeIntervals.ts';
import type { StrategyConfig } from '../../../strategy/config.ts';

/** One configuration of one model; figures of a return period, in bps. */
export interface CloudPoint {
  readonly index: number;
  readonly meanBps: number;
  readonly grossBps: number;
  readonly sigmaBps: Readonly<Record<PricedRisk, number>>;
  /** Annual. */
  readonly sharpe: number | null;
  readonly tradesPerPeriod: number;
  readonly hitRate: number | null;
  readonly holdingTicks: number | null;
  readonly traded: boolean;
  /** [P] net, mean over the variants; to a thousandth of a bp. */
  readonly returnsBps: readonly number[];
}

export interface ModelCloud {
  readonly model: string;
  /** [C] */
  readonly points: readonly CloudPoint[];
  readonly fits: Readonly<Record<PricedRisk, FitOutcome>>;
  readonly intervals: SlopeIntervals;
  /** Of the configurations in which σ²_MC exceeds the deterministic model's σ². */
  readonly exceedsDeterministicCount: number;
  /** Forecasts that are no finite numbers, by variant; absent: there are none. */
  readonly notFinite?: MarketLineSummary['notFinite'];
  readonly warnings: readonly string[];
}

export interface MarketLineFigure {
  readonly kind: 'market-line';
  readonly symbols: readonly string[];
  readonly period: ReturnPeriod;
  /** [P] names. */
  readonly periods: readonly string[];
  readonly variants: number;
  readonly configs: readonly StrategyConfig[];
  readonly riskFreePerPeriod: number;
  readonly periodsPerYear: number;
  readonly clouds: readonly ModelCloud[];
  /** On the schedule of the first model. */
  readonly naive: readonly NaiveLine[];
}
