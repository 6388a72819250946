/** Where things stand on the risk-return plane: what must be in sight, and the paths of lines, bands, outlines and rays. */

import { type Extent, extent } from '../scale.ts';
import type { PixelBox } from './manyPoints.ts';
import type { BandPoint, PlaneLayer, PlaneModel, PlanePosition, RayLayer } from './model.ts';

/** The plane's unit → pixels */
export type PlaneScale = (value: number) => number;

/** The part of a plane that is in sight, and where it lies in the picture. */
export interface Sight {
  readonly sigma: Extent;
  readonly mean: Extent;
  readonly x: PlaneScale;
  readonly y: PlaneScale;
  readonly box: PixelBox;
}

const usualRoom = { sigma: 0.06, mean: 0.08 };

/** From zero risk, unless everything keeps so close together that the plane would be mostly empty. */
export function sigmaFrame(model: PlaneModel): Extent {
  const tight = extent(
    marksOf(model).map(({ sigma }) => sigma),
    (model.room ?? usualRoom).sigma,
  );
  const rays = model.layers.some(({ kind }) => kind === 'ray');
  return tight.min > 0.4 * tight.max && !rays ? tight : { min: 0, max: tight.max };
}

/** Room for every point, the risk-free rate, and the lines that are to be in sight, as far as there are points. */
export function meanFrame(model: PlaneModel): Extent {
  const marks = marksOf(model);
  const sigmas = extent(marks.map(({ sigma }) => sigma));
  const near = model.layers.flatMap((layer) =>
    layer.kind === 'line' && layer.inSight
      ? layer.at.filter(({ sigma }) => sigma >= sigmas.min && sigma <= sigmas.max)
      : [],
  );
  return extent(
    [...(model.riskFree === undefined ? [] : [model.riskFree]), ...[...marks, ...near].map(({ mean }) => mean)],
    (model.room ?? usualRoom).mean,
  );
}

function marksOf({ layers }: PlaneModel): PlanePosition[] {
  return layers.flatMap((layer: PlaneLayer) =>
    layer.kind === 'points' && (layer.inSight ?? layer.pickable) ? layer.points : [],
  );
}

export function linePath(line: readonly PlanePosition[], { x, y }: Sight): string {
  return line.map(({ sigma, mean }, i) => `${i === 0 ? 'M' : 'L'}${x(sigma)} ${y(mean)}`).join('');
}

export function outlinePath(corners: readonly PlanePosition[], sight: Sight): string {
  return corners.length === 0 ? '' : `${linePath(corners, sight)}Z`;
}

/** From the risk-free rate through the portfolio to the end of what is in sight. */
export function rayPath({ through }: RayLayer, riskFree: number, { sigma, x, y }: Sight): string {
  const end = riskFree + ((through.mean - riskFree) * sigma.max) / through.sigma;
  return `M${x(0)} ${y(riskFree)}L${x(sigma.max)} ${y(end)}`;
}

/** Empty for a line without a band. */
export function bandPath(line: readonly (PlanePosition | BandPoint)[], { x, y }: Sight): string {
  const there = line.filter((at): at is BandPoint => 'low' in at);
  if (there.length === 0) return '';
  const upper = there.map((at) => `${x(at.sigma)} ${y(at.high)}`);
  const lower = there.map((at) => `${x(at.sigma)} ${y(at.low)}`).reverse();
  return `M${[...upper, ...lower].join('L')}Z`;
}
