/** Forecasts of a distribution by its deciles: losses, coverage, calibration. */

import { lagRule, neweyWestError } from '../../risk/moments/neweyWest.ts';
import { chiSquaredUpper } from '../../risk/moments/pValues.ts';
import { mean, varies } from '../../risk/moments/statistics.ts';
import { type Coverage, decileLevels, type QuantileEvaluation } from './types.ts';

const LEVELS = decileLevels.length;

/** (y − q)(τ − [y < q]) averaged over rows, level by level. @param quantiles [n, 9] @param y [n] */
export function pinballOf(quantiles: Float64Array, y: Float64Array): number[] {
  return decileLevels.map((level, j) => {
    let sum = 0;
    for (let i = 0; i < y.length; i++) {
      const q = quantiles[i * LEVELS + j]!;
      sum += (y[i]! - q) * (level - (y[i]! < q ? 1 : 0));
    }
    return sum / y.length;
  });
}

/** Mean of |y|: twice the pinball loss of a price that is sure to stay. */
export function meanAbsolute(y: Float64Array): number {
  return mean(y.map(Math.abs));
}

/** @param lag of the errors of coverage */
export function evaluateQuantiles(
  quantiles: Float64Array,
  y: Float64Array,
  lag = lagRule(y.length),
): QuantileEvaluation {
  const perLevel = pinballOf(quantiles, y);
  const crps = 2 * mean(perLevel);
  const crpsPriceStays = meanAbsolute(y);
  return {
    rows: y.length,
    pinball: { perLevel, mean: mean(perLevel), priceStays: crpsPriceStays / 2 },
    crps,
    crpsPriceStays,
    crpsSkill: crpsPriceStays > 0 ? 1 - crps / crpsPriceStays : null,
    coverage: [0, 1, 2, 3].map((j) => coverageOf(quantiles, y, j, lag)),
    pit: pitOf(quantiles, y),
    crossings: crossingsOf(quantiles, y.length),
  };
}

/** Of the interval from the j-th decile to the j-th from above. */
function coverageOf(quantiles: Float64Array, y: Float64Array, j: number, lag: number): Coverage {
  const n = y.length;
  const [low, high] = [decileLevels[j]!, decileLevels[LEVELS - 1 - j]!];
  const nominal = Math.round((high - low) * 10) / 10;
  const hits = new Float64Array(n);
  let [width, missed] = [0, 0];
  for (let i = 0; i < n; i++) {
    const [from, to] = [quantiles[i * LEVELS + j]!, quantiles[i * LEVELS + LEVELS - 1 - j]!];
    if (y[i]! >= from && y[i]! <= to) hits[i] = 1;
    width += to - from;
    missed += Math.max(0, from - y[i]!) + Math.max(0, y[i]! - to);
  }
  const stdErr = neweyWestError(hits, lag);
  const empirical = mean(hits);
  return {
    low,
    high,
    nominal,
    empirical,
    stdErr,
    t: varies(hits) ? (empirical - nominal) / stdErr : null,
    meanWidth: width / n,
    intervalScore: width / n + ((2 / (1 - nominal)) * missed) / n,
  };
}

/** How often the outcome falls between which deciles, sorted; equal counts are calibrated. χ² takes rows for independent. */
function pitOf(quantiles: Float64Array, y: Float64Array): QuantileEvaluation['pit'] {
  const counts = new Array<number>(LEVELS + 1).fill(0);
  for (let i = 0; i < y.length; i++) {
    // How many lie below needs no order.
    let bin = 0;
    for (let j = 0; j < LEVELS; j++) if (quantiles[i * LEVELS + j]! < y[i]!) bin++;
    counts[bin] = counts[bin]! + 1;
  }
  const expected = y.length / counts.length;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return { counts, chiSquare, pValue: chiSquaredUpper(chiSquare, LEVELS) };
}

function crossingsOf(quantiles: Float64Array, rows: number): QuantileEvaluation['crossings'] {
  let [pairs, crossed] = [0, 0];
  for (let i = 0; i < rows; i++) {
    let inRow = 0;
    for (let j = 1; j < LEVELS; j++) if (quantiles[i * LEVELS + j - 1]! > quantiles[i * LEVELS + j]!) inRow++;
    pairs += inRow;
    if (inRow > 0) crossed++;
  }
  return { pairs, rows: crossed };
}
