/** What a delay from decision to fill costs. */

import type { ScalingFigure } from './result.ts';

/** Ticks from a decision to its fill when a forecast takes so long: the first tick at which it is there, at least the next. */
export function delayOf(latencyMs: number, stepMs: number): number {
  return Math.max(1, Math.ceil(latencyMs / stepMs));
}

/** The Sharpe ratio at a delay, linear between the delays that were tried; null beyond them or where nothing trades. */
export function sharpeAtDelay(
  figure: Pick<ScalingFigure, 'delaysTicks'>,
  byDelay: readonly (number | null)[],
  delay: number,
): number | null {
  const after = figure.delaysTicks.findIndex((ticks) => ticks >= delay);
  if (after < 0) return null;
  const [high, to] = [byDelay[after] ?? null, figure.delaysTicks[after]!];
  if (to === delay || after === 0) return high;
  const [low, from] = [byDelay[after - 1] ?? null, figure.delaysTicks[after - 1]!];
  return low === null || high === null ? null : low + ((delay - from) / (to - from)) * (high - low);
}
