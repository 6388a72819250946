/**
 * Loads far beyond the example: many symbols, many configurations, many days. Each is done whole and its figures are printed; `--full` takes the
 * sizes of docs/reliability.md ("Load"). What a load takes is reported, not judged: the judgement is that it ends, in memory that follows from its
 * size, and with every row and return accounted for.
 */

import { beforeEach, expect, test } from 'vitest';
import { directBacktester } from '../../src/marketLine/backtester.ts';
import { readQuoteFiles } from '../../src/quotes/import.ts';
import { resample } from '../../src/quotes/resample.ts';
import { runMarketLine } from '../../src/runs/run.ts';
import { parseRunSettings } from '../../src/runs/settings.ts';
import { leakingForecaster, makeGrid } from '../unit/runs/fixtures.ts';
import { full } from './support/full.ts';

const longMs = full ? 3_600_000 : 120_000;
let mostMb = 0;
let startedMs = 0;
beforeEach(() => {
  mostMb = 0;
  startedMs = performance.now();
});

function lookAtMemory(): void {
  mostMb = Math.max(mostMb, process.memoryUsage().rss / 1e6);
}

function tell(load: string): void {
  lookAtMemory();
  const seconds = (performance.now() - startedMs) / 1000;
  console.log(`${load}: ${seconds.toFixed(1)} s, at most ${Math.round(mostMb)} MB`);
}

/** Weekdays from the first of 2024 on. */
function weekdays(count: number): string[] {
  const days: string[] = [];
  for (let timeMs = Date.UTC(2024, 0, 1); days.length < count; timeMs += 86_400_000) {
    const weekday = new Date(timeMs).getUTCDay();
    if (weekday !== 0 && weekday !== 6) days.push(new Date(timeMs).toISOString().slice(0, 10));
  }
  return days;
}

/** Quotes a tenth of a second apart from 14:30 UTC on. */
function quotesCsv(rows: number): Uint8Array {
  const start = Date.UTC(2024, 2, 1, 14, 30);
  const lines = ['time,bid,ask'];
  for (let i = 0; i < rows; i++) lines.push(`${start + 100 * i},${(100 + (i % 977) / 100).toFixed(2)},110.25`);
  return new TextEncoder().encode(`${lines.join('\n')}\n`);
}

test(
  `${full ? 200 : 20} symbols of ${full ? '1,000,000' : '20,000'} quotes are read and sampled one after the other, none lost`,
  async () => {
    const [symbols, rows] = full ? [200, 1_000_000] : [20, 20_000];
    const bytes = quotesCsv(rows);
    let ticks = 0;
    for (let s = 0; s < symbols; s++) {
      const { series, reports } = await readQuoteFiles([{ name: `S${String(s).padStart(3, '0')}.csv`, bytes }]);
      expect(reports[0]!.rowsKept).toBe(rows);
      for (const each of series)
        ticks += resample(each, { stepMs: 1000, window: null, staleAfterMs: null }).timeMs.length;
      lookAtMemory();
    }
    // A tenth of the quotes, and both ends.
    expect(ticks).toBeGreaterThanOrEqual((symbols * rows) / 10);
    tell(`${symbols} symbols × ${rows} quotes`);
  },
  longMs,
);

test(
  `${full ? '5,000 configurations × 16' : '400 configurations × 4'} variants give every return of every period`,
  async () => {
    const [configurations, variants, days] = full ? [5000, 16, 60] : [400, 4, 12];
    const settings = parseRunSettings({ configurations, variants, strideTicks: 4 });
    const grid = makeGrid('A', weekdays(days));
    const { result } = await runMarketLine({
      ...{ grids: [grid], forecaster: leakingForecaster(5e-4), backtester: directBacktester, settings },
    });
    expect(result.periodReturns.length).toBe(configurations * (variants + 1) * days);
    expect(result.periodReturns.every(Number.isFinite)).toBe(true);
    expect(result.configurations).toHaveLength(configurations);
    tell(`${configurations} configurations × ${variants} variants × ${days} days`);
  },
  longMs,
);

test(
  `${full ? 90 : 6} days of one second make a line`,
  async () => {
    const days = full ? 90 : 6;
    const settings = parseRunSettings({ configurations: 30, variants: 8, strideTicks: 10 });
    const grid = makeGrid('A', weekdays(days), 23_400);
    const { result } = await runMarketLine({
      ...{ grids: [grid], forecaster: leakingForecaster(5e-4), backtester: directBacktester, settings },
    });
    expect(result.periods).toHaveLength(days);
    expect(result.fits.aleatory.kind).not.toBe('none');
    tell(`${days} days of 23,400 ticks`);
  },
  longMs,
);
