/** A model's forecasts judged by themselves, on each asset and over all of them (docs/statistics.md). */

import { correlation, rankCorrelation, ranks } from '../../risk/moments/correlation.ts';
import { lagRule, neweyWestError } from '../../risk/moments/neweyWest.ts';
import { mean, sumOfSquares, varies } from '../../risk/moments/statistics.ts';
import {
  clarkWest,
  clusteredMincerZarnowitz,
  coefficientOf,
  dieboldMariano,
  lossDifferences,
  mincerZarnowitzOf,
  outOfSampleR2,
} from './accuracy.ts';
import { evaluateQuantiles, meanAbsolute, pinballOf } from './quantiles.ts';
import {
  type DailyCoefficient,
  decileLevels,
  type ForecastSeries,
  type ModelEvaluation,
  type Reason,
  type SeriesEvaluation,
} from './types.ts';

/** Fewer rows than this say nothing. */
const FEWEST = 3;

/** Rows of a series that can be used. */
interface Kept {
  readonly day: Float64Array;
  readonly f: Float64Array;
  readonly y: Float64Array;
  readonly quantiles: Float64Array;
  readonly quantileY: Float64Array;
}

/** @param horizonRows how many rows of a series a forecast reaches ahead: rows overlap by one less */
export function evaluateSeries(series: ForecastSeries, horizonRows: number): SeriesEvaluation {
  const kept = keep(series);
  const { day, f, y, quantiles, quantileY } = kept;
  const rows = series.realisedBps.length;
  const counts = {
    rows,
    pointRows: y.length,
    pointDropped: rows - y.length,
    quantileRows: quantileY.length,
    quantileDropped: rows - quantileY.length,
  };
  const reasons: Record<string, Reason> = {};
  const lagOf = (n: number) => Math.min(n - 1, Math.max(horizonRows - 1, lagRule(n)));
  const judged = quantileY.length < FEWEST ? null : evaluateQuantiles(quantiles, quantileY, lagOf(quantileY.length));
  if (!judged) reasons.quantiles = series.quantilesBps ? 'too-few-rows' : 'no-quantiles';
  if (y.length < FEWEST) {
    const figures = ['ic', 'dailyIc', 'mincerZarnowitz', 'outOfSampleR2', 'dieboldMariano', 'clarkWest'];
    for (const name of figures) reasons[name] = 'too-few-rows';
    const none = { ic: null, dailyIc: null, mincerZarnowitz: null, outOfSampleR2: null };
    return { ...counts, lag: null, ...none, dieboldMariano: null, clarkWest: null, quantiles: judged, reasons };
  }
  const lag = lagOf(y.length);
  const noRegression = !varies(f) ? 'constant-surprise' : !varies(y) ? 'constant-realised' : undefined;
  if (noRegression) {
    reasons.ic = noRegression;
    reasons.dailyIc = noRegression;
    reasons.mincerZarnowitz = noRegression;
  }
  const skill = outOfSampleR2(f, y);
  if (skill === null) reasons.outOfSampleR2 = 'nothing-moved';
  const noClarkWest = f.every((value) => value === 0)
    ? 'no-surprise'
    : y.every((value) => value === 0)
      ? 'nothing-moved'
      : undefined;
  if (noClarkWest) reasons.clarkWest = noClarkWest;
  const { squared, absolute } = lossDifferences(f, y);
  return {
    ...counts,
    lag,
    ic: noRegression ? null : { pearson: coefficientOf(f, y, lag), spearman: coefficientOf(ranks(f), ranks(y), lag) },
    dailyIc: noRegression
      ? null
      : { pearson: dailyOf(day, f, y, correlation), spearman: dailyOf(day, f, y, rankCorrelation) },
    mincerZarnowitz: noRegression ? null : mincerZarnowitzOf(f, y, lag),
    outOfSampleR2: skill,
    dieboldMariano: {
      squared: dieboldMariano(squared, horizonRows, lag),
      absolute: dieboldMariano(absolute, horizonRows, lag),
    },
    clarkWest: noClarkWest ? null : clarkWest(f, y, lag),
    quantiles: judged,
    reasons,
  };
}

/** Every model over all its assets, in the order in which models first appear. */
export function evaluateModels(
  series: readonly ForecastSeries[],
  evaluated: readonly SeriesEvaluation[],
): ModelEvaluation[] {
  const names = [...new Set(series.map(({ model }) => model))];
  return names.map((model) => {
    const mine = series.map((one, i) => ({ one, i })).filter(({ one }) => one.model === model);
    return evaluateModel(
      model,
      mine.map(({ one }) => keep(one)),
      mine.map(({ i }) => evaluated[i]!),
    );
  });
}

function evaluateModel(model: string, parts: readonly Kept[], own: readonly SeriesEvaluation[]): ModelEvaluation {
  const [day, f, y] = (['day', 'f', 'y'] as const).map((name) => joined(parts.map((part) => part[name])));
  const quantileParts = parts.filter(({ quantileY }) => quantileY.length >= FEWEST);
  const quantileY = joined(quantileParts.map((part) => part.quantileY));
  const perLevel = pinballOf(joined(quantileParts.map((part) => part.quantiles)), quantileY);
  const days = new Set(day!).size;
  const found = own.flatMap(({ ic }) => (ic ? [ic] : []));
  const average = (of: (ic: (typeof found)[number]) => number): number | null =>
    found.length > 0 ? mean(found.map(of)) : null;
  const enough = days >= FEWEST;
  const differences = lossDifferences(f!, y!);
  const byDay = (values: Float64Array) => dieboldMariano(dayMeans(day!, values), 1, lagRule(days));
  return {
    model,
    days,
    rows: y!.length,
    lag: enough ? lagRule(days) : null,
    mincerZarnowitz: enough && varies(f!) && varies(y!) ? clusteredMincerZarnowitz(f!, y!, day!) : null,
    outOfSampleR2: enough ? outOfSampleR2(f!, y!) : null,
    dieboldMariano: enough ? { squared: byDay(differences.squared), absolute: byDay(differences.absolute) } : null,
    icMeanOverAssets: {
      assets: found.length,
      pearson: average(({ pearson }) => pearson.value),
      spearman: average(({ spearman }) => spearman.value),
    },
    crps: quantileY.length > 0 ? 2 * mean(perLevel) : null,
    crpsPriceStays: quantileY.length > 0 ? meanAbsolute(quantileY) : null,
  };
}

/** Point rows have a surprise and an outcome; quantile rows an outcome and all deciles. */
function keep({ day, surpriseBps, realisedBps, quantilesBps }: ForecastSeries): Kept {
  const width = decileLevels.length;
  const [points, distributions]: [number[], number[]] = [[], []];
  for (let i = 0; i < realisedBps.length; i++) {
    if (!Number.isFinite(realisedBps[i]!)) continue;
    if (Number.isFinite(surpriseBps[i]!)) points.push(i);
    if (quantilesBps && decileLevels.every((_, j) => Number.isFinite(quantilesBps[i * width + j]!)))
      distributions.push(i);
  }
  const quantiles = new Float64Array(distributions.length * width);
  distributions.forEach((row, i) => {
    for (let j = 0; j < width; j++) quantiles[i * width + j] = quantilesBps![row * width + j]!;
  });
  return {
    day: Float64Array.from(points, (i) => day[i]!),
    f: Float64Array.from(points, (i) => surpriseBps[i]!),
    y: Float64Array.from(points, (i) => realisedBps[i]!),
    quantiles,
    quantileY: Float64Array.from(distributions, (i) => realisedBps[i]!),
  };
}

function dailyOf(
  day: Float64Array,
  f: Float64Array,
  y: Float64Array,
  of: (f: Float64Array, y: Float64Array) => number,
): DailyCoefficient {
  const values: number[] = [];
  let skipped = 0;
  for (let from = 0; from < day.length; ) {
    let to = from;
    while (to < day.length && day[to] === day[from]) to++;
    const found = to - from < FEWEST ? Number.NaN : of(f.subarray(from, to), y.subarray(from, to));
    if (Number.isNaN(found)) skipped++;
    else values.push(found);
    from = to;
  }
  const days = values.length;
  const centre = days > 0 ? mean(values) : null;
  if (days < FEWEST || centre === null) {
    return { days, skipped, mean: centre, stdev: null, lag: null, stdErr: null, t: null };
  }
  const stdErr = neweyWestError(values);
  const stdev = Math.sqrt(sumOfSquares(values) / (days - 1));
  return { days, skipped, mean: centre, stdev, lag: lagRule(days), stdErr, t: centre / stdErr };
}

/** Mean over the rows of each day, days ascending. */
function dayMeans(day: Float64Array, values: Float64Array): Float64Array {
  const sums = new Map<number, { sum: number; count: number }>();
  values.forEach((value, i) => {
    const at = sums.get(day[i]!) ?? { sum: 0, count: 0 };
    sums.set(day[i]!, { sum: at.sum + value, count: at.count + 1 });
  });
  return Float64Array.from([...sums].sort(([a], [b]) => a - b).map(([, { sum, count }]) => sum / count));
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
