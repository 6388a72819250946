/** Where things stand on the risk-return plane: what must be in sight, and the paths of lines, bands, outlines and rays. */

import type { BandPoint, PlaneModel, PlanePosition, PlaneRay } from './planeModel.ts';
import { type Extent, extent } from './scale.ts';

/** bps → pixels */
export type PlaneScale = (value: number) => number;

/** From zero risk, unless everything keeps so close together that the plane would be mostly empty. */
export function sigmaFrame(model: PlaneModel): Extent {
  const own = extent(
    marksOf(model).map((point) => point.sigmaBps),
    0.06,
  );
  return own.min > 0.4 * own.max && (model.rays ?? []).length === 0 ? own : { min: 0, max: own.max };
}

/** Room for every configuration, the risk-free rate, and the line as far as there are configurations. */
export function meanFrame(model: PlaneModel): Extent {
  const { points, line, riskFreeBps } = model;
  const sigmas = extent(points.map((point) => point.sigmaBps));
  const near = line.filter((at) => at.sigmaBps >= sigmas.min && at.sigmaBps <= sigmas.max);
  return extent([riskFreeBps, ...marksOf(model).map((point) => point.meanBps), ...near.map((at) => at.meanBps)], 0.08);
}

/** All that must be in sight; the oracle's bound may lie far above it. */
function marksOf({ points, others = [], rays = [] }: PlaneModel): readonly PlanePosition[] {
  return [...points, ...others.flatMap((cloud) => cloud.points), ...rays.filter(({ kind }) => kind !== 'leak')];
}

export function linePath(line: readonly PlanePosition[], x: PlaneScale, y: PlaneScale): string {
  return line.map((at, i) => `${i === 0 ? 'M' : 'L'}${x(at.sigmaBps)} ${y(at.meanBps)}`).join('');
}

export function outlinePath(outline: readonly PlanePosition[], x: PlaneScale, y: PlaneScale): string {
  return outline.length === 0 ? '' : `${linePath(outline, x, y)}Z`;
}

/** From the risk-free rate through the portfolio to the end of the plane. */
export function rayPath(ray: PlaneRay, riskFreeBps: number, frame: Extent, x: PlaneScale, y: PlaneScale): string {
  const end = riskFreeBps + ((ray.meanBps - riskFreeBps) * frame.max) / ray.sigmaBps;
  return `M${x(0)} ${y(riskFreeBps)}L${x(frame.max)} ${y(end)}`;
}

export function bandPath(line: readonly BandPoint[], x: PlaneScale, y: PlaneScale): string {
  if (line.length === 0) return '';
  const upper = line.map((at) => `${x(at.sigmaBps)} ${y(at.highBps)}`);
  const lower = line.map((at) => `${x(at.sigmaBps)} ${y(at.lowBps)}`).reverse();
  return `M${[...upper, ...lower].join('L')}Z`;
}
