/** A regular grid of strategy configurations: every combination of a few levels of each rule, for maps of sensitivity. */

import { checkConfig, type StrategyConfig } from './config.ts';
import { checkRanges, type GridSettings, type OptionalRange, type Range } from './grid.ts';

const axes = ['thresholdBps', 'maxHoldTicks', 'stopLossBps', 'takeProfitBps'] as const;

/**
 * At most `count` configurations, all combinations of log-spaced levels. Levels are dealt out in turn to threshold, hold, stop and
 * take for as long as the product stays within the count; "off" is a level of a rule that can be off.
 * Throws a `UserError` that names a range that cannot be used.
 */
export function regularConfigs(settings: GridSettings): StrategyConfig[] {
  checkRanges(settings);
  const counts = dealLevels(settings);
  const [thresholds, holds, stops, takes] = axes.map((axis, i) => levelsOf(settings[axis], counts[i]!));
  return thresholds!.flatMap((thresholdBps) =>
    holds!.flatMap((hold) =>
      stops!.flatMap((stopLossBps) =>
        takes!.map((takeProfitBps) =>
          checkConfig({
            thresholdBps: thresholdBps ?? settings.thresholdBps.min,
            stopLossBps,
            takeProfitBps,
            maxHoldTicks: hold === null ? null : Math.max(1, Math.round(hold)),
            ...settings.fixed,
          }),
        ),
      ),
    ),
  );
}

/** How many levels each axis gets. A range of one value, or a rule that is always off, has one. */
function dealLevels(settings: GridSettings): number[] {
  const most = axes.map((axis) => {
    const range: Range & Partial<OptionalRange> = settings[axis];
    return range.min === range.max || range.offProbability === 1 ? 1 : Number.POSITIVE_INFINITY;
  });
  const counts = axes.map(() => 1);
  for (let grew = true; grew; ) {
    grew = false;
    for (let i = 0; i < axes.length; i++) {
      const product = counts.reduce((total, count) => total * count, 1);
      if (counts[i]! < most[i]! && (product / counts[i]!) * (counts[i]! + 1) <= settings.count) {
        counts[i]!++;
        grew = true;
      }
    }
  }
  return counts;
}

/** Log-spaced from end to end; a single level is the geometric middle. The last one is "off" where the rule can be. */
function levelsOf(range: Range & Partial<OptionalRange>, count: number): (number | null)[] {
  const { min, max, offProbability = 0 } = range;
  if (offProbability === 1) return [null];
  const on = offProbability > 0 && count > 1 ? count - 1 : count;
  const levels: (number | null)[] = Array.from({ length: on }, (_, i) =>
    on === 1 ? Math.sqrt(min * max) : min * (max / min) ** (i / (on - 1)),
  );
  return on < count ? [...levels, null] : levels;
}
