/** What a line owes to the number of masks: its slope through every choice of k of the K masks, as if they were all there are. */

import { RandomStream } from '../../core/random.ts';
import { writeFigures } from '../lines/lineFigures.ts';
import { mean, populationVariance } from '../moments/statistics.ts';
import { type MaskPanel, type MaskPoints, writeSigma } from './maskCloud.ts';

/** Of all choices of k masks. */
export interface KCurvePoint {
  readonly k: number;
  /** Choices looked at: all, or some of them drawn by the seed. */
  readonly subsets: number;
  /** Free slope on plug-in σ. */
  readonly slope: { readonly mean: number; readonly stdev: number; readonly min: number; readonly max: number };
  readonly throughRiskFreeMean: number;
  /** Centred, of the free line. */
  readonly r2Mean: number;
  /** Choices in which all corrected variances are above 0. */
  readonly corrected: {
    readonly subsets: number;
    readonly slopeMean: number | null;
    readonly throughRiskFreeMean: number | null;
  };
}

/** @param mostSubsets of one k; more are drawn */
export function kCurve(panel: MaskPanel, riskFree: number, mostSubsets: number, seed: number): KCurvePoint[] {
  const { variants, configurations: n } = panel;
  const products = crossProducts(panel);
  const points: MaskPoints = {
    mean: new Float64Array(n),
    aleatory: new Float64Array(n),
    epistemic: new Float64Array(n),
  };
  const sigma = new Float64Array(n);
  const figures = new Float64Array(3);
  return Array.from({ length: variants }, (_, i): KCurvePoint => {
    const k = i + 1;
    const found = { slope: [] as number[], through: [] as number[], r2: [] as number[] };
    const corrected = { slope: [] as number[], through: [] as number[] };
    const subsets = subsetsOf(variants, k, mostSubsets, seed);
    for (const subset of subsets) {
      writeSubset(panel, products, subset, points);
      writeSigma(points, 'plugIn', k, sigma);
      writeFigures(sigma, points.mean, riskFree, figures, 0);
      found.through.push(figures[0]!);
      found.slope.push(figures[1]!);
      found.r2.push(centredR2(sigma, points.mean, figures[1]!, figures[2]!));
      if (k < 2 || writeSigma(points, 'corrected', k, sigma) > 0) continue;
      writeFigures(sigma, points.mean, riskFree, figures, 0);
      corrected.through.push(figures[0]!);
      corrected.slope.push(figures[1]!);
    }
    return {
      k,
      subsets: subsets.length,
      slope: {
        mean: mean(found.slope),
        stdev: Math.sqrt(populationVariance(found.slope)),
        min: Math.min(...found.slope),
        max: Math.max(...found.slope),
      },
      throughRiskFreeMean: mean(found.through),
      r2Mean: mean(found.r2),
      corrected: {
        subsets: corrected.slope.length,
        slopeMean: corrected.slope.length > 0 ? mean(corrected.slope) : null,
        throughRiskFreeMean: corrected.through.length > 0 ? mean(corrected.through) : null,
      },
    };
  });
}

/** [n, K, K + 1]: Σ_t r_i r_j/T, and last Σ_t r_i/T. */
function crossProducts({ configurations: n, variants: k, periods: t, data }: MaskPanel): Float64Array {
  const out = new Float64Array(n * k * (k + 1));
  for (let c = 0; c < n; c++) {
    for (let i = 0; i < k; i++) {
      const left = data.subarray((c * k + i) * t, (c * k + i + 1) * t);
      const at = (c * k + i) * (k + 1);
      let sum = 0;
      for (const value of left) sum += value;
      out[at + k] = sum / t;
      for (let j = 0; j <= i; j++) {
        const row = (c * k + j) * t;
        let inner = 0;
        for (let day = 0; day < t; day++) inner += left[day]! * data[row + day]!;
        out[at + j] = inner / t;
        out[(c * k + j) * (k + 1) + i] = inner / t;
      }
    }
  }
  return out;
}

function writeSubset(panel: MaskPanel, products: Float64Array, subset: readonly number[], to: MaskPoints): void {
  const { configurations: n, variants, centres } = panel;
  const k = subset.length;
  for (let c = 0; c < n; c++) {
    let [sum, second, squares] = [0, 0, 0];
    for (const i of subset) {
      const at = (c * variants + i) * (variants + 1);
      sum += products[at + variants]!;
      squares += products[at + i]!;
      for (const j of subset) second += products[at + j]!;
    }
    sum /= k;
    second /= k * k;
    squares /= k;
    to.mean[c] = centres[c]! + sum;
    to.aleatory[c] = Math.max(0, second - sum * sum);
    to.epistemic[c] = Math.max(0, squares - second);
  }
}

function centredR2(x: Float64Array, y: Float64Array, slope: number, intercept: number): number {
  const centre = mean(y);
  let [sse, sst] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    sse += (y[i]! - intercept - slope * x[i]!) ** 2;
    sst += (y[i]! - centre) ** 2;
  }
  return 1 - sse / sst;
}

/** All choices of k of K, or so many drawn ones where there are more. */
function subsetsOf(variants: number, k: number, most: number, seed: number): number[][] {
  let count = 1;
  for (let i = 0; i < k; i++) count = (count * (variants - i)) / (i + 1);
  if (count <= most) return [...choices(variants, k)];
  const stream = new RandomStream(seed, 'masks/subsets', k);
  return Array.from({ length: most }, () => {
    const left = Array.from({ length: variants }, (_, i) => i);
    for (let i = 0; i < k; i++) {
      const j = i + stream.integer(variants - i);
      [left[i], left[j]] = [left[j]!, left[i]!];
    }
    return left.slice(0, k).sort((a, b) => a - b);
  });
}

function* choices(variants: number, k: number, from = 0): Generator<number[]> {
  if (k === 0) {
    yield [];
    return;
  }
  for (let i = from; i <= variants - k; i++) for (const rest of choices(variants, k - 1, i + 1)) yield [i, ...rest];
}
