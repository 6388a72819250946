/** Curves of the risk-return plane as points: a fitted line with its confidence band, the outline of a cloud, and the layers of a whole one. */

import { confidenceBand, type LeastSquaresLine } from '../../../risk/lines/marketLine.ts';
import { type Cloud, cloudShape, covarianceEllipse } from '../../../risk/resampling/clusters.ts';
import type { BandPoint, PlaneLayer, PlanePoint, PlanePosition } from './model.ts';

/** Confidence of the band around a line. */
const BAND_CONFIDENCE = 0.95;
/** Enough for a smooth hyperbola. */
const BAND_POINTS = 48;

/** Of a normal cloud's points: what a dashed outline holds. */
export const outlineShare = 0.9;
const OUTLINE_POINTS = 60;

/** What returns and risks in bps a period are multiplied with to be in a plane's unit. */
export interface UnitFactors {
  readonly sigma: number;
  readonly mean: number;
}

export const inBps: UnitFactors = { sigma: 1, mean: 1 };

/** A line fitted to returns, from σ = 0, where its intercept shows, up to a σ in bps; in the unit of the factors. */
export function bandOf(line: LeastSquaresLine, mostSigmaBps: number, factors = inBps): BandPoint[] {
  const band = confidenceBand(line, BAND_CONFIDENCE);
  return Array.from({ length: BAND_POINTS }, (_, i) => {
    const sigma = ((i / (BAND_POINTS - 1)) * mostSigmaBps) / 1e4;
    const { low, high } = band(sigma);
    return {
      sigma: sigma * 1e4 * factors.sigma,
      mean: (line.intercept + line.slope * sigma) * 1e4 * factors.mean,
      low: low * 1e4 * factors.mean,
      high: high * 1e4 * factors.mean,
    };
  });
}

/** The covariance ellipse of a cloud (x is σ, y the mean, in any unit); empty where it has no shape. */
export function outlineOf(cloud: Cloud): PlanePosition[] {
  if (cloud.x.length < 3) return [];
  const { x, y, major, minor, angle } = covarianceEllipse(cloudShape(cloud), outlineShare);
  return Array.from({ length: OUTLINE_POINTS }, (_, i) => {
    const turn = (2 * Math.PI * i) / OUTLINE_POINTS;
    const [along, across] = [major * Math.cos(turn), minor * Math.sin(turn)];
    return {
      sigma: x + along * Math.cos(angle) - across * Math.sin(angle),
      mean: y + along * Math.sin(angle) + across * Math.cos(angle),
    };
  });
}

/** A series' points with the line fitted to them and their outline; the points lie on top. */
export function cloudLayers(cloud: {
  readonly series: string;
  readonly points: readonly PlanePoint[];
  /** Empty where there is none. */
  readonly line: readonly (PlanePosition | BandPoint)[];
  readonly outline: readonly PlanePosition[];
  readonly pickable: boolean;
  /** Whether the plane has room for the whole line. */
  readonly lineInSight?: boolean;
  readonly radius?: number;
}): PlaneLayer[] {
  const { series, points, line, outline, pickable, lineInSight = false, radius } = cloud;
  return [
    { kind: 'line', series, at: line, inSight: lineInSight },
    { kind: 'outline', series, corners: outline },
    { kind: 'points', series, points, pickable, inSight: true, ...(radius !== undefined && { radius }) },
  ];
}
