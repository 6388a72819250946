import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { defaultRunSettings, gridSettingsOf } from '../../../src/runs/settings.ts';
import { checkConfig, describeConfig } from '../../../src/strategy/config.ts';
import { drawConfigs } from '../../../src/strategy/grid.ts';

const defaultGrid = gridSettingsOf(defaultRunSettings);

const config = {
  thresholdBps: 1.5,
  stopLossBps: 5,
  takeProfitBps: null,
  maxHoldTicks: 120,
  ...defaultGrid.fixed,
};

describe('StrategyConfig', () => {
  test('reads as one line', () => {
    expect(describeConfig(config)).toBe(
      'enter beyond 1.5 bps of surprise against the mid; stop at −5 bps; no take profit; hold at most 120 ticks; ' +
        'leave on an opposite signal; long and short; flat at session ends; fills 1 tick later; ' +
        'fee 0 and slippage 0 bps a side',
    );
  });

  test.each([
    ['thresholdBps', -1, 'thresholdBps: must be a number of basis points, 0 or more, but is -1.'],
    ['stopLossBps', 0, 'stopLossBps: must be a number of basis points above 0, or off, but is 0.'],
    ['maxHoldTicks', 1.5, 'maxHoldTicks: must be a whole number of ticks, 1 or more, or off, but is 1.5.'],
    ['latencyTicks', 0, 'latencyTicks: must be a whole number of ticks, 1 or more, but is 0.'],
    ['feeBps', Number.NaN, 'feeBps: must be a number of basis points, 0 or more, but is NaN.'],
    ['slippageBps', 10_000, 'slippageBps: must be from 0 to below 10000 basis points, but is 10000.'],
  ])('is refused when %s is %s', (field, value, message) => {
    expect(() => checkConfig({ ...config, [field]: value })).toThrow(message);
  });
});

describe('drawConfigs', () => {
  test('comes out the same for the same seed, and differently for another', () => {
    expect(drawConfigs(defaultGrid, 7)).toEqual(drawConfigs(defaultGrid, 7));
    expect(drawConfigs(defaultGrid, 7)).not.toEqual(drawConfigs(defaultGrid, 8));
  });

  test('begins with the smaller grid, and one range does not disturb the other columns', () => {
    const small = drawConfigs({ ...defaultGrid, count: 10 }, 7);
    expect(drawConfigs({ ...defaultGrid, count: 30 }, 7).slice(0, 10)).toEqual(small);
    const stops = { min: 1, max: 2, offProbability: 0.5 };
    const other = drawConfigs({ ...defaultGrid, count: 10, stopLossBps: stops }, 7);
    expect(other.map((c) => c.takeProfitBps)).toEqual(small.map((c) => c.takeProfitBps));
  });

  test('stays within its ranges, switches rules off as often as asked, and spreads thresholds over the log scale', () => {
    const grid = drawConfigs({ ...defaultGrid, count: 4000 }, 3);
    const { min, max } = defaultGrid.thresholdBps;
    expect(grid.every((c) => c.thresholdBps >= min && c.thresholdBps <= max)).toBe(true);
    const share = (test: (c: (typeof grid)[number]) => boolean) => grid.filter(test).length / grid.length;
    expect(share((c) => c.stopLossBps === null)).toBeCloseTo(0.3, 1);
    expect(share((c) => c.thresholdBps < Math.sqrt(min * max))).toBeCloseTo(0.5, 1);
    expect(grid.every((c) => c.maxHoldTicks === null || Number.isInteger(c.maxHoldTicks))).toBe(true);
  });

  test('names a range it cannot draw from', () => {
    const settings = { ...defaultGrid, takeProfitBps: { min: 9, max: 3, offProbability: 0 } };
    expect(() => drawConfigs(settings, 1)).toThrowError(UserError);
    expect(() => drawConfigs(settings, 1)).toThrow(
      'takeProfitBps: the range 9 to 3 must lie above 0 and not be reversed.',
    );
  });
});
