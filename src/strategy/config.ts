/** The execution controls of one strategy (the paper's κ, Definition 3.1): what they are, what they may be, how they read. */

import { fail } from '../core/errors.ts';
import { checkFurtherRules, describeFurtherRules, type FurtherRules, plainRules } from './furtherRules.ts';

/** The rules of docs/backtest.md for one strategy. Basis points are 1e-4; `null` switches a rule off. Further rules are off unless given. */
export interface StrategyConfig extends Partial<FurtherRules> {
  /** A position is opened when the model surprise is beyond ±this. */
  readonly thresholdBps: number;
  /** Leave when the unrealised return at the liquidation quote is at or below −this. */
  readonly stopLossBps: number | null;
  /** Leave when the unrealised return at the liquidation quote is at or above this. */
  readonly takeProfitBps: number | null;
  /** Leave when the position has been held for this many ticks. */
  readonly maxHoldTicks: number | null;
  /** Ticks from a decision to its fill, at least 1. */
  readonly latencyTicks: number;
  /** Fee on the traded value, on each side. */
  readonly feeBps: number;
  /** Added to the ask, taken from the bid. */
  readonly slippageBps: number;
  readonly allowShort: boolean;
  /** Leave on an opposite signal, and open the other side where that is allowed. */
  readonly exitOnReverse: boolean;
  /** Close everything at each session's last tick. */
  readonly flattenAtSessionEnd: boolean;
  /** The quote the prediction is compared with: the mid, or the one that would be paid (ask for buys, bid for sells). */
  readonly reference: 'mid' | 'touch';
}

/** A configuration with every rule spelt out. */
export type CompleteConfig = StrategyConfig & FurtherRules;

export function completeConfig(config: StrategyConfig): CompleteConfig {
  return { ...plainRules, ...config };
}

/** Throws a `UserError` that names the first field at fault; returns the configuration unchanged. */
export function checkConfig(config: StrategyConfig): StrategyConfig {
  checkCompleteConfig(completeConfig(config));
  return config;
}

/** The same for a configuration with every rule spelt out. */
export function checkCompleteConfig(config: CompleteConfig): void {
  const check = (field: keyof StrategyConfig, good: boolean, wanted: string): void => {
    if (!good) fail('strategy/config', `must be ${wanted}, but is ${String(config[field])}.`, { where: field });
  };
  const orOff = (value: number | null, good: (value: number) => boolean): boolean => value === null || good(value);
  check('thresholdBps', isAmount(config.thresholdBps), 'a number of basis points, 0 or more');
  check('stopLossBps', orOff(config.stopLossBps, isPositive), 'a number of basis points above 0, or off');
  check('takeProfitBps', orOff(config.takeProfitBps, isPositive), 'a number of basis points above 0, or off');
  check('maxHoldTicks', orOff(config.maxHoldTicks, isCount), 'a whole number of ticks, 1 or more, or off');
  check('latencyTicks', isCount(config.latencyTicks), 'a whole number of ticks, 1 or more');
  check('feeBps', isAmount(config.feeBps), 'a number of basis points, 0 or more');
  check(
    'slippageBps',
    isAmount(config.slippageBps) && config.slippageBps < 10_000,
    'from 0 to below 10000 basis points',
  );
  check('reference', config.reference === 'mid' || config.reference === 'touch', 'mid or touch');
  for (const field of ['allowShort', 'exitOnReverse', 'flattenAtSessionEnd'] as const) {
    check(field, typeof config[field] === 'boolean', 'true or false');
  }
  checkFurtherRules(config);
}

/** One line for people: "beyond 1.5 bps of surprise; stop 5 bps; no take profit; …". */
export function describeConfig(config: StrategyConfig): string {
  const { stopLossBps: stop, takeProfitBps: take, maxHoldTicks: hold } = config;
  return [
    `enter beyond ${short(config.thresholdBps)} bps of surprise against the ${config.reference}`,
    stop === null ? 'no stop loss' : `stop at −${short(stop)} bps`,
    take === null ? 'no take profit' : `take at +${short(take)} bps`,
    hold === null ? 'no time limit' : `hold at most ${ticks(hold)}`,
    config.exitOnReverse ? 'leave on an opposite signal' : 'ignore opposite signals',
    config.allowShort ? 'long and short' : 'long only',
    config.flattenAtSessionEnd ? 'flat at session ends' : 'carried over sessions',
    `fills ${ticks(config.latencyTicks)} later`,
    `fee ${short(config.feeBps)} and slippage ${short(config.slippageBps)} bps a side`,
    ...describeFurtherRules(completeConfig(config)),
  ].join('; ');
}

function isAmount(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

function isPositive(value: number): boolean {
  return Number.isFinite(value) && value > 0;
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

/** Three significant digits without an exponent or trailing zeros. */
function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function ticks(count: number): string {
  return count === 1 ? '1 tick' : `${count} ticks`;
}
