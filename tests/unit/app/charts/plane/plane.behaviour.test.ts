/** What the risk-return plane shows and selects, as numbers: room on its axes, names of points, rectangles, and the layers of naive forecasts. */

import { describe, expect, test } from 'vitest';
import { nearestTo } from '../../../../../src/app/charts/plane/cursor.ts';
import { cloudLayers } from '../../../../../src/app/charts/plane/curves.ts';
import { meanFrame, rayPath, type Sight, sigmaFrame } from '../../../../../src/app/charts/plane/geometry.ts';
import { nameOfPick, type PlaneLayer, type PlaneModel, pickables } from '../../../../../src/app/charts/plane/model.ts';
import { naiveLayers } from '../../../../../src/app/charts/plane/naive.ts';
import { isWithin, moved, rectangleOf } from '../../../../../src/app/charts/plane/selection.ts';

const cloud = (series: string, points: readonly (readonly [number, number])[]): PlaneLayer[] =>
  cloudLayers({
    series,
    points: points.map(([sigma, mean], index) => ({ index, sigma, mean })),
    line: [
      { sigma: 0, mean: 0 },
      { sigma: 10, mean: 30 },
      { sigma: 100, mean: 300 },
    ],
    outline: [],
    pickable: true,
  });

const model = (layers: readonly PlaneLayer[]): PlaneModel => ({
  unit: { symbol: '%', each: 'a year' },
  sigmaLabel: 'σ',
  riskFree: 5,
  noun: { one: 'configuration', many: 'strategies' },
  series: [],
  layers,
  room: { sigma: 0, mean: 0 },
});

describe('room', () => {
  test('is from zero risk unless the points keep close together, and from zero for rays in any case', () => {
    expect(sigmaFrame(model(cloud('a', [[2, 1], [10, 20]])))).toEqual({ min: 0, max: 10 }); // biome-ignore format: a row a case
    expect(sigmaFrame(model(cloud('a', [[8, 1], [10, 20]])))).toEqual({ min: 8, max: 10 }); // biome-ignore format: a row a case
    const ray: PlaneLayer = { kind: 'ray', look: 'market', through: { sigma: 9, mean: 9 } };
    expect(sigmaFrame(model([...cloud('a', [[8, 1]]), ray])).min).toBe(0);
  });

  test('holds the risk-free rate, every point that is to be in sight, and lines only where they are to be', () => {
    const points = cloud('a', [
      [2, 6],
      [20, 7],
    ]);
    expect(meanFrame(model(points))).toEqual({ min: 5, max: 7 });
    expect(
      meanFrame(model(points.map((layer) => (layer.kind === 'line' ? { ...layer, inSight: true } : layer)))),
    ).toEqual({ min: 5, max: 30 });
    const oracle: PlaneLayer = { kind: 'points', points: [{ index: 0, sigma: 1, mean: 999 }], pickable: false };
    expect(meanFrame(model([...points, oracle])).max).toBe(7);
    expect(meanFrame(model([...points, { ...oracle, inSight: true }])).max).toBe(999);
  });
});

const sight: Sight = {
  sigma: { min: 0, max: 10 },
  mean: { min: 0, max: 10 },
  x: (value) => 100 * value,
  y: (value) => 1000 - 100 * value,
  box: { left: 0, top: 0, right: 1000, bottom: 1000 },
};

test('a ray goes from the risk-free rate through its portfolio to the end of what is in sight', () => {
  expect(rayPath({ kind: 'ray', look: 'market', through: { sigma: 5, mean: 4 } }, 2, sight)).toBe('M0 800L1000 400');
});

test('points of several series are named with them, of one by their number, and by their own names where they have any', () => {
  const one = model(cloud('TTM', [[1, 1]]));
  expect(nameOfPick(one, pickables(one)[0]!)).toBe('configuration 0');
  const two = model([...cloud('TTM', [[1, 1]]), ...cloud('Timer', [[2, 2]])]);
  expect(pickables(two).map((pick) => nameOfPick(two, pick))).toEqual([
    'TTM, configuration 0',
    'Timer, configuration 0',
  ]);
  const named: PlaneLayer = {
    kind: 'points',
    points: [{ index: 0, name: 'Equal shares', sigma: 1, mean: 1 }],
    pickable: true,
  };
  const third = model([named]);
  expect(nameOfPick(third, pickables(third)[0]!)).toBe('Equal shares');
});

test('a point is meant within 24 pixels, the closest of several', () => {
  const points = pickables(model(cloud('a', [[1, 1], [1.2, 1], [5, 5]]))); // biome-ignore format: a row a case
  expect(nearestTo(points, sight, 112, 900)?.index).toBe(1);
  expect(nearestTo(points, sight, 76.5, 900)?.index).toBe(0);
  expect(nearestTo(points, sight, 75, 900)).toBeUndefined();
});

test('a rectangle has its edges, whichever corner it was drawn from; a corner moved by steps stays in sight', () => {
  const drawn = rectangleOf({ sigma: 4, mean: 1 }, { sigma: 2, mean: 3 });
  expect(drawn).toEqual({ sigma: { min: 2, max: 4 }, mean: { min: 1, max: 3 } });
  expect(isWithin(drawn, { sigma: 2, mean: 3 })).toBe(true);
  expect(isWithin(drawn, { sigma: 2, mean: 3.01 })).toBe(false);
  expect(moved({ sigma: 4, mean: 1 }, 2, -1, sight)).toEqual({ sigma: 5, mean: 0.5 });
  expect(moved({ sigma: 9.8, mean: 0.2 }, 3, -3, sight)).toEqual({ sigma: 10, mean: 0 });
});

test('naive forecasts are in the plane’s unit; room is made for all but the oracle, which is named at the edge', () => {
  const line = (id: 'persistence' | 'oracle', mean: number) =>
    ({
      id,
      points: [
        { index: 0, meanBps: mean, sigmaBps: 10, sharpe: null, traded: true },
        { index: 1, meanBps: mean + 2, sigmaBps: 30, sharpe: null, traded: true },
        { index: 2, meanBps: 9999, sigmaBps: 9999, sharpe: null, traded: false },
      ],
      fit: { kind: 'none', problem: { code: 'x', message: 'no line' } },
    }) as const;
  const layers = naiveLayers([line('persistence', 1), line('oracle', 100)], {
    factors: { sigma: 2, mean: 3 },
    inFull: true,
  });
  const points = layers.filter((layer) => layer.kind === 'points');
  expect(points.map(({ points: [point] }) => [point?.sigma, point?.mean])).toEqual([
    [40, 6],
    [40, 303],
  ]);
  expect(points.map(({ inSight }) => inSight)).toEqual([true, false]);
  expect(points.map(({ namedAtEdge }) => namedAtEdge)).toEqual([undefined, 'Oracle']);
});
