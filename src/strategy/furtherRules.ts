/**
 * Rules beyond the plain ones (docs/backtest.md): slippage in price steps, fills limited to the quoted size, position sizes, and what a prediction
 * means between two forecasts. All are off by default, and then nothing differs from the plain rules, to the bit.
 */

import { fail } from '../core/errors.ts';

/** How large a position is, in units of notional. */
export type Sizing = 'unit' | 'signal' | 'volatility' | 'kelly';

/** What a forecast says at the ticks until the next one: a price that stays, a return that stays, or nothing. */
export type HeldForecast = 'price' | 'return' | 'none';

export interface FurtherRules {
  /** Price steps by which every fill is worse than the quote, on top of `slippageBps`. */
  readonly slippageTicks: number;
  /** Chance that a fill is one more step worse: drawn for each tick and side, known only once filled. */
  readonly extraTickProbability: number;
  /** The price step; null: found in the quotes (`priceStep`). */
  readonly tickSize: number | null;
  /** Seed of the draws of extra steps. */
  readonly executionSeed: number;
  /**
   * One unit of notional in the quote currency. With it, fills take no more than the quoted size: what is missing of an entry is
   * cancelled, what is missing of an exit is filled at the ticks that follow, and a session's last tick closes all.
   * Null: any size fills. Quotes without sizes are not limited.
   */
  readonly betNotional: number | null;
  readonly sizing: Sizing;
  /** `signal`: the surprise at which the size is 1. `volatility`: the volatility over one window at which it is. */
  readonly sizingTargetBps: number;
  /** Ticks over which volatility is measured and to which it is scaled (`volatility`, `kelly`). */
  readonly sizingWindowTicks: number;
  /** `kelly`: this share of surprise / variance over one window. */
  readonly kellyFraction: number;
  /** No position is larger. */
  readonly maxSize: number;
  readonly heldForecast: HeldForecast;
  /** Ticks between two forecasts; matters unless `heldForecast` is `price`. */
  readonly strideTicks: number;
}

/** The plain rules alone. */
export const plainRules: FurtherRules = {
  slippageTicks: 0,
  extraTickProbability: 0,
  tickSize: null,
  executionSeed: 0,
  betNotional: null,
  sizing: 'unit',
  sizingTargetBps: 10,
  sizingWindowTicks: 300,
  kellyFraction: 0.5,
  maxSize: 1,
  heldForecast: 'price',
  strideTicks: 1,
};

/** Throws a `UserError` that names the first field at fault. */
export function checkFurtherRules(rules: FurtherRules): void {
  const check = (field: keyof FurtherRules, good: boolean, wanted: string): void => {
    if (!good) fail('strategy/config', `must be ${wanted}, but is ${String(rules[field])}.`, { where: field });
  };
  const above0 = (value: number): boolean => Number.isFinite(value) && value > 0;
  check('slippageTicks', Number.isFinite(rules.slippageTicks) && rules.slippageTicks >= 0, 'a number, 0 or more');
  check('extraTickProbability', rules.extraTickProbability >= 0 && rules.extraTickProbability <= 1, 'from 0 to 1');
  check('tickSize', rules.tickSize === null || above0(rules.tickSize), 'a price above 0, or null');
  check(
    'executionSeed',
    Number.isSafeInteger(rules.executionSeed) && rules.executionSeed >= 0,
    'a whole number, 0 or more',
  );
  check('betNotional', rules.betNotional === null || above0(rules.betNotional), 'an amount above 0, or off');
  check('sizing', ['unit', 'signal', 'volatility', 'kelly'].includes(rules.sizing), 'one of the kinds of sizes');
  check('sizingTargetBps', above0(rules.sizingTargetBps), 'a number of basis points above 0');
  check('sizingWindowTicks', Number.isInteger(rules.sizingWindowTicks) && rules.sizingWindowTicks >= 2, '2 or more');
  check('kellyFraction', above0(rules.kellyFraction), 'above 0');
  check('maxSize', above0(rules.maxSize), 'above 0');
  check('heldForecast', ['price', 'return', 'none'].includes(rules.heldForecast), 'price, return or none');
  check('strideTicks', Number.isInteger(rules.strideTicks) && rules.strideTicks >= 1, 'a whole number, 1 or more');
}

/** What differs from the plain rules, in words; empty where nothing does. */
export function describeFurtherRules(rules: FurtherRules): string[] {
  const number = (value: number): string => String(Number(value.toPrecision(3)));
  const words: string[] = [];
  if (rules.slippageTicks > 0) words.push(`slippage of ${number(rules.slippageTicks)} price steps`);
  if (rules.extraTickProbability > 0) {
    words.push(`one step more in ${number(100 * rules.extraTickProbability)} % of fills`);
  }
  if (rules.betNotional !== null) words.push(`bets of ${number(rules.betNotional)} filled up to the quoted size`);
  const cap = `at most ${number(rules.maxSize)} ${rules.maxSize === 1 ? 'unit' : 'units'}`;
  if (rules.sizing === 'signal')
    words.push(`size in proportion to surprise, 1 at ${number(rules.sizingTargetBps)} bps, ${cap}`);
  if (rules.sizing === 'volatility') {
    words.push(
      `size for ${number(rules.sizingTargetBps)} bps of volatility over ${rules.sizingWindowTicks} ticks, ${cap}`,
    );
  }
  if (rules.sizing === 'kelly') {
    words.push(`${number(rules.kellyFraction)} of the Kelly size over ${rules.sizingWindowTicks} ticks, ${cap}`);
  }
  if (rules.heldForecast === 'return') words.push('the predicted return holds between forecasts');
  if (rules.heldForecast === 'none' && rules.strideTicks > 1) words.push('signals only at forecasts');
  return words;
}
