/** A seeded random grid of strategy configurations: the spectrum of strategies of the paper's §4.2 on one set of signals. */

import { fail } from '../core/errors.ts';
import { RandomStream } from '../core/random.ts';
import { checkConfig, type StrategyConfig } from './config.ts';

/** Both ends included. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** A range for a rule that is switched off with probability `offProbability`. */
export interface OptionalRange extends Range {
  /** Probability in [0, 1]. */
  readonly offProbability: number;
}

/** What all configurations of a grid share. */
export type FixedRules = Omit<StrategyConfig, 'thresholdBps' | 'stopLossBps' | 'takeProfitBps' | 'maxHoldTicks'>;

/** What is drawn and from where. All ranges are drawn log-uniformly, so their lower ends lie above 0. */
export interface GridSettings {
  /** C: configurations drawn. */
  readonly count: number;
  readonly thresholdBps: Range;
  readonly stopLossBps: OptionalRange;
  readonly takeProfitBps: OptionalRange;
  /** Whole ticks. */
  readonly maxHoldTicks: OptionalRange;
  readonly fixed: FixedRules;
}

/**
 * C configurations fixed by the seed. Each has its own random stream and always takes the same number of draws from it:
 * a larger grid begins with the smaller one, and changing one range leaves the other columns as they were.
 * Throws a `UserError` that names a range that cannot be drawn from.
 */
export function drawConfigs(settings: GridSettings, seed: number): StrategyConfig[] {
  checkRanges(settings);
  return Array.from({ length: settings.count }, (_, index) => {
    const stream = new RandomStream(seed, 'strategy/grid', index);
    const thresholdBps = logUniform(stream, settings.thresholdBps);
    const stopLossBps = orOff(stream, settings.stopLossBps);
    const takeProfitBps = orOff(stream, settings.takeProfitBps);
    const hold = orOff(stream, settings.maxHoldTicks);
    const maxHoldTicks = hold === null ? null : Math.max(1, Math.round(hold));
    return checkConfig({ thresholdBps, stopLossBps, takeProfitBps, maxHoldTicks, ...settings.fixed });
  });
}

/** Throws a `UserError` that names a range that cannot be drawn from. */
export function checkRanges(settings: GridSettings): void {
  if (!Number.isInteger(settings.count) || settings.count < 1) {
    fail('strategy/grid', `must be a whole number, 1 or more, but is ${settings.count}.`, { where: 'count' });
  }
  for (const name of ['thresholdBps', 'stopLossBps', 'takeProfitBps', 'maxHoldTicks'] as const) {
    const { min, max } = settings[name];
    if (!(min > 0 && max >= min && Number.isFinite(max))) {
      fail('strategy/grid', `the range ${min} to ${max} must lie above 0 and not be reversed.`, { where: name });
    }
  }
}

/** Uniform on a logarithmic scale: as many configurations between 1 and 2 as between 10 and 20. */
function logUniform(stream: RandomStream, { min, max }: Range): number {
  return min * (max / min) ** stream.uniform();
}

function orOff(stream: RandomStream, range: OptionalRange): number | null {
  const off = stream.uniform() < range.offProbability;
  const value = logUniform(stream, range);
  return off ? null : value;
}
