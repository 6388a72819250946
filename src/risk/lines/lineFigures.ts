/** Slope through r_f, free slope and intercept of a market line, and how each point moves them: what errors from days are made of. */

/** In the order of all arrays of figures. */
export const lineFigures = ['through', 'slope', 'intercept'] as const;
export type LineFigure = (typeof lineFigures)[number];

/** By figure: [n] derivatives by each point's σ and mean; 0 for points that are left out. */
export interface LineGradients {
  readonly byX: readonly Float64Array[];
  readonly byY: readonly Float64Array[];
}

export function emptyGradients(points: number): LineGradients {
  const columns = () => lineFigures.map(() => new Float64Array(points));
  return { byX: columns(), byY: columns() };
}

/**
 * Writes the figures to `out[offset…]`, NaN where fewer than three points or no spread determine no line.
 *
 * @param x [n] σ; NaN: the point is left out
 * @param gradients filled where given
 */
export function writeFigures(
  x: Float64Array,
  y: Float64Array,
  riskFree: number,
  out: Float64Array,
  offset: number,
  gradients?: LineGradients,
): void {
  let [n, xSum, ySum, largest] = [0, 0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i]!)) continue;
    n++;
    xSum += x[i]!;
    ySum += y[i]!;
    if (x[i]! > largest) largest = x[i]!;
  }
  const [xMean, yMean] = [xSum / n, ySum / n];
  let [sxx, sxy] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i]!)) continue;
    const dx = x[i]! - xMean;
    sxx += dx * dx;
    sxy += dx * (y[i]! - yMean);
  }
  // The refusal of `crossMoments`.
  if (!(n >= 3 && Math.sqrt(sxx / n) > 1e-12 * largest)) {
    out.fill(Number.NaN, offset, offset + lineFigures.length);
    return;
  }
  const slope = sxy / sxx;
  const intercept = yMean - slope * xMean;
  const xx = sxx + n * xMean * xMean;
  const through = (sxy + n * xMean * (yMean - riskFree)) / xx;
  out[offset] = through;
  out[offset + 1] = slope;
  out[offset + 2] = intercept;
  if (!gradients) return;
  const { byX, byY } = gradients;
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i]!)) {
      for (const column of [...byX, ...byY]) column[i] = 0;
      continue;
    }
    const dx = x[i]! - xMean;
    const residual = y[i]! - intercept - slope * x[i]!;
    byY[0]![i] = x[i]! / xx;
    byX[0]![i] = (y[i]! - riskFree - 2 * through * x[i]!) / xx;
    byY[1]![i] = dx / sxx;
    byX[1]![i] = (residual - slope * dx) / sxx;
    byY[2]![i] = 1 / n - xMean * byY[1]![i]!;
    byX[2]![i] = -slope / n - xMean * byX[1]![i]!;
  }
}
