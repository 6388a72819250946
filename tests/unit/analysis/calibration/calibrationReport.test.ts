import { expect, test } from 'vitest';
import report from '../../../../src/analysis/calibration/calibration.json';
import {
  type CalibrationReport,
  coverageRange,
  undercovering,
} from '../../../../src/analysis/calibration/calibrationReport.ts';

const small = {
  days: [20, 60, 250],
  shapes: [
    {
      title: 'a',
      intervals: [
        { name: 'good', coverage: [0.99, 0.95, 0.94] },
        { name: 'bad', coverage: [0.95, 0.7, 0.9] },
      ],
    },
    {
      title: 'b',
      intervals: [
        { name: 'good', coverage: [0.9, 0.96, 0.95] },
        { name: 'bad', coverage: [0.95, 0.95, 0.6] },
      ],
    },
  ],
};

test('coverage ranges over all shapes, from sixty days on unless said otherwise', () => {
  expect(coverageRange(small, 'good')).toEqual({ low: 0.94, high: 0.96 });
  expect(coverageRange(small, 'good', 0, 60)).toEqual({ low: 0.9, high: 0.99 });
  expect(undercovering(small)).toEqual([{ name: 'bad', low: 0.6 }]);
});

test('the figures on the page are of a thousand studies a cell, and the default interval is not among those that cover too seldom', () => {
  const kept: CalibrationReport = report;
  expect(kept.studies).toBeGreaterThanOrEqual(1000);
  expect(undercovering(kept).map(({ name }) => name)).not.toContain(kept.defaultInterval);
  expect(undercovering(kept).map(({ name }) => name)).toContain('least squares, analytic');
});
