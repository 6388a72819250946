/** Efficient frontiers with their tangency portfolios and capital market lines over the series they are made of, on the risk-return plane. */

import { createMemo } from 'solid-js';
import type { FrontierCurve, Theory } from '../../analysis/theory.ts';
import type { MarkerShape } from './marker.ts';
import type { PlaneLayer, PlaneModel, PlanePosition, PointsLayer, RayLayer } from './plane/model.ts';
import { RiskReturnPlane } from './plane/RiskReturnPlane.tsx';

export function FrontierPlane(props: {
  theory: Theory;
  /** A period. */
  riskFree: number;
  /** 'a day' */
  each: string;
}) {
  const model = createMemo(() => frontierModel(props.theory, props.riskFree, props.each));
  return (
    <>
      <RiskReturnPlane
        label="Efficient frontier, tangency portfolios and capital market lines"
        model={model()}
        mostHeight={400}
      />
      <ul class="legend small">
        <li>solid: efficient frontier, shorts allowed (star: tangency)</li>
        <li>dotted: long only (triangle: tangency)</li>
        <li>diamond: equal shares, the market</li>
      </ul>
    </>
  );
}

interface Special {
  readonly name: string;
  readonly shape: MarkerShape;
  readonly ray: RayLayer['look'];
  readonly at: PlanePosition;
}

function frontierModel(theory: Theory, riskFree: number, each: string): PlaneModel {
  const { free, longOnly, rows } = theory;
  const special = specialPortfolios(theory);
  return {
    unit: { symbol: 'bps', each },
    sigmaLabel: 'σ',
    riskFree: riskFree * 1e4,
    noun: { one: 'portfolio', many: 'portfolios' },
    series: [],
    room: { sigma: 0.08, mean: 0.12 },
    layers: [
      { kind: 'line', at: curveOf(free) },
      { kind: 'line', at: curveOf(longOnly), look: 'dotted' },
      ...special.map(({ ray, at }): PlaneLayer => ({ kind: 'ray', look: ray, through: at })),
      {
        kind: 'points',
        pickable: true,
        points: rows.map(({ name, stdev, mean }, index) => ({ index, name, ...inBps({ stdev, mean }) })),
      },
      ...special.map(
        ({ name, shape, at }, i): PointsLayer => ({
          kind: 'points',
          pickable: true,
          points: [{ index: rows.length + i, name, ...at }],
          shape,
          radius: 6,
          look: 'hollow',
        }),
      ),
    ],
  };
}

function specialPortfolios({ rows, free, longOnly, market }: Theory): Special[] {
  const found: Special[] = [];
  // A tangency far outside the chart would shrink everything else to a spot.
  const far = 3 * Math.max(...rows.map(({ stdev }) => stdev));
  if (free.tangency && free.tangency.stdev <= far) {
    found.push({ name: 'Tangency, shorts allowed', shape: 'star', ray: 'tangential', at: inBps(free.tangency) });
  }
  if (longOnly.tangency) {
    found.push({ name: 'Tangency, long only', shape: 'triangle', ray: 'tangential', at: inBps(longOnly.tangency) });
  }
  if (market.stdev > 0) found.push({ name: 'Equal shares', shape: 'diamond', ray: 'market', at: inBps(market) });
  return found;
}

function curveOf({ points }: FrontierCurve): PlanePosition[] {
  return points.map(inBps);
}

function inBps({ stdev, mean }: { readonly stdev: number; readonly mean: number }): PlanePosition {
  return { sigma: stdev * 1e4, mean: mean * 1e4 };
}
