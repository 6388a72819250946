import { expect, test } from 'vitest';
import { RandomStream } from '../../../../src/core/random.ts';
import {
  type Cloud,
  cloudShape,
  covarianceEllipse,
  overlap,
  testTightness,
} from '../../../../src/risk/resampling/clusters.ts';

/** A normal cloud with these deviations, correlated by `slope`. */
function cloud(seed: number, n: number, scale: number, centre = 0, slope = 0.5): Cloud {
  const stream = new RandomStream(seed, 'test/clusters');
  const x = Array.from({ length: n }, () => centre + scale * stream.normal());
  return { x, y: x.map((value) => slope * value + scale * stream.normal()) };
}

test('the ellipse of a share holds that share of a normal cloud', () => {
  const points = cloud(1, 20_000, 2, 3);
  const shape = cloudShape(points);
  for (const share of [0.5, 0.9]) {
    const { x, y, major, minor, angle } = covarianceEllipse(shape, share);
    expect(major).toBeGreaterThan(minor);
    const inside = Array.from(points.x).filter((value, i) => {
      const [dx, dy] = [value - x, points.y[i]! - y];
      const along = dx * Math.cos(angle) + dy * Math.sin(angle);
      const across = -dx * Math.sin(angle) + dy * Math.cos(angle);
      return (along / major) ** 2 + (across / minor) ** 2 <= 1;
    });
    expect(inside.length / 20_000).toBeCloseTo(share, 2);
  }
});

test('the ellipse of points on a line is the line', () => {
  const { minor, angle } = covarianceEllipse(cloudShape({ x: [0, 1, 2, 3], y: [0, 1, 2, 3] }), 0.9);
  expect(minor).toBeCloseTo(0, 6);
  expect(angle).toBeCloseTo(Math.PI / 4, 12);
});

test('overlap is one with itself, falls with distance as for normal clouds, and is undefined without area', () => {
  const shape = cloudShape(cloud(2, 500, 1, 0, 0));
  expect(overlap(shape, shape)).toBeCloseTo(1, 12);
  const unit = { points: 9, xMean: 0, yMean: 0, xx: 1, xy: 0, yy: 1 };
  expect(overlap(unit, { ...unit, xMean: 2 })).toBeCloseTo(Math.exp(-0.5), 12);
  // Equal centres, four times the variance: √(√(1·16)/2.5²) … = √(4)/2.5.
  expect(overlap(unit, { ...unit, xx: 4, yy: 4 })).toBeCloseTo(2 / 2.5, 12);
  expect(overlap(unit, { ...unit, yy: 0 })).toBeNaN();
});

test('a planted tighter cloud is found, whichever its place, and equal clouds are found as often as chance has it', () => {
  expect(testTightness(cloud(3, 60, 1), cloud(4, 60, 2, 9), 1).pValue).toBeLessThan(0.001);
  expect(testTightness(cloud(3, 60, 2), cloud(4, 60, 1, 9), 1).pValue).toBeGreaterThan(0.99);
  const studies = 300;
  let found = 0;
  for (let study = 0; study < studies; study++) {
    const test = testTightness(cloud(100 + study, 25, 1), cloud(9000 + study, 40, 1, 5), study, 199);
    if (test.pValue <= 0.05) found++;
  }
  // Nominal 15 of 300; five standard errors.
  expect(Math.abs(found / studies - 0.05)).toBeLessThan(0.063);
  expect(found).toBeGreaterThan(2);
});

test('says what a cloud of two points, or clouds without any spread, cannot give', () => {
  expect(() => cloudShape({ x: [1, 2, Number.NaN], y: [1, 2, 3] })).toThrow('at least 3 configurations');
  const still = { x: [1, 1, 1], y: [2, 2, 2] };
  expect(() => testTightness(still, still, 1)).toThrow('lie on their centres');
});
