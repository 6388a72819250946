/**
 * A deep ensemble (Lakshminarayanan et al., 2017) out of finished runs: several checkpoints, each without dropout, are the variants
 * whose disagreement is the epistemic risk. The same configurations on the same days then give another posterior's line.
 */

import { fail } from '../core/errors.ts';
import type { MarketLineResult, MarketLineSummary } from '../marketLine/marketLineResult.ts';
import { summariseMarketLine } from '../marketLine/marketLineResult.ts';
import { refuseDifferent } from '../marketLine/refuseDifferent.ts';

/**
 * Takes the deterministic model of each run as one variant; row 0 is the members' average, as if each held an equal share. What
 * trades cost and how busy they are is not known by variant: NaN.
 *
 * @param members at least 2 of the same configurations, days and symbols
 * @throws UserError `study/ensemble` naming what differs
 */
export function ensembleOf(members: readonly MarketLineResult[]): MarketLineSummary {
  const [first] = members;
  if (!first || members.length < 2) {
    fail(
      'study/ensemble',
      `An ensemble needs at least 2 runs, but there ${members.length === 1 ? 'is' : 'are'} ${members.length}.`,
      {
        hint: 'Run another checkpoint on the same quotes and settings.',
      },
    );
  }
  refuseDifferent(members, 'so they are no ensemble');

  const { period, periods, periodsPerYear } = first;
  const configs = first.configurations.map(({ config }) => config);
  const rows = members.length + 1;
  const cells = configs.length * rows;
  const periodReturns = new Float64Array(cells * periods.length);
  const tradeCounts = new Int32Array(cells);
  configs.forEach((_, c) => {
    const average = periodReturns.subarray(c * rows * periods.length, (c * rows + 1) * periods.length);
    members.forEach((run, m) => {
      const at = (c * rows + m + 1) * periods.length;
      const start = c * (run.variants + 1) * periods.length;
      periodReturns.set(run.periodReturns.subarray(start, start + periods.length), at);
      for (let t = 0; t < periods.length; t++) average[t] = average[t]! + periodReturns[at + t]! / members.length;
      const assets = run.symbols.length;
      const counts = run.tradeCounts.subarray(c * (run.variants + 1) * assets, (c * (run.variants + 1) + 1) * assets);
      tradeCounts[c * rows + m + 1] = counts.reduce((sum, count) => sum + count, 0);
    });
  });
  const unknown = new Float64Array(cells).fill(Number.NaN);
  const batch = {
    configs: configs.length,
    variants: rows,
    periods: periods.length,
    periodReturns,
    tradeCounts,
    winCounts: new Int32Array(cells),
    heldTicks: unknown,
    exposureTicks: unknown,
    turnover: unknown,
    gross: unknown,
    spread: unknown,
    slippage: unknown,
    fees: unknown,
  };
  const summary = summariseMarketLine([{ symbol: first.symbols.join(', '), periods, tickCount: 0, batch }], configs, {
    riskFreePercent: first.riskFreePerPeriod * periodsPerYear * 100,
    period,
    periodsPerYear,
  });
  return {
    ...summary,
    configurations: summary.configurations.map((point) => ({ ...point, activity: unknownActivity })),
    // The same rules on the same days: whatever the models were.
    naive: first.naive,
  };
}

const unknownActivity = {
  hitRate: null,
  holdingTicks: null,
  exposure: Number.NaN,
  turnoverPerPeriod: Number.NaN,
} as const;
