/** How a result depends on two settings of a configuration: means over cells of a table, for a map. */

import type { ConfigurationSummary } from '../marketLine/marketLineResult.ts';

export const sensitivityAxes = {
  thresholdBps: 'Threshold, bps',
  stopLossBps: 'Stop loss, bps',
  takeProfitBps: 'Take profit, bps',
  maxHoldTicks: 'Longest hold, ticks',
} as const;

export type SensitivityAxis = keyof typeof sensitivityAxes;

/** Values of one axis that share a row or a column: [low, high], or a rule that is off (null). */
export interface Bin {
  readonly low: number | null;
  readonly high: number | null;
}

export interface SensitivityMap {
  readonly columns: readonly Bin[];
  readonly rows: readonly Bin[];
  /** [rows, columns]: mean annual Sharpe ratio of the configurations in the cell; null where there are none with a risk */
  readonly sharpe: readonly (readonly (number | null)[])[];
  /** [rows, columns] configurations with a Sharpe ratio */
  readonly counts: readonly (readonly number[])[];
}

/** More bins than this are hard to read, and of random configurations few would be in each. */
const MOST_BINS = 6;

/** Every level of a regular grid is a bin of its own; random values are cut into bins of about equal counts. */
export function sensitivityMap(
  configurations: readonly Pick<ConfigurationSummary, 'config' | 'sharpe'>[],
  columnAxis: SensitivityAxis,
  rowAxis: SensitivityAxis,
): SensitivityMap {
  const columns = binsOf(configurations.map(({ config }) => config[columnAxis]));
  const rows = binsOf(configurations.map(({ config }) => config[rowAxis]));
  const cells = rows.map((row) =>
    columns.map((column) =>
      configurations.flatMap(({ config, sharpe }) =>
        sharpe !== null && holds(row, config[rowAxis]) && holds(column, config[columnAxis]) ? [sharpe] : [],
      ),
    ),
  );
  return {
    columns,
    rows,
    sharpe: cells.map((row) =>
      row.map((cell) => (cell.length > 0 ? cell.reduce((sum, value) => sum + value, 0) / cell.length : null)),
    ),
    counts: cells.map((row) => row.map((cell) => cell.length)),
  };
}

function holds({ low, high }: Bin, value: number | null): boolean {
  if (value === null || low === null || high === null) return value === low;
  return value >= low && value <= high;
}

function binsOf(values: readonly (number | null)[]): Bin[] {
  const levels = [...new Set(values.filter((value) => value !== null))].sort((a, b) => a - b);
  const count = Math.min(MOST_BINS, levels.length);
  const bins: Bin[] = Array.from({ length: count }, (_, i) => ({
    low: levels[Math.round((i * levels.length) / count)]!,
    high: levels[Math.round(((i + 1) * levels.length) / count) - 1]!,
  }));
  return values.includes(null) ? [...bins, { low: null, high: null }] : bins;
}
