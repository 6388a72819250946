/** Curves of the risk-return plane as points: a fitted line with its confidence band, and the outline of a cloud. */

import { confidenceBand, type LeastSquaresLine } from '../../risk/lines/marketLine.ts';
import { type Cloud, cloudShape, covarianceEllipse } from '../../risk/resampling/clusters.ts';
import type { BandPoint, PlanePosition } from './planeModel.ts';

/** Confidence of the band around a line. */
const BAND_CONFIDENCE = 0.95;
/** Enough for a smooth hyperbola. */
const BAND_POINTS = 48;

/** Of a normal cloud's points: what a dashed outline holds. */
export const outlineShare = 0.9;
const OUTLINE_POINTS = 60;

/** A line fitted to returns, from σ = 0, where its intercept shows, up to a σ; in bps. */
export function bandOf(line: LeastSquaresLine, mostSigmaBps: number): BandPoint[] {
  const band = confidenceBand(line, BAND_CONFIDENCE);
  return Array.from({ length: BAND_POINTS }, (_, i) => {
    const sigma = ((i / (BAND_POINTS - 1)) * mostSigmaBps) / 1e4;
    const { low, high } = band(sigma);
    return {
      sigmaBps: sigma * 1e4,
      meanBps: (line.intercept + line.slope * sigma) * 1e4,
      lowBps: low * 1e4,
      highBps: high * 1e4,
    };
  });
}

/** The covariance ellipse of a cloud (x is σ, y the mean, in bps); empty where it has no shape. */
export function outlineOf(cloud: Cloud): PlanePosition[] {
  if (cloud.x.length < 3) return [];
  const { x, y, major, minor, angle } = covarianceEllipse(cloudShape(cloud), outlineShare);
  return Array.from({ length: OUTLINE_POINTS }, (_, i) => {
    const turn = (2 * Math.PI * i) / OUTLINE_POINTS;
    const [along, across] = [major * Math.cos(turn), minor * Math.sin(turn)];
    return {
      sigmaBps: x + along * Math.cos(angle) - across * Math.sin(angle),
      meanBps: y + along * Math.sin(angle) + across * Math.cos(angle),
    };
  });
}
