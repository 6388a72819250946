/** Small good inputs for every parser, made here: what the fuzzing starts from. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { float64, TimeUnit, tableFromArrays, tableToIPC, timestamp } from '@uwdata/flechette';
import { gzipSync, zipSync } from 'fflate';
import { hashGrid } from '../../../src/core/hashGrid.ts';
import { tableParquet } from '../../../src/export/parquet.ts';
import { directBacktester } from '../../../src/marketLine/backtester.ts';
import { Graph } from '../../../src/models/graph/builder.ts';
import { emitOnnx } from '../../../src/models/graph/onnx/emit.ts';
import { runJson } from '../../../src/runs/exports.ts';
import { runMarketLine } from '../../../src/runs/run.ts';
import { makeManifest } from '../../../src/runs/runManifest.ts';
import { parseRunSettings } from '../../../src/runs/settings.ts';
import { writeRecord } from '../../../src/studies/runRecord.ts';
import { rawSafetensors, tensorsFile } from '../../support/rawSafetensors.ts';
import { statePickle, torchArchive } from '../../support/torchArchive.ts';
import { zstdStored } from '../../unit/quotes/bytes/zstd.ts';
import { dbnFile } from '../../unit/quotes/dbn.ts';
import { card, leakingForecaster, makeGrid } from '../../unit/runs/fixtures.ts';
import { smallManifest } from '../../unit/studies/machine/support.ts';
import type { ParserName } from './parsers.ts';

export interface Seed {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const json = (value: unknown): Uint8Array => encode(JSON.stringify(value));
const start = Date.UTC(2024, 2, 1, 14, 30);

function rows(count: number, row: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => row(i)).join('\n');
}

const plain = `time,bid,ask,bid_size,ask_size\n${rows(40, (i) => `${start + 1000 * i},${5 + i / 100},${6 + i / 100},${i},2`)}\n`;
const columns = {
  ts: Array.from({ length: 40 }, (_, i) => start + 1000 * i),
  bid: Array.from({ length: 40 }, (_, i) => 5 + i / 100),
  ask: Array.from({ length: 40 }, (_, i) => 6 + i / 100),
};
const types = { types: { ts: timestamp(TimeUnit.MICROSECOND, 'UTC'), bid: float64(), ask: float64() } };

function quoteSeeds(): Seed[] {
  const records = Array.from({ length: 12 }, (_, i) => ({
    ...{ id: 7, received: BigInt(start + i) * 1_000_000n, bid: 5_000_000_000n, ask: 6_000_000_000n },
    ...{ bidSize: 1, askSize: 2 },
  }));
  const parquet = tableParquet({
    header: ['time', 'bid', 'ask'],
    rows: columns.ts.map((time, i) => [time, columns.bid[i]!, columns.ask[i]!]),
  });
  const text: Readonly<Record<string, string>> = {
    'plain.csv': plain,
    'semicolons.csv': plain.replaceAll(',', ';'),
    'local.csv': `Date,Time,Bid,Ask\n${rows(30, (i) => `03/15/2024,09:30:${String(i % 60).padStart(2, '0')}.000,5.1,5.2`)}\n`,
    'two.csv': `symbol,timestamp,bid_price,ask_price\n${rows(30, (i) => `${i % 2 ? 'A' : 'B'},2024-03-01T14:30:${String(i).padStart(2, '0')}Z,5,6`)}\n`,
    'DAT_ASCII_EURUSD_T_202403.csv': rows(
      30,
      (i) => `20240301 1430${String(i).padStart(2, '0')}000,1.08${i + 10},1.09${i + 10},0`,
    ),
    'EURUSD-2024-03.csv': rows(30, (i) => `EUR/USD,20240301 14:30:${String(i).padStart(2, '0')}.000,1.081,1.082`),
  };
  return [
    ...Object.entries(text).map(([name, content]) => ({ name, bytes: encode(content) })),
    { name: 'plain.csv.gz', bytes: gzipSync(encode(plain)) },
    { name: 'plain.csv.zst', bytes: zstdStored(encode(plain)) },
    {
      name: '20240301_quote.zip',
      bytes: zipSync({ '20240301_spy_tick_quote.csv': encode(plain), 'b.csv': encode(plain) }),
    },
    { name: 'x.dbn', bytes: dbnFile({ version: 3, schema: 1, symbols: { ES: 7 }, records }) },
    { name: 'x.parquet', bytes: new Uint8Array(parquet) },
    { name: 'x.arrow', bytes: tableToIPC(tableFromArrays(columns, types), { format: 'file' })! },
    { name: 'stream.arrow', bytes: tableToIPC(tableFromArrays(columns, types), { format: 'stream' })! },
  ];
}

function embeddedConfig(name: string): Seed {
  const path = join(import.meta.dirname, '../../../public/checkpoints', name, 'config.json');
  return { name, bytes: new Uint8Array(readFileSync(path)) };
}

function weightSeeds(): Seed[] {
  const values = Float32Array.from({ length: 6 }, (_, i) => i);
  const tensor = { dtype: 'F32', shape: [2, 3], data: values };
  const stored = { key: '0', elements: 6, shape: [2, 3], strides: [3, 1] };
  return [
    { name: 'model.safetensors', bytes: tensorsFile({ a: tensor, 'b.weight': tensor }) },
    { name: 'meta.safetensors', bytes: rawSafetensors({ __metadata__: { format: 'pt' } }) },
    { name: 'pytorch_model.bin', bytes: torchArchive(statePickle({ a: stored, b: stored }), { 0: values }) },
  ];
}

function onnxSeed(): Seed {
  const g = new Graph();
  const x = g.input('x', [1, 2, 1, 4]);
  const weight = g.constant(
    Float32Array.from({ length: 12 }, (_, i) => i / 10),
    [3, 4],
  );
  const forecast = g.relu(g.linear(x, weight));
  g.output('forecast', forecast);
  return { name: 'model.onnx', bytes: emitOnnx(g, g.outputs, () => fault('no weights')) };
}

function fault(message: string): never {
  throw new Error(message);
}

async function runSeeds(): Promise<{ run: Seed; manifest: Seed; record: Seed }> {
  const grid = makeGrid('A', ['2024-01-02', '2024-01-03', '2024-01-04', '2024-01-05', '2024-01-08']);
  const settings = parseRunSettings({ variants: 2, configurations: 4, strideTicks: 5 });
  const forecaster = leakingForecaster(5e-4);
  const { result } = await runMarketLine({ grids: [grid], forecaster, backtester: directBacktester, settings });
  const data = [{ symbol: 'A', source: 'a.csv', gridSha256: await hashGrid(grid) }];
  const manifest = makeManifest({ appVersion: '0.1.0', data, card, backend: forecaster.backend, settings });
  const record = writeRecord({
    ...{ version: 1, id: '2026-01-01', title: 'A run', startedMs: start, seconds: 3, state: 'finished', share: 1 },
    ...{ slope: null, kind: 'run', manifest },
  });
  return {
    run: { name: 'run.json', bytes: encode(runJson(manifest, result, card)) },
    manifest: { name: 'manifest.json', bytes: json(manifest) },
    record: { name: 'record.json', bytes: record },
  };
}

/** By parser: at least one each. */
export async function makeSeeds(): Promise<Readonly<Record<ParserName, readonly Seed[]>>> {
  const quotes = quoteSeeds();
  const { run, manifest, record } = await runSeeds();
  const siblings = [
    { rfilename: 'config.json', size: 10 },
    { rfilename: 'model.safetensors', lfs: { sha256: 'a'.repeat(64), size: 9 } },
  ];
  return {
    quotes,
    // The dialog is about one content, not a folder of them.
    quoteTrial: quotes.filter(({ name }) => !name.endsWith('.zip')),
    config: ['ttm-nano', 'timesfm-nano', 'chronos-bolt-nano', 'timer-nano', 'moirai-nano', 'baselines/lstm'].map(
      embeddedConfig,
    ),
    weights: weightSeeds(),
    onnx: [onnxSeed()],
    hub: [{ name: 'hub.json', bytes: json({ id: 'somebody/something', sha: 'b'.repeat(40), siblings }) }],
    settings: [{ name: 'settings.json', bytes: json(parseRunSettings({})) }],
    runManifest: [manifest],
    studyManifest: [{ name: 'study.json', bytes: json(smallManifest) }],
    runFile: [run],
    link: [
      {
        name: 'link',
        bytes: encode('stepMs=1000&variants=8&seed=3&windowStart=09:30&windowEnd=16:00&model=ttm-nano&data=A~abcdef'),
      },
    ],
    record: [record],
  };
}
