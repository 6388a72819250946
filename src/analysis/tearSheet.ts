/** One configuration over time, from its daily returns: equity and drawdown with the spread of the variants, rolling Sharpe ratio, calendar sums. */

import { sharpeRatio } from '../risk/moments/performance.ts';
import { mean, populationVariance } from '../risk/moments/statistics.ts';

export interface EquityBand {
  /** [D] sum of the returns up to and including each day */
  readonly equity: Float64Array;
  /** [D] equity less its highest value so far (which starts at 0), ≤ 0 */
  readonly drawdown: Float64Array;
  /** [D] lowest and highest equity of the dropout variants */
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/**
 * Equity of one row, and the band of all dropout variants.
 *
 * @param returns [K + 1, D] row-major; row 0 is the deterministic model, which is not in the band
 */
export function equityBand(returns: Float64Array, days: number, row: number): EquityBand {
  const rows = returns.length / days;
  const low = new Float64Array(days).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(days).fill(Number.NEGATIVE_INFINITY);
  for (let k = 1; k < rows; k++) {
    cumulative(returns.subarray(k * days, (k + 1) * days)).forEach((value, d) => {
      low[d] = Math.min(low[d]!, value);
      high[d] = Math.max(high[d]!, value);
    });
  }
  const equity = cumulative(returns.subarray(row * days, (row + 1) * days));
  let peak = 0;
  const drawdown = equity.map((value) => {
    peak = Math.max(peak, value);
    return value - peak;
  });
  return { equity, drawdown, low, high };
}

function cumulative(returns: Float64Array): Float64Array {
  let sum = 0;
  return returns.map((value) => {
    sum += value;
    return sum;
  });
}

/** Days in a rolling Sharpe ratio: a month of trading, or a third of the days where there are few; at least 3. */
export function rollingWindow(days: number): number {
  return Math.max(3, Math.min(21, Math.floor(days / 3)));
}

/** [D] annualised Sharpe ratio of the last `window` days; NaN before there are so many, and where they have no risk. */
export function rollingSharpe(
  returns: Float64Array,
  window: number,
  riskFreePerPeriod: number,
  periodsPerYear: number,
): Float64Array {
  return returns.map((_, d) => {
    if (d + 1 < window) return Number.NaN;
    const last = returns.subarray(d + 1 - window, d + 1);
    const ratio = sharpeRatio(mean(last), Math.sqrt(populationVariance(last)), riskFreePerPeriod, periodsPerYear);
    return ratio ?? Number.NaN;
  });
}

export interface Histogram {
  /** [B + 1] ascending */
  readonly edges: readonly number[];
  /** [B]; a bin has its lower edge, the last one its upper edge too */
  readonly counts: Float64Array;
}

/** Bins of equal width, about √n of them. */
export function histogram(values: ArrayLike<number>): Histogram {
  const all = Array.from(values);
  const min = Math.min(...all);
  const max = Math.max(...all);
  const bins = max > min ? Math.min(40, Math.max(5, Math.ceil(Math.sqrt(all.length)))) : 1;
  const width = (max - min) / bins || 1e-4;
  const counts = new Float64Array(bins);
  for (const value of all) {
    const bin = Math.min(bins - 1, Math.floor((value - min) / width));
    counts[bin] = counts[bin]! + 1;
  }
  return { edges: Array.from({ length: bins + 1 }, (_, i) => min + i * width), counts };
}

export interface CalendarSum {
  readonly name: string;
  /** Of returns. */
  readonly sum: number;
  /** Days, or hours of sessions, in it. */
  readonly count: number;
}

/** Sums by calendar month, `YYYY-MM`. */
export function monthlySums(days: readonly string[], returns: Float64Array): CalendarSum[] {
  return sums(days.map((day, d) => ({ name: day.slice(0, 7), value: returns[d]! })));
}

/**
 * Sums by hour of the day on a zone's clock, of one instrument.
 *
 * @param equity [T] at each tick, from 0
 */
export function hourlySums(timeMs: Float64Array, equity: Float64Array, timeZone: string): CalendarSum[] {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' });
  const hours: { name: string; value: number }[] = [];
  let last = Number.NaN;
  for (let k = 0; k < timeMs.length; k++) {
    // Clocks differ by whole quarters of an hour, so within a quarter the hour is the same.
    const quarter = Math.floor(timeMs[k]! / 900_000);
    const change = equity[k]! - (equity[k - 1] ?? 0);
    const current = hours.at(-1);
    if (quarter === last && current) current.value += change;
    else {
      const name = `${format.format(timeMs[k]!)}:00`;
      const hour = Math.floor(timeMs[k]! / 3_600_000);
      if (current && current.name === name && Math.floor(((last + 1) * 900_000 - 1) / 3_600_000) === hour) {
        current.value += change;
      } else hours.push({ name, value: change });
    }
    last = quarter;
  }
  return sums(hours).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function sums(parts: readonly { readonly name: string; readonly value: number }[]): CalendarSum[] {
  const found = new Map<string, { name: string; sum: number; count: number }>();
  for (const { name, value } of parts) {
    const entry = found.get(name) ?? { name, sum: 0, count: 0 };
    entry.sum += value;
    entry.count++;
    found.set(name, entry);
  }
  return [...found.values()];
}
