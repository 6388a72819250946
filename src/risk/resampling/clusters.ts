/**
 * Describes clouds of points on the risk-return plane: their covariance ellipse, how tight they are and whether one is tighter than
 * another by more than chance, and how far two overlap. Points are [n] pairs of coordinates in the same units.
 */

import { fail } from '../../core/errors.ts';
import { RandomStream } from '../../core/random.ts';
import { hasSpread, mean } from '../moments/statistics.ts';

export interface Cloud {
  /** [n] */
  readonly x: ArrayLike<number>;
  /** [n] */
  readonly y: ArrayLike<number>;
}

/** Centre and population covariance. */
export interface CloudShape {
  readonly points: number;
  readonly xMean: number;
  readonly yMean: number;
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}

/** Points with coordinates that are not finite are left out. @throws UserError `risk/too-few-points` below 3 */
export function cloudShape({ x, y }: Cloud): CloudShape {
  const usable = Array.from(x, (_, i) => i).filter((i) => Number.isFinite(x[i]) && Number.isFinite(y[i]));
  if (usable.length < 3) {
    fail(
      'risk/too-few-points',
      `The shape of a cloud needs at least 3 configurations, but there are ${usable.length}.`,
    );
  }
  const [xMean, yMean] = [mean(usable.map((i) => x[i]!)), mean(usable.map((i) => y[i]!))];
  let [xx, xy, yy] = [0, 0, 0];
  for (const i of usable) {
    const [dx, dy] = [x[i]! - xMean, y[i]! - yMean];
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  const n = usable.length;
  return { points: n, xMean, yMean, xx: xx / n, xy: xy / n, yy: yy / n };
}

/** The ellipse around a normal cloud of this shape that holds a share of it. */
export interface Ellipse {
  readonly x: number;
  readonly y: number;
  /** Half axes, the longer first. */
  readonly major: number;
  readonly minor: number;
  /** Of the longer axis from the abscissa, in radians, within (−π/2, π/2]. */
  readonly angle: number;
}

/**
 * {z : (z − m)ᵀS⁻¹(z − m) = χ²₂ quantile}, and the quantile of two degrees of freedom is −2 ln(1 − share).
 *
 * @param share in (0, 1) of a bivariate normal distribution
 */
export function covarianceEllipse({ xMean, yMean, xx, xy, yy }: CloudShape, share: number): Ellipse {
  const scale = -2 * Math.log(1 - share);
  const middle = (xx + yy) / 2;
  const half = Math.hypot((xx - yy) / 2, xy);
  return {
    x: xMean,
    y: yMean,
    major: Math.sqrt(scale * (middle + half)),
    // Rounding can leave the smaller root of a straight line slightly negative.
    minor: Math.sqrt(scale * Math.max(0, middle - half)),
    angle: Math.atan2(2 * xy, xx - yy) / 2,
  };
}

/**
 * Overlap of two clouds taken as normal: the Bhattacharyya coefficient ∫√(p·q), 1 for equal and 0 for disjoint clouds
 * (Bhattacharyya 1943). NaN where a cloud has no area.
 */
export function overlap(left: CloudShape, right: CloudShape): number {
  const [xx, xy, yy] = [(left.xx + right.xx) / 2, (left.xy + right.xy) / 2, (left.yy + right.yy) / 2];
  const determinant = (shape: Pick<CloudShape, 'xx' | 'xy' | 'yy'>) => shape.xx * shape.yy - shape.xy * shape.xy;
  const [joint, first, second] = [determinant({ xx, xy, yy }), determinant(left), determinant(right)];
  if (!(first > 1e-12 * left.xx * left.yy && second > 1e-12 * right.xx * right.yy)) return Number.NaN;
  const [dx, dy] = [left.xMean - right.xMean, left.yMean - right.yMean];
  const distance = (dx * dx * yy - 2 * dx * dy * xy + dy * dy * xx) / joint;
  return Math.exp(-distance / 8) * Math.sqrt(Math.sqrt(first * second) / joint);
}

/** Mean distance of a cloud's points from its centre, on axes scaled by what both clouds spread. */
export interface TightnessTest {
  readonly left: number;
  readonly right: number;
  /** left/right: below 1 where the left cloud is tighter. */
  readonly ratio: number;
  /** One-sided: share of relabellings in which the left cloud is at least as much tighter. */
  readonly pValue: number;
}

/**
 * Is the left cloud tighter than the right one? Distances of all points from the centre of their own cloud (each axis in units of
 * the pooled deviation within clouds) are handed out anew at random; the statistic is the logarithm of the ratio of their means.
 * A permutation test of Levene's kind: exact up to the centres being estimated. Configurations that share days are not independent,
 * so the p-value describes these clouds and not the models' next year.
 *
 * @throws UserError `risk/too-few-points` where a cloud has fewer than 3 points, `risk/no-spread` where neither spreads
 */
export function testTightness(left: Cloud, right: Cloud, seed: number, permutations = 1999): TightnessTest {
  const shapes = [cloudShape(left), cloudShape(right)] as const;
  const total = shapes[0].points + shapes[1].points;
  const pooled = (of: (shape: CloudShape) => number) =>
    Math.sqrt(shapes.reduce((sum, shape) => sum + shape.points * of(shape), 0) / total);
  const scaleOf = (spread: (shape: CloudShape) => number, centre: (shape: CloudShape) => number): number => {
    const scale = pooled(spread);
    return hasSpread(scale, Math.max(...shapes.map((shape) => Math.abs(centre(shape))))) ? scale : 0;
  };
  const xScale = scaleOf(
    (shape) => shape.xx,
    (shape) => shape.xMean,
  );
  const yScale = scaleOf(
    (shape) => shape.yy,
    (shape) => shape.yMean,
  );
  if (!(xScale > 0 || yScale > 0)) fail('risk/no-spread', 'All configurations of both clouds lie on their centres.');
  const distancesOf = ({ x, y }: Cloud, shape: CloudShape): number[] =>
    Array.from(x, (_, i) =>
      Math.hypot(xScale > 0 ? (x[i]! - shape.xMean) / xScale : 0, yScale > 0 ? (y[i]! - shape.yMean) / yScale : 0),
    ).filter(Number.isFinite);
  const mine = distancesOf(left, shapes[0]);
  const others = distancesOf(right, shapes[1]);
  const all = Float64Array.from([...mine, ...others]);
  const sum = all.reduce((before, value) => before + value, 0);
  const n = mine.length;
  const statistic = (leftSum: number) => leftSum / n / ((sum - leftSum) / (all.length - n));
  const observed = statistic(mine.reduce((before, value) => before + value, 0));
  const stream = new RandomStream(seed, 'permutation/tightness');
  let asTight = 1;
  for (let p = 0; p < permutations; p++) {
    let leftSum = 0;
    // The first n of a Fisher-Yates shuffle.
    for (let i = 0; i < n; i++) {
      const j = i + stream.integer(all.length - i);
      [all[i], all[j]] = [all[j]!, all[i]!];
      leftSum += all[i]!;
    }
    if (statistic(leftSum) <= observed * (1 + 1e-12)) asTight++;
  }
  return { left: mean(mine), right: mean(others), ratio: observed, pValue: asTight / (permutations + 1) };
}
