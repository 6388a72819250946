import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultRunSettings, gridSettingsOf } from '../../../src/runs/settings.ts';
import { regularConfigs } from '../../../src/strategy/regularGrid.ts';

const grid = gridSettingsOf(defaultRunSettings);
const levels = <T>(values: readonly T[]): T[] => [...new Set(values)];

describe('a regular grid', () => {
  test('has every combination of its levels once, and no more than asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), (count) => {
        const configs = regularConfigs({ ...grid, count });
        expect(configs.length).toBeLessThanOrEqual(count);
        expect(new Set(configs.map((config) => JSON.stringify(config))).size).toBe(configs.length);
        const axes = (['thresholdBps', 'stopLossBps', 'takeProfitBps', 'maxHoldTicks'] as const).map(
          (axis) => levels(configs.map((config) => config[axis])).length,
        );
        expect(axes.reduce((product, size) => product * size, 1)).toBe(configs.length);
      }),
    );
  });

  test('goes from end to end of each range, and ends with the rule off', () => {
    const configs = regularConfigs({ ...grid, count: 81 });
    const thresholds = levels(configs.map((config) => config.thresholdBps));
    expect(thresholds).toHaveLength(3);
    expect(thresholds[0]).toBeCloseTo(2, 12);
    expect(thresholds[1]).toBeCloseTo(Math.sqrt(20), 12);
    expect(thresholds[2]).toBeCloseTo(10, 12);
    expect(levels(configs.map((config) => config.maxHoldTicks))).toEqual([10, 600, null]);
  });

  test('does not vary what has one value', () => {
    const fixed = { ...grid.stopLossBps, min: 5, max: 5, offProbability: 1 };
    const configs = regularConfigs({ ...grid, count: 30, stopLossBps: fixed });
    expect(levels(configs.map((config) => config.stopLossBps))).toEqual([null]);
    expect(configs.length).toBeGreaterThan(20);
  });
});
