import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxDrawdown, tailMeasures, valueAtRisk } from '../../../../src/risk/tails/tails.ts';

const series = fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: 3, maxLength: 60 });

describe('tail measures', () => {
  test('a drawdown runs from a peak, the starting wealth included', () => {
    expect(maxDrawdown([0.1, -0.5, 0.2])).toBeCloseTo(-0.5, 12);
    expect(maxDrawdown([-0.1, 0.5])).toBeCloseTo(-0.1, 12);
    expect(maxDrawdown([0.1, 0.1])).toBe(0);
  });

  test('expected shortfall is no smaller than value at risk, which grows with the level', () => {
    fc.assert(
      fc.property(series, (returns) => {
        const [at90, at99] = [valueAtRisk(returns, 0.9), valueAtRisk(returns, 0.99)];
        expect(at90.expectedShortfall).toBeGreaterThanOrEqual(at90.historical - 1e-15);
        expect(at99.historical).toBeGreaterThanOrEqual(at90.historical);
        expect(at99.gaussian).toBeGreaterThanOrEqual(at90.gaussian);
      }),
    );
  });

  test('leverage scales losses and leaves ratios to the risk-free rate of zero alone', () => {
    const returns = [0.02, -0.01, 0.03, -0.04, 0.01];
    const [one, two] = [returns, returns.map((value) => 2 * value)].map((r) => tailMeasures(r, 0, 252));
    expect(two!.var95.modified).toBeCloseTo(2 * one!.var95.modified, 12);
    expect(two!.sharpe).toBeCloseTo(one!.sharpe, 12);
    expect(two!.sortino).toBeCloseTo(one!.sortino, 12);
  });

  test('says NaN or infinity where returns determine nothing', () => {
    const flat = tailMeasures([0.01, 0.01, 0.01], 0, 252);
    expect(flat.calmar).toBe(Number.POSITIVE_INFINITY);
    expect(tailMeasures([0.01], 0, 252).annualisedVolatility).toBeNaN();
    expect(() => tailMeasures([], 0, 252)).toThrow('no returns');
  });
});
