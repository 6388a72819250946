/** Speed of reading and of simulating quotes, and of finding quotes again. Results are verified before a figure counts. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, openAsBlob, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { inferSchema, initParser } from 'udsv';
import type { QuoteSeries } from '../../src/core/types.ts';
import { readQuoteFiles } from '../../src/quotes/import.ts';
import { defaultSimulatorSettings, simulateMarket } from '../../src/quotes/market/simulator.ts';
import { bookTickerRow, writeBookTicker, writeBookTickerFile } from '../support/bookTickerCsv.ts';
import type { Benchmark, Figure } from './run.ts';

const FULL_BYTES = 200e6;
const QUICK_BYTES = 20e6;
const NAME = 'BTCUSDT-bookTicker-2023-05-16.csv';
const COLUMNS = ['timeMs', 'bid', 'ask', 'bidSize', 'askSize'] as const;
type Columns = Pick<QuoteSeries, 'timeMs' | 'bid' | 'ask'> & { bidSize: Float64Array; askSize: Float64Array };

interface Peer {
  readonly name: string;
  parse(bytes: Uint8Array): Columns;
}

/** What `best_bid_price` and the other headers are in our columns. */
const HEADERS = {
  timeMs: 'transaction_time',
  bid: 'best_bid_price',
  ask: 'best_ask_price',
  bidSize: 'best_bid_qty',
  askSize: 'best_ask_qty',
} as const;

const peers: readonly Peer[] = [
  {
    name: 'uDSV, typed columns',
    parse(bytes) {
      const text = new TextDecoder().decode(bytes);
      const parser = initParser(inferSchema(text));
      const columns = parser.typedCols(text);
      const of = (name: string) => {
        const at = parser.schema.cols.findIndex((column) => column.name === name);
        return Float64Array.from(columns[at] as number[]);
      };
      return columnsOf(of);
    },
  },
  {
    name: 'PapaParse, dynamic typing',
    parse(bytes) {
      const text = new TextDecoder().decode(bytes);
      const { data } = Papa.parse<number[]>(text, { dynamicTyping: true, skipEmptyLines: true });
      const header = data[0] as unknown as string[];
      const of = (name: string) => {
        const at = header.indexOf(name);
        return Float64Array.from({ length: data.length - 1 }, (_, i) => data[i + 1]![at]!);
      };
      return columnsOf(of);
    },
  },
];

function columnsOf(of: (name: string) => Float64Array): Columns {
  const { timeMs, bid, ask, bidSize, askSize } = HEADERS;
  return { timeMs: of(timeMs), bid: of(bid), ask: of(ask), bidSize: of(bidSize), askSize: of(askSize) };
}

export const benchmarks: Benchmark[] = [
  ...peers.map(
    (peer): Benchmark => ({
      name: `quotes/csv against ${peer.name.split(',')[0]}`,
      async run({ full }) {
        const { bytes, rows } = makeCsv(full ? FULL_BYTES : QUICK_BYTES);
        const theirs = await fastest(2, () => peer.parse(bytes));
        const ours = await fastest(3, () => readOurs(bytes));
        return figure(bytes.length, ours, theirs.seconds, peer.name, same(ours.result, theirs.result, rows));
      },
    }),
  ),
  {
    name: 'quotes/csv against polars',
    async run({ full }) {
      const folder = mkdtempSync(join(tmpdir(), 'pml-bench-'));
      try {
        const path = join(folder, NAME);
        const rows = writeBookTickerFile(path, full ? FULL_BYTES : QUICK_BYTES);
        const blob = await openAsBlob(path);
        const ours = await fastest(3, () => readOurs(blob));
        const known = sameAsWritten(ours.result, rows);
        const polars = timePolars(folder, path);
        if (!polars) return { ...speed(blob.size, ours, known), peer: 'polars (peer absent)' };
        const agrees = known && polars.rows === rows && Math.abs(polars.bidSum / sum(ours.result.bid) - 1) < 1e-12;
        return figure(blob.size, ours, polars.seconds, `polars ${polars.version}, one thread`, agrees);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  },
  {
    name: 'quotes/simulate',
    async run() {
      const settings = { ...defaultSimulatorSettings, days: 100 };
      simulateMarket(defaultSimulatorSettings);
      const { result, seconds } = await fastest(1, () => simulateMarket(settings));
      const quotes = result.series.reduce((total, each) => total + each.timeMs.length, 0);
      const verified = result.series.every((each) => each.bid.every((bid, i) => bid > 0 && bid < each.ask[i]!));
      return { value: quotes / seconds, unit: 'quotes/s', verified };
    },
  },
];

function figure(bytes: number, ours: Timed, peerSeconds: number, peer: string, verified: boolean): Figure {
  return { ...speed(bytes, ours, verified), peer, ratio: peerSeconds / ours.seconds };
}

interface Timed {
  readonly seconds: number;
}

function speed(bytes: number, { seconds }: Timed, verified: boolean): Figure {
  return { value: bytes / 1e6 / seconds, unit: 'MB/s', verified };
}

/** From bytes to checked quotes: everything a dropped file goes through, its report included. */
async function readOurs(bytes: Uint8Array | Blob): Promise<Columns> {
  const { series } = await readQuoteFiles([{ name: NAME, bytes }]);
  const { timeMs, bid, ask, bidSize, askSize } = series[0]!;
  return { timeMs, bid, ask, bidSize: bidSize!, askSize: askSize! };
}

function same(ours: Columns, theirs: Columns, rows: number): boolean {
  return COLUMNS.every((name) => {
    const [a, b] = [ours[name], theirs[name]];
    return a.length === rows && b.length === rows && a.every((value, i) => value === b[i]);
  });
}

function sameAsWritten(ours: Columns, rows: number): boolean {
  if (ours.timeMs.length !== rows) return false;
  for (let row = 0; row < rows; row++) {
    const written = bookTickerRow(row);
    if (COLUMNS.some((name) => ours[name][row] !== written[name])) return false;
  }
  return true;
}

function sum(column: Float64Array): number {
  return column.reduce((total, each) => total + each, 0);
}

const POLARS = `
import json, sys, time
import polars as pl
best = float('inf')
for _ in range(3):
    start = time.perf_counter()
    frame = pl.read_csv(sys.argv[1])
    best = min(best, time.perf_counter() - start)
print(json.dumps({'seconds': best, 'rows': frame.height, 'bidSum': frame['best_bid_price'].sum(), 'version': pl.__version__}))
`;

/** The native reader on one thread; `undefined` where Python or polars is not there. */
function timePolars(folder: string, path: string) {
  const script = join(folder, 'polars_peer.py');
  writeFileSync(script, POLARS);
  const env = { ...process.env, POLARS_MAX_THREADS: '1' };
  const { status, stdout } = spawnSync('python3', [script, path], { env, encoding: 'utf8' });
  if (status !== 0) return undefined;
  return JSON.parse(stdout) as { seconds: number; rows: number; bidSum: number; version: string };
}

/** In one piece of memory, so that every peer begins with the same bytes. */
function makeCsv(size: number): { bytes: Uint8Array; rows: number } {
  const blocks: Buffer[] = [];
  const rows = writeBookTicker(size, (block) => blocks.push(block));
  const bytes = new Uint8Array(blocks.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const block of blocks) {
    bytes.set(block, at);
    at += block.length;
  }
  return { bytes, rows };
}

/** The shortest of some runs: what is slower was held up by something else. */
async function fastest<T>(runs: number, work: () => T | Promise<T>): Promise<{ result: T; seconds: number }> {
  let best: { result: T; seconds: number } | undefined;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    const result = await work();
    const seconds = (performance.now() - start) / 1000;
    if (!best || seconds < best.seconds) best = { result, seconds };
  }
  return best!;
}
