/** Speed of reading and of simulating quotes. Results are verified before a figure counts. */

import { readQuoteFiles } from '../../src/quotes/import.ts';
import { defaultSimulatorSettings, simulateMarket } from '../../src/quotes/simulator.ts';
import type { Benchmark } from './run.ts';

const ROWS = 1_000_000;

export const benchmarks: Benchmark[] = [
  {
    name: 'quotes/csv-parse',
    async run() {
      const bytes = makeCsv();
      await readQuoteFiles([{ name: 'warm-up.csv', bytes: bytes.subarray(0, bytes.lastIndexOf(10, 2e6) + 1) }]);
      const ours = await timed(async () => (await readQuoteFiles([{ name: 'bench.csv', bytes }])).series[0]!);
      const peer = await timed(() => parseNaively(new TextDecoder().decode(bytes)));
      const verified = (['timeMs', 'bid', 'ask', 'bidSize', 'askSize'] as const).every((column) => {
        const got = ours.result[column]!;
        return got.length === ROWS && got.every((value, i) => value === peer.result[column][i]);
      });
      return {
        value: bytes.length / 1e6 / ours.seconds,
        unit: 'MB/s',
        verified,
        peer: 'split and Number',
        ratio: peer.seconds / ours.seconds,
      };
    },
  },
  {
    name: 'quotes/simulate',
    async run() {
      const settings = { ...defaultSimulatorSettings, days: 100 };
      simulateMarket(defaultSimulatorSettings);
      const { result, seconds } = await timed(() => simulateMarket(settings));
      const quotes = result.series.reduce((sum, each) => sum + each.timeMs.length, 0);
      const verified = result.series.every((each) => each.bid.every((bid, i) => bid > 0 && bid < each.ask[i]!));
      return { value: quotes / seconds, unit: 'quotes/s', verified };
    },
  },
];

/** A million rows as exchanges write them, from the simulator. Built in pieces, so that no million strings burden the collector. */
function makeCsv(): Uint8Array {
  const [asset] = defaultSimulatorSettings.assets;
  const settings = { ...defaultSimulatorSettings, days: 50, stepsPerDay: ROWS / 50, assets: [asset!] };
  const { timeMs, bid, ask } = simulateMarket(settings).series[0]!;
  const encoder = new TextEncoder();
  const csv = new Uint8Array(ROWS * 64);
  let length = encoder.encodeInto('timestamp,bid,bid_size,ask,ask_size\n', csv).written;
  for (let i = 0; i < ROWS; i++) {
    const line = `${timeMs[i]!},${bid[i]!.toFixed(4)},${(i % 97) / 8},${ask[i]!.toFixed(4)},${(i % 89) * 100}\n`;
    length += encoder.encodeInto(line, csv.subarray(length)).written;
  }
  return csv.slice(0, length);
}

/** What a page would write without a scanner of its own. */
function parseNaively(text: string) {
  const rows = text.trimEnd().split('\n').slice(1);
  const column = () => new Float64Array(rows.length);
  const columns = { timeMs: column(), bid: column(), bidSize: column(), ask: column(), askSize: column() };
  rows.forEach((row, i) => {
    const cells = row.split(',');
    columns.timeMs[i] = Number(cells[0]);
    columns.bid[i] = Number(cells[1]);
    columns.bidSize[i] = Number(cells[2]);
    columns.ask[i] = Number(cells[3]);
    columns.askSize[i] = Number(cells[4]);
  });
  return columns;
}

async function timed<T>(work: () => T | Promise<T>): Promise<{ result: T; seconds: number }> {
  const start = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - start) / 1000 };
}
