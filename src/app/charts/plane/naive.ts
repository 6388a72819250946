/** Naive forecasts and the oracle on the risk-return plane: the middle of each one's configurations as a grey mark, the oracle a hollow one. */

import type { NaiveLine } from '../../../marketLine/naiveLines.ts';
import { median } from '../../../risk/moments/statistics.ts';
import { naiveNames } from '../../../strategy/naive.ts';
import { inBps, type UnitFactors } from './curves.ts';
import type { PlaneLayer, PlanePosition } from './model.ts';

/** Medians over the configurations that traded; undefined where none did. */
export function naiveMiddle({ points }: NaiveLine): { sigmaBps: number; meanBps: number } | undefined {
  const traded = points.filter((point) => point.traded);
  if (traded.length === 0) return undefined;
  return {
    sigmaBps: median(traded.map((point) => point.sigmaBps)),
    meanBps: median(traded.map((point) => point.meanBps)),
  };
}

/**
 * @param inFull the lines through the clouds too, and room for the marks in the plane, except for the oracle's, which may lie far above everything else
 * and is named at the edge then
 */
export function naiveLayers(
  lines: readonly NaiveLine[],
  { factors = inBps, inFull = false }: { readonly factors?: UnitFactors; readonly inFull?: boolean } = {},
): PlaneLayer[] {
  return lines.flatMap((line, index): PlaneLayer[] => {
    const middle = naiveMiddle(line);
    if (!middle) return [];
    const { id } = line;
    const point = {
      index,
      name: naiveNames[id],
      sigma: middle.sigmaBps * factors.sigma,
      mean: middle.meanBps * factors.mean,
    };
    return [
      { kind: 'line', look: 'naive', at: inFull ? throughCloud(line, factors) : [] },
      {
        kind: 'points',
        points: [point],
        pickable: false,
        inSight: inFull && id !== 'oracle',
        shape: 'diamond',
        radius: 4,
        look: id === 'oracle' ? 'oracle' : 'naive',
        labelled: true,
        ...(id === 'oracle' && { namedAtEdge: 'Oracle' }),
      },
    ];
  });
}

/** From σ = 0 to the riskiest configuration; empty where there is no line. */
function throughCloud({ points, fit }: NaiveLine, factors: UnitFactors): PlanePosition[] {
  if (fit.kind === 'none') return [];
  const { intercept, slope } = fit.leastSquares;
  const end = Math.max(...points.filter(({ traded }) => traded).map(({ sigmaBps }) => sigmaBps));
  return [0, end].map((sigmaBps) => ({
    sigma: sigmaBps * factors.sigma,
    mean: (1e4 * intercept + slope * sigmaBps) * factors.mean,
  }));
}
