import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { equityBand, histogram, hourlySums, monthlySums, rollingSharpe } from '../../../src/analysis/tearSheet.ts';
import { sharpeRatio } from '../../../src/risk/moments/performance.ts';

const returnsOf = fc.array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), { minLength: 1, maxLength: 60 });

describe('a tear sheet', () => {
  test('adds up returns, measures drawdown from the highest equity, and spans the variants', () => {
    const returns = Float64Array.of(0.01, -0.02, 0.005, /* variants */ 0.02, 0, 0, -0.01, 0.03, 0);
    const { equity, drawdown, low, high } = equityBand(returns, 3, 0);
    const close = (values: Float64Array, want: number[]) =>
      want.forEach((value, d) => {
        expect(values[d]).toBeCloseTo(value, 14);
      });
    close(equity, [0.01, -0.01, -0.005]);
    close(drawdown, [0, -0.02, -0.015]);
    close(low, [-0.01, 0.02, 0.02]);
    close(high, [0.02, 0.02, 0.02]);
  });

  test('a loss on the first day is a drawdown', () => {
    expect(equityBand(Float64Array.of(-0.01, 0, 0, 0), 2, 0).drawdown[0]).toBe(-0.01);
  });

  test('the rolling Sharpe ratio looks back only', () => {
    const returns = Float64Array.of(0.01, 0.02, -0.01, 0.03, 0.03);
    const rolling = rollingSharpe(returns, 3, 0.001, 252);
    expect([rolling[0], rolling[1]]).toEqual([Number.NaN, Number.NaN]);
    const deviation = Math.sqrt(((0.01 - 0.02 / 3) ** 2 + (0.02 - 0.02 / 3) ** 2 + (-0.01 - 0.02 / 3) ** 2) / 3);
    expect(rolling[2]).toBeCloseTo(sharpeRatio(0.02 / 3, deviation, 0.001, 252)!, 12);
  });

  test('every return is in one bin, month and hour', () => {
    fc.assert(
      fc.property(returnsOf, (values) => {
        const total = values.reduce((sum, value) => sum + value, 0);
        const { counts, edges } = histogram(values);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
        expect(edges).toHaveLength(counts.length + 1);
        const start = Date.UTC(2024, 0, 20);
        const days = values.map((_, d) => new Date(start + d * 86_400_000).toISOString().slice(0, 10));
        const months = monthlySums(days, Float64Array.from(values));
        expect(months.reduce((sum, month) => sum + month.sum, 0)).toBeCloseTo(total, 12);
        expect(months[0]!.name).toBe('2024-01');
        let equity = 0;
        const curve = Float64Array.from(values, (value) => {
          equity += value;
          return equity;
        });
        const times = Float64Array.from(values, (_, k) => start + k * 1_700_000);
        const hours = hourlySums(times, curve, 'America/New_York');
        expect(hours.reduce((sum, hour) => sum + hour.sum, 0)).toBeCloseTo(total, 12);
        expect(hours.map((hour) => hour.name)).toContain('19:00');
      }),
    );
  });

  test('hours are those of the clock, counted once a day', () => {
    // 13:30 to 15:29 UTC on two days: 9:30 to 11:29 in New York in winter is 14:30.
    const day = 86_400_000;
    const times = [0, 1].flatMap((d) =>
      [0, 20, 40, 60, 80, 100].map((m) => Date.UTC(2024, 0, 3, 14, 30) + d * day + m * 60_000),
    );
    const equity = Float64Array.from(times, (_, k) => k + 1);
    expect(hourlySums(Float64Array.from(times), equity, 'America/New_York')).toEqual([
      { name: '09:00', sum: 4, count: 2 },
      { name: '10:00', sum: 6, count: 2 },
      { name: '11:00', sum: 2, count: 2 },
    ]);
  });
});
