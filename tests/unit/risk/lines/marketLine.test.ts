import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../../../src/core/random.ts';
import {
  annualiseSlope,
  confidenceBand,
  fitLeastSquares,
  fitThroughRiskFree,
} from '../../../../src/risk/lines/marketLine.ts';
import { fitHuber, fitOrthogonal, fitTheilSen } from '../../../../src/risk/lines/robustLines.ts';
import { studentTQuantile } from '../../../../src/risk/moments/studentT.ts';

/** y = 0.001 + 0.3 x, exactly. */
const x = [0.001, 0.002, 0.004, 0.005, 0.009];
const y = x.map((sigma) => 0.001 + 0.3 * sigma);

describe('lines', () => {
  test.each([
    ['least squares', fitLeastSquares],
    ['Theil-Sen', fitTheilSen],
    ['Huber', fitHuber],
    ['orthogonal', fitOrthogonal],
  ])('%s recovers a line that all points lie on', (_name, drawLine) => {
    const line = drawLine(x, y);
    expect(line.slope).toBeCloseTo(0.3, 12);
    expect(line.intercept).toBeCloseTo(0.001, 12);
  });

  test('least squares with errors equals a worked example (Anscombe, first set)', () => {
    const line = fitLeastSquares(
      [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5],
      [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68],
    );
    expect(line.slope).toBeCloseTo(0.5000909, 7);
    expect(line.intercept).toBeCloseTo(3.0000909, 7);
    expect(line.slopeStdErr).toBeCloseTo(0.1179055, 7);
    expect(line.interceptStdErr).toBeCloseTo(1.1247468, 7);
    expect(line.r2).toBeCloseTo(0.6665425, 7);
  });

  test('the robust lines hold where one configuration is far off', () => {
    const many = Array.from({ length: 21 }, (_, i) => i / 1000);
    const off = many.map((sigma, i) => (i === 20 ? 1 : 0.001 + 0.3 * sigma));
    expect(Math.abs(fitLeastSquares(many, off).slope - 0.3)).toBeGreaterThan(5);
    expect(fitTheilSen(many, off).slope).toBeCloseTo(0.3, 6);
    expect(fitHuber(many, off).slope).toBeCloseTo(0.3, 3);
  });

  test('the line through r_f starts there, and its two R² agree with their definitions', () => {
    const line = fitThroughRiskFree([1, 2, 3], [1.1, 1.9, 3.2], 0.1);
    const slope = (1 * 1 + 2 * 1.8 + 3 * 3.1) / 14;
    const sse = (1 - slope) ** 2 + (1.8 - 2 * slope) ** 2 + (3.1 - 3 * slope) ** 2;
    const mean = (1.1 + 1.9 + 3.2) / 3;
    expect(line.intercept).toBe(0.1);
    expect(line.slope).toBeCloseTo(slope, 12);
    expect(line.r2Uncentred).toBeCloseTo(1 - sse / (1 + 1.8 ** 2 + 3.1 ** 2), 12);
    const syy = (1.1 - mean) ** 2 + (1.9 - mean) ** 2 + (3.2 - mean) ** 2;
    expect(line.r2Centred).toBeCloseTo(1 - sse / syy, 12);
  });

  test('the slope scales with the square root of the year', () => {
    expect(annualiseSlope(0.1, 252)).toBeCloseTo(1.5874508, 7);
  });

  test('no line is drawn through two points, nor through points of equal risk', () => {
    expect(() => fitLeastSquares([1, 2], [1, 2])).toThrow('need at least 3 configurations, but there are 2');
    expect(() => fitLeastSquares([0.1, 0.1, 0.1], [1, 2, 3])).toThrow('All configurations have the same risk');
    expect(() => fitTheilSen([0.1, 0.1, 0.1], [1, 2, 3])).toThrow('All configurations have the same risk');
  });

  test('shifting and scaling the points shifts and scales the least-squares line', () => {
    const numbers = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(numbers, fc.double({ min: 0.5, max: 4, noNaN: true }), (noise, scale) => {
        const abscissae = [1, 2, 3, 4, 5, 6];
        const line = fitLeastSquares(abscissae, noise);
        const scaled = fitLeastSquares(
          abscissae.map((value) => value * scale),
          noise.map((value) => value + 1),
        );
        expect(scaled.slope * scale).toBeCloseTo(line.slope, 9);
        expect(scaled.intercept).toBeCloseTo(line.intercept + 1, 9);
      }),
    );
  });
});

describe('confidenceBand', () => {
  test('is narrowest at the mean and covers the true line as often as it says', () => {
    const stream = new RandomStream(3, 'test/band');
    const abscissae = Array.from({ length: 12 }, (_, i) => i);
    let covered = 0;
    const trials = 4000;
    for (let trial = 0; trial < trials; trial++) {
      const line = fitLeastSquares(
        abscissae,
        abscissae.map((value) => 1 + 2 * value + stream.normal()),
      );
      const band = confidenceBand(line, 0.9)(9);
      if (band.low <= 19 && band.high >= 19) covered++;
    }
    expect(Math.abs(covered / trials - 0.9)).toBeLessThan(0.02);
    const band = confidenceBand(fitLeastSquares([1, 2, 3, 4], [1, 3, 2, 5]), 0.95);
    const width = (at: number) => band(at).high - band(at).low;
    expect(width(2.5)).toBeLessThan(width(1));
    expect(width(1)).toBeCloseTo(width(4), 12);
  });
});

describe('studentTQuantile', () => {
  // SciPy's scipy.stats.t.ppf
  test.each([
    [0.975, 1, 12.706204736174694],
    [0.975, 2, 4.302652729749462],
    [0.975, 8, 2.306004135204166],
    [0.95, 30, 1.697260886593957],
    [0.995, 98, 2.6269310957563734],
    [0.6, 3, 0.2766706623326898],
    [0.975, 100_000, 1.9599877075346095],
  ])('of %f with %i degrees of freedom is SciPy’s', (probability, degrees, want) => {
    expect(Math.abs(studentTQuantile(probability, degrees) / want - 1)).toBeLessThan(1e-9);
    expect(studentTQuantile(1 - probability, degrees)).toBeCloseTo(-want, 9);
  });
});
