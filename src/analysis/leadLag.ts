/** Lead and lag (the paper's Fig. 2): how a model's surprise at one tick goes together with the market's returns before and after it. */

/** One asset's mids and what was predicted of them. */
export interface LeadLagSeries {
  /** [T] */
  readonly mid: ArrayLike<number>;
  /** [T] predicted mids; NaN where there is none. */
  readonly predictedMid: ArrayLike<number>;
  /** [S] index of each session's first tick. */
  readonly sessionStarts: ArrayLike<number>;
}

/**
 * Pearson correlation, lag by lag, of the surprise p[t]/mid[t] − 1 with the log return ln(mid[t+j]/mid[t+j−1]) (docs/method.md). A
 * lag above 0 asks whether the model leads the market. Pairs that reach beyond t's session or lack a value are left out; NaN with fewer
 * than two pairs, or where one side never varies.
 */
export function leadLagCorrelations(series: LeadLagSeries, lags: readonly number[]): number[] {
  const surprises = Float64Array.from(series.mid, (mid, t) => series.predictedMid[t]! / mid - 1);
  return lags.map((lag) => correlationAt(series, surprises, lag));
}

/** The mean over assets, lag by lag; assets without a correlation at a lag are left out of it. */
export function averageOverAssets(perAsset: readonly (readonly number[])[]): number[] {
  const lags = perAsset[0]?.length ?? 0;
  return Array.from({ length: lags }, (_, lag) => {
    const values = perAsset.map((correlations) => correlations[lag]!).filter((value) => !Number.isNaN(value));
    return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
  });
}

function correlationAt({ mid, sessionStarts }: LeadLagSeries, surprises: Float64Array, lag: number): number {
  const pairs: (readonly [number, number])[] = [];
  for (let session = 0; session < sessionStarts.length; session++) {
    const start = sessionStarts[session]!;
    const endExclusive = sessionStarts[session + 1] ?? mid.length;
    const from = Math.max(start, start + 1 - lag);
    const toExclusive = Math.min(endExclusive, endExclusive - lag);
    for (let t = from; t < toExclusive; t++) {
      const logReturn = Math.log(mid[t + lag]! / mid[t + lag - 1]!);
      if (Number.isFinite(surprises[t]!) && Number.isFinite(logReturn)) pairs.push([surprises[t]!, logReturn]);
    }
  }
  return correlation(pairs);
}

function correlation(pairs: readonly (readonly [number, number])[]): number {
  if (pairs.length < 2) return Number.NaN;
  let [meanX, meanY] = [0, 0];
  for (const [x, y] of pairs) {
    meanX += x / pairs.length;
    meanY += y / pairs.length;
  }
  let [xx, xy, yy] = [0, 0, 0];
  for (const [x, y] of pairs) {
    xx += (x - meanX) ** 2;
    xy += (x - meanX) * (y - meanY);
    yy += (y - meanY) ** 2;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : Number.NaN;
}
