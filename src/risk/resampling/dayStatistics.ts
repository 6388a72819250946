/**
 * What a bootstrap over days has to know about a cloud of configurations: sums over days that give every mean and both variance
 * splits. A replicate is then a weighted sum of the table's rows, whatever the number of variants behind it.
 */

/** Which of the two exact splits of the variance (`decompose`) gives the risks. */
export type SplitName = 'timeResolved' | 'meanReturn';

/** Daily returns of one model's configurations. The array is borrowed. */
export interface ReturnPanel {
  /** [C, rows, T] row-major */
  readonly returns: Float64Array;
  readonly rows: number;
  /** T */
  readonly periods: number;
  /** First row of a dropout variant: 1 where row 0 is the deterministic model, else 0. */
  readonly firstVariant: number;
  /** The configurations to use, ascending; all of them if absent. */
  readonly include?: readonly number[];
}

export interface PeriodTable {
  readonly split: SplitName;
  /** n: configurations in the table. */
  readonly configurations: number;
  /** K */
  readonly variants: number;
  /** T */
  readonly periods: number;
  /** Columns of a row of `data`; n × 3 or n × (K + 1). */
  readonly width: number;
  /**
   * [T, width] row-major, of returns less the configuration's mean. `timeResolved`: E_k r | (E_k r)² | Var_k r, each [n].
   * `meanReturn`: E_k r² [n] | r [K, n].
   */
  readonly data: Float64Array;
  /** [n] mean return over variants and days, which `data` is centred on so that nothing is lost to cancellation. */
  readonly centres: Float64Array;
  /** Configurations with a return that is not finite: they cannot be resampled and are not in the table. */
  readonly leftOut: readonly number[];
}

/** The risk-return points of a cloud, in returns per day. */
export interface CloudPoints {
  /** [n] */
  readonly mean: Float64Array;
  /** [n] standard deviations */
  readonly sigma: { readonly aleatory: Float64Array; readonly epistemic: Float64Array; readonly total: Float64Array };
}

/** Builds the table: one pass over the returns. */
export function dayStatistics(panel: ReturnPanel, split: SplitName): PeriodTable {
  const { returns, rows, periods, firstVariant } = panel;
  const variants = rows - firstVariant;
  const cells = rows * periods;
  if (variants < 1 || periods < 1 || returns.length % cells !== 0) {
    throw new RangeError(`${returns.length} returns are not configurations of ${rows} rows × ${periods} periods`);
  }
  const wanted = panel.include ?? Array.from({ length: returns.length / cells }, (_, c) => c);
  const blockOf = (c: number) => returns.subarray(c * cells + firstVariant * periods, (c + 1) * cells);
  const usable = wanted.filter((c) => blockOf(c).every(Number.isFinite));
  const n = usable.length;
  const width = split === 'timeResolved' ? 3 * n : (variants + 1) * n;
  const data = new Float64Array(periods * width);
  const centres = new Float64Array(n);
  usable.forEach((c, i) => {
    const block = blockOf(c);
    const centre = block.reduce((sum, value) => sum + value, 0) / block.length;
    centres[i] = centre;
    for (let t = 0; t < periods; t++) {
      const row = data.subarray(t * width, (t + 1) * width);
      if (split === 'timeResolved') writeResolved(row, block, centre, { i, n, t, variants, periods });
      else writeVariants(row, block, centre, { i, n, t, variants, periods });
    }
  });
  const leftOut = wanted.filter((c) => !usable.includes(c));
  return { split, configurations: n, variants, periods, width, data, centres, leftOut };
}

interface Place {
  readonly i: number;
  readonly n: number;
  readonly t: number;
  readonly variants: number;
  readonly periods: number;
}

function writeResolved(row: Float64Array, block: Float64Array, centre: number, place: Place): void {
  const { i, n, t, variants, periods } = place;
  let sum = 0;
  for (let k = 0; k < variants; k++) sum += block[k * periods + t]! - centre;
  const average = sum / variants;
  let squares = 0;
  for (let k = 0; k < variants; k++) squares += (block[k * periods + t]! - centre - average) ** 2;
  row[i] = average;
  row[n + i] = average * average;
  row[2 * n + i] = squares / variants;
}

function writeVariants(row: Float64Array, block: Float64Array, centre: number, place: Place): void {
  const { i, n, t, variants, periods } = place;
  let squares = 0;
  for (let k = 0; k < variants; k++) {
    const value = block[k * periods + t]! - centre;
    row[(k + 1) * n + i] = value;
    squares += value * value;
  }
  row[i] = squares / variants;
}

export function emptyPoints(configurations: number): CloudPoints {
  const column = () => new Float64Array(configurations);
  return { mean: column(), sigma: { aleatory: column(), epistemic: column(), total: column() } };
}

/**
 * Turns sums of the table's rows into points: means, and the split that `decompose` gives for the days so weighted.
 *
 * @param sums [width] Σ_t w_t row_t
 * @param weight Σ_t w_t
 */
export function writePoints(table: PeriodTable, sums: Float64Array, weight: number, points: CloudPoints): void {
  if (table.split === 'timeResolved') resolvedPoints(table, sums, weight, points);
  else variantPoints(table, sums, weight, points);
}

function resolvedPoints(
  { configurations: n, centres }: PeriodTable,
  sums: Float64Array,
  weight: number,
  to: CloudPoints,
) {
  const { aleatory, epistemic, total } = to.sigma;
  for (let i = 0; i < n; i++) {
    const average = sums[i]! / weight;
    // Rounding can leave a variance of zero slightly negative.
    const aleatoryVariance = Math.max(0, sums[n + i]! / weight - average * average);
    const epistemicVariance = sums[2 * n + i]! / weight;
    to.mean[i] = centres[i]! + average;
    aleatory[i] = Math.sqrt(aleatoryVariance);
    epistemic[i] = Math.sqrt(epistemicVariance);
    total[i] = Math.sqrt(aleatoryVariance + epistemicVariance);
  }
}

function variantPoints(table: PeriodTable, sums: Float64Array, weight: number, to: CloudPoints) {
  const { configurations: n, variants, centres } = table;
  const { aleatory, epistemic, total } = to.sigma;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let k = 1; k <= variants; k++) sum += sums[k * n + i]! / weight;
    const average = sum / variants;
    let squares = 0;
    for (let k = 1; k <= variants; k++) squares += (sums[k * n + i]! / weight - average) ** 2;
    const totalVariance = Math.max(0, sums[i]! / weight - average * average);
    to.mean[i] = centres[i]! + average;
    total[i] = Math.sqrt(totalVariance);
    epistemic[i] = Math.sqrt(squares / variants);
    aleatory[i] = Math.sqrt(Math.max(0, totalVariance - squares / variants));
  }
}

/**
 * sums = Σ_j weights[j] · row(days[j]) over the first `count` entries: the whole cost of a replicate. Four rows at a time, so that
 * each sum is loaded and stored a quarter as often.
 */
export function addWeightedRows(
  { data, width }: Pick<PeriodTable, 'data' | 'width'>,
  days: Int32Array,
  weights: Float64Array,
  count: number,
  sums: Float64Array,
): void {
  sums.fill(0);
  let j = 0;
  for (; j + 4 <= count; j += 4) {
    const [a, b, c, d] = [days[j]! * width, days[j + 1]! * width, days[j + 2]! * width, days[j + 3]! * width];
    const [u, v, w, z] = [weights[j]!, weights[j + 1]!, weights[j + 2]!, weights[j + 3]!];
    for (let i = 0; i < width; i++) {
      sums[i] = sums[i]! + (u * data[a + i]! + v * data[b + i]!) + (w * data[c + i]! + z * data[d + i]!);
    }
  }
  for (; j < count; j++) {
    const at = days[j]! * width;
    for (let i = 0; i < width; i++) sums[i] = sums[i]! + weights[j]! * data[at + i]!;
  }
}
