/** The plain data of backtests: what goes in beside the settings, and what comes out. */

/** Quotes of one instrument on its grid; a `Grid` is one. All prices are finite, positive numbers. */
export interface Market {
  /** [T] */
  readonly bid: Float64Array;
  /** [T] */
  readonly ask: Float64Array;
  /** [S] index of each session's first tick; the first is 0. */
  readonly sessionStarts: Int32Array;
  /** [P] index of each return period's first tick; the first is 0. Absent: each session is one. */
  readonly periodStarts?: Int32Array;
  /** [T] quantity at the bid, where it is known; NaN or 0: nothing can be sold */
  readonly bidSize?: Float64Array;
  /** [T] quantity at the ask */
  readonly askSize?: Float64Array;
  /** Keeps the random draws of several instruments apart. */
  readonly symbol?: string;
}

/** Why a position was closed. */
export type ExitReason = 'stopLoss' | 'takeProfit' | 'maxHold' | 'reverse' | 'sessionEnd';

/** One position from its entry fill to its last exit fill. Returns are on one unit of notional, however large the position. */
export interface Trade {
  readonly side: 'long' | 'short';
  /** Units of notional at entry. */
  readonly size: number;
  readonly entryTick: number;
  readonly exitTick: number;
  /** Fill prices, slippage included; the exit's is the mean over what was filled at each tick. */
  readonly entryPrice: number;
  readonly exitPrice: number;
  /** After fees and slippage: 0.0001 is one basis point. */
  readonly netReturn: number;
  readonly reason: ExitReason;
}

/** A position that the end of the data found open. It is in the returns, marked to market, but it is not a trade. */
export interface OpenPosition {
  readonly side: 'long' | 'short';
  /** Units of notional at entry that are still open. */
  readonly size: number;
  readonly entryTick: number;
  readonly entryPrice: number;
}

/**
 * Where the money goes: gross − spread − slippage − fees = net, exactly as sums and to rounding as numbers.
 * `gross` is what the same trades would have earned at mid prices; every field is a return on one unit of notional.
 */
export interface CostSplit {
  /** [S] from mid to mid */
  readonly gross: Float64Array;
  /** [S] lost by buying at the ask and selling at the bid */
  readonly spread: Float64Array;
  /** [S] */
  readonly slippage: Float64Array;
  /** [S] */
  readonly fees: Float64Array;
}

/** How much a strategy trades. */
export interface Activity {
  /** Positions closed. */
  readonly tradeCount: number;
  /** Trades with a net return above 0. */
  readonly winCount: number;
  /** Ticks from entry to exit, summed over closed positions. */
  readonly heldTicks: number;
  /** Size × ticks, summed over all positions, what is open at the end included: over T it is the mean exposure. */
  readonly exposureTicks: number;
  /** Notional bought and sold, in units. */
  readonly turnover: number;
}

/** One configuration on one instrument with one prediction. */
export interface BacktestResult {
  /** [S] change of equity over each session, net of all costs. */
  readonly periodReturns: Float64Array;
  /** Positions closed. */
  readonly tradeCount: number;
  readonly activity: Activity;
  readonly costs: CostSplit;
  /** Trades in order of exit; null unless asked for. */
  readonly trades: readonly Trade[] | null;
  readonly openPosition: OpenPosition | null;
}
