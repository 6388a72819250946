import { describe, expect, test } from 'vitest';
import {
  assetReturns,
  capitalPoint,
  leakStrategy,
  marketReturns,
  tangentialStrategy,
} from '../../../src/analysis/capitalLines.ts';
import { type NamedSeries, theoryOf } from '../../../src/analysis/theory.ts';
import { RandomStream } from '../../../src/core/random.ts';
import { makeGrid } from '../runs/fixtures.ts';
import { plantedResult } from '../runs/plantedResult.ts';

/** Independent normal returns: mean and deviation of each series. */
function series(shapes: readonly (readonly [number, number])[], days = 400): NamedSeries[] {
  const stream = new RandomStream(4, 'test/theory');
  return shapes.map(([mean, deviation], i) => ({
    name: `S${i}`,
    returns: Array.from({ length: days }, () => mean + deviation * stream.normal()),
  }));
}

describe('theoryOf', () => {
  const assets = series([
    [0.001, 0.01],
    [0.002, 0.02],
    [0.0005, 0.005],
    [-0.001, 0.015],
  ]);
  const theory = theoryOf(assets, 0.0001);

  test('no fully invested portfolio has a higher Sharpe ratio than the tangency, nor long only than its own', () => {
    expect(theory.free.tangency!.sharpe).toBeGreaterThanOrEqual(theory.longOnly.tangency!.sharpe);
    for (const curve of [theory.free, theory.longOnly]) {
      for (const { mean, stdev, weights } of curve.points) {
        expect((mean - 0.0001) / stdev).toBeLessThanOrEqual(curve.tangency!.sharpe + 1e-9);
        expect(stdev).toBeGreaterThanOrEqual(curve.minimumVariance!.stdev - 1e-12);
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
      }
    }
    expect(theory.longOnly.tangency!.weights.every((weight) => weight >= 0)).toBe(true);
    expect(theory.longOnly.tangency!.sharpe).toBeGreaterThan(theory.market.sharpe);
  });

  test('variances split by β add up, and β averages one over the market', () => {
    for (const { stdev, systematicVariance, idiosyncraticVariance } of theory.rows) {
      expect(systematicVariance + idiosyncraticVariance).toBeCloseTo(stdev ** 2, 12);
    }
    expect(theory.rows.reduce((sum, { beta }) => sum + beta, 0) / 4).toBeCloseTo(1, 12);
  });

  test('copies, constants and series that are not numbers are left out by name', () => {
    const spoilt = [
      ...assets,
      { name: 'copy', returns: assets[1]!.returns },
      { name: 'still', returns: new Float64Array(400).fill(0.001) },
      { name: 'broken', returns: Float64Array.from(assets[0]!.returns).fill(Number.NaN, 0, 1) },
    ];
    const { leftOut, rows } = theoryOf(spoilt, 0.0001);
    expect(leftOut.map(({ name }) => name)).toEqual(['copy', 'still', 'broken']);
    expect(rows).toHaveLength(4);
  });

  test('more series than days: no frontier with shorts, and the reason', () => {
    const { free, market } = theoryOf(
      series(
        [
          [0, 0.01],
          [0, 0.01],
          [0, 0.01],
          [0, 0.01],
        ],
        3,
      ),
      0,
    );
    expect(free.points).toEqual([]);
    expect(free.problems.map(({ code }) => code)).toContain('risk/singular');
    expect(market.stdev).toBeGreaterThan(0);
  });

  test('one series is no frontier', () => {
    expect(() => theoryOf(assets.slice(0, 1), 0)).toThrow('at least 2 series');
  });
});

describe('capital lines', () => {
  test('assets are held from close to close on the union of their days', () => {
    const grids = [makeGrid('A', ['2024-01-02', '2024-01-03']), makeGrid('B', ['2024-01-03', '2024-01-04'])];
    const held = assetReturns(grids, 'day');
    expect(held.periods).toEqual(['2024-01-02', '2024-01-03', '2024-01-04']);
    const mid = (tick: number) => (grids[0]!.bid[tick]! + grids[0]!.ask[tick]!) / 2;
    expect(held.returns[0]![0]).toBeCloseTo(mid(199) / mid(0) - 1, 12);
    expect(held.returns[0]![1]).toBeCloseTo(mid(399) / mid(199) - 1, 12);
    expect(held.returns[0]![2]).toBe(0);
    expect(held.returns[1]![0]).toBe(0);
    expect(marketReturns(held)[1]).toBeCloseTo((held.returns[0]![1]! + held.returns[1]![1]!) / 2, 15);
  });

  test('the tangential strategy is the one of highest Sharpe ratio among those that traded, the bound the same of the oracle', async () => {
    const result = await plantedResult({ configurations: 10, variants: 3, days: 40, sharpePerDay: 0.2, seed: 2 });
    const best = tangentialStrategy(result)!;
    expect(result.configurations.every(({ sharpe }) => (sharpe ?? 0) <= best.sharpe!)).toBe(true);
    const points = [null, 2, 3, 9].map((sharpe, index) => ({
      index,
      sharpe,
      meanBps: index,
      sigmaBps: 1,
      traded: index < 3,
    }));
    const fit = { kind: 'none', problem: { code: 'test', message: 'no line' } } as const;
    expect(leakStrategy({ naive: [{ id: 'oracle', points, fit }] })?.index).toBe(2);
    expect(leakStrategy({ naive: [{ id: 'random', points, fit }] })).toBeUndefined();
    expect(capitalPoint([0, 0], 0).sharpe).toBeNaN();
  });
});
