/** Real quotes that the embedded checkpoints are tried on: which files below `$PML_SHARED`, and on which grid. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Grid } from '../src/core/types.ts';
import { readQuoteFiles } from '../src/quotes/import.ts';
import { resample, type SessionWindow } from '../src/quotes/resample.ts';

export interface RealMarket {
  /** Name for people. */
  readonly title: string;
  /** Paths below `quotes/`. */
  readonly files: readonly string[];
  readonly stepMs: number;
  readonly window: SessionWindow | null;
}

const newYork = { timeZone: 'America/New_York', start: '09:30', end: '16:00' };

function lean(folder: string, days: readonly string[]): string[] {
  return days.map((day) => `lean/${folder}/${day}_quote.zip`);
}

const week = ['20131007', '20131008', '20131009', '20131010'];

export const realMarkets: readonly RealMarket[] = [
  { title: 'SPY, 1 s', files: lean('equity/usa/second/spy', week), stepMs: 1000, window: newYork },
  { title: 'AIG, 1 s', files: lean('equity/usa/second/aig', [...week, '20131011']), stepMs: 1000, window: newYork },
  { title: 'BAC, 1 s', files: lean('equity/usa/second/bac', week), stepMs: 1000, window: newYork },
  {
    title: 'EUR/USD, 1 s',
    files: lean('forex/oanda/second/eurusd', ['20140501', '20140502', '20140505', '20140506']),
    stepMs: 1000,
    window: null,
  },
  {
    title: 'BTC/USDT spot, 100 ms',
    files: ['hftbacktest/spot/btcusdt_20240808.gz', 'hftbacktest/spot/btcusdt_20240809.gz'],
    stepMs: 100,
    window: null,
  },
  {
    title: 'BTC/USD, 1 min',
    files: lean('crypto/coinbase/minute/btcusd', ['20171217', '20180404', '20180405']),
    stepMs: 60_000,
    window: null,
  },
];

/** Every symbol of a market on its grid. @throws where a file is missing or cannot be read. */
export async function gridsOfMarket({ files, stepMs, window }: RealMarket, shared: string): Promise<Grid[]> {
  const read = files.map((path) => ({
    name: path.split('/').at(-1)!,
    bytes: new Uint8Array(readFileSync(join(shared, 'quotes', path))),
  }));
  const { series } = await readQuoteFiles(read);
  if (series.length === 0) throw new Error(`no quotes in ${files.join(', ')}`);
  return series.map((one) => resample(one, { stepMs, window, staleAfterMs: null }));
}
