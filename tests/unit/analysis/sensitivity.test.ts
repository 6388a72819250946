import { describe, expect, test } from 'vitest';
import { sensitivityMap } from '../../../src/analysis/sensitivity.ts';
import { defaultRunSettings, gridSettingsOf } from '../../../src/runs/settings.ts';
import { drawConfigs } from '../../../src/strategy/grid.ts';
import { regularConfigs } from '../../../src/strategy/regularGrid.ts';

const grid = gridSettingsOf(defaultRunSettings);

describe('a sensitivity map', () => {
  test('has a cell for every pair of levels of a regular grid, with the mean over the other settings', () => {
    const points = regularConfigs({ ...grid, count: 81 }).map((config) => ({
      config,
      sharpe: config.thresholdBps + (config.stopLossBps ?? 0),
    }));
    const map = sensitivityMap(points, 'thresholdBps', 'stopLossBps');
    expect(map.columns).toHaveLength(3);
    expect(map.rows.map((bin) => bin.low)).toEqual([expect.closeTo(5), expect.closeTo(50), null]);
    expect(map.counts.flat()).toEqual(Array(9).fill(9));
    expect(map.sharpe[2]![0]).toBeCloseTo(2, 12);
    expect(map.sharpe[0]![2]).toBeCloseTo(10 + 5, 12);
  });

  test('cuts random values into bins of about equal counts and loses none', () => {
    const points = drawConfigs({ ...grid, count: 100 }, 1).map((config, i) => ({ config, sharpe: i % 10 ? i : null }));
    const { counts, sharpe, rows, columns } = sensitivityMap(points, 'maxHoldTicks', 'takeProfitBps');
    expect(counts.flat().reduce((sum, count) => sum + count, 0)).toBe(90);
    expect(rows).toHaveLength(7);
    expect(columns).toHaveLength(7);
    counts.forEach((row, r) => {
      row.forEach((count, c) => {
        expect(sharpe[r]![c] === null).toBe(count === 0);
      });
    });
  });
});
