/** How a study reaches backtests: the page through a worker, tests and scripts directly. */

import type { Grid, OnProgress } from '../core/types.ts';
import { backtest } from '../strategy/backtest.ts';
import { type BatchResult, runBatch } from '../strategy/batch.ts';
import type { StrategyConfig } from '../strategy/config.ts';
import { equityCurve } from '../strategy/equity.ts';
import type { BacktestResult } from '../strategy/types.ts';

/** The columns of a grid that a backtest reads. */
export type MarketColumns = Pick<Grid, 'symbol' | 'bid' | 'ask' | 'bidSize' | 'askSize' | 'sessionStarts'>;

/** One instrument: every configuration on every variant. The arrays are borrowed, not taken. */
export interface BacktestJob {
  readonly market: MarketColumns;
  /** [V, T] row-major, as in `Forecasts` */
  readonly predictedMid: Float64Array;
  readonly configs: readonly StrategyConfig[];
}

/** One configuration on one variant of one instrument, to be looked at closely. */
export interface DetailJob {
  readonly market: MarketColumns;
  /** [T] */
  readonly prediction: Float64Array;
  readonly config: StrategyConfig;
}

export interface BacktestDetail {
  /** With its trades. */
  readonly result: BacktestResult;
  /** [T] marked to market, as a return on one unit of notional. */
  readonly equity: Float64Array;
}

export interface Backtester {
  /** `onProgress` counts backtests. Rejects with an AbortError soon (50 ms) after the signal. */
  run(job: BacktestJob, onProgress?: OnProgress, signal?: AbortSignal): Promise<BatchResult>;
  detail(job: DetailJob): Promise<BacktestDetail>;
}

/** Runs in the calling thread. */
export const directBacktester: Backtester = {
  run: ({ market, predictedMid, configs }, onProgress, signal) =>
    runBatch(market, predictedMid, configs, { onProgress, signal }),
  async detail({ market, prediction, config }) {
    const result = backtest(market, prediction, config, { trades: true });
    return { result, equity: equityCurve(market, prediction, config) };
  },
};
