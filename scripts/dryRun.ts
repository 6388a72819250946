/**
 * Real sizes on this machine: `npm run dryrun [-- --only NAME] [--threads N]` builds the largest architectures from their official
 * configurations with random weights, makes sessions on onnxruntime-web (WASM) and runs them once. Prints time and memory of each
 * stage; each model has a process of its own, so that its peak is its own. The numbers in docs/models.md are from here.
 */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { RandomStream } from '../src/core/random.ts';
import { readSafetensors, writeSafetensors } from '../src/models/checkpoints/safetensors.ts';
import { tableOf } from '../src/models/checkpoints/tensors.ts';
import { storeWeights, type WeightStore } from '../src/models/checkpoints/weights.ts';
import type { BatchShape } from '../src/models/family.ts';
import { Graph } from '../src/models/graph/builder.ts';
import { sizeOf, type Tensor } from '../src/models/graph/ir.ts';
import { emitOnnx } from '../src/models/graph/onnx/emit.ts';
import { type Architecture, openArchitecture } from '../src/models/registry.ts';
import { openNodeRuntime } from '../src/models/runtime/node.ts';
import { type Feeds, GraphSession, type Runtime } from '../src/models/runtime/runtime.ts';

interface DryRun {
  readonly config: Readonly<Record<string, unknown>>;
  /** Further graphs of the family that a roll-out needs, with the outputs wanted of them. */
  readonly parts?: readonly { readonly batch: Partial<BatchShape>; readonly outputs: RegExp }[];
}

const moiraiComponents = ['StudentT', 'NormalFixedScale', 'NegativeBinomial', 'LogNormal'];

const runs: Readonly<Record<string, DryRun>> = {
  'timesfm-2.0-500m': {
    config: {
      horizon_len: 128,
      pad_val: 1123581321,
      num_layers: 50,
      use_positional_embedding: false,
      context_len: 2048,
    },
  },
  'chronos-t5-large': {
    config: {
      architectures: ['T5ForConditionalGeneration'],
      d_model: 1024,
      d_ff: 4096,
      d_kv: 64,
      num_heads: 16,
      num_layers: 24,
      vocab_size: 4096,
      chronos_config: {
        tokenizer_class: 'MeanScaleUniformBins',
        tokenizer_kwargs: { low_limit: -15, high_limit: 15 },
        n_tokens: 4096,
        context_length: 512,
        prediction_length: 64,
      },
    },
    parts: [
      { batch: { part: 'encode' }, outputs: /^cross\./ },
      { batch: { part: 'step', steps: 64, paths: 20 }, outputs: /^(logits|next\..*)$/ },
    ],
  },
  'moirai-large': {
    config: {
      d_model: 1024,
      num_layers: 24,
      patch_sizes: [8, 16, 32, 64, 128],
      context_len: 1024,
      patch_size: 32,
      distr_output: { components: moiraiComponents.map((name) => ({ _target_: `${name}Output` })) },
    },
  },
};

const { values: options } = parseArgs({
  options: { only: { type: 'string' }, threads: { type: 'string', default: '2' } },
});

if (options.only === undefined) {
  const script = fileURLToPath(import.meta.url);
  const failed = Object.keys(runs).filter((name) => {
    const more = ['--only', name, '--threads', options.threads];
    return spawnSync(process.execPath, [...process.execArgv, script, ...more], { stdio: 'inherit' }).status !== 0;
  });
  if (failed.length > 0) console.error(`did not work here: ${failed.join(', ')}`);
  process.exit(failed.length > 0 ? 1 : 0);
}
const chosen = runs[options.only];
if (!chosen) {
  console.error(`There is no dry run ${options.only}; known: ${Object.keys(runs).join(', ')}.`);
  process.exit(2);
}
await dryRun(options.only, chosen, openNodeRuntime(Number(options.threads)));
// The WASM threads would keep the process alive.
process.exit(0);

async function dryRun(name: string, { config, parts = [] }: DryRun, runtime: Runtime): Promise<void> {
  const architecture = openArchitecture(JSON.stringify(config), name);
  const graph = new Graph();
  architecture.addTo(graph, { contexts: 1, channels: 1 });
  const elements = [...graph.weights.values()].reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  console.log(`\n${name}: ${(elements / 1e6).toFixed(1)} M parameters, ${gigabytes(4 * elements)} as float32`);
  const bytes = stage('weights made up', () => randomFile(graph));
  const weights = stage('weights read and checked', () =>
    storeWeights(tableOf(readSafetensors(bytes, name)), graph.weights, name),
  );
  const values = series(architecture.shape.contextLength);
  const { feeds } = architecture.prepare({ values, contexts: 1, length: values.length, channels: 1 });
  await sessionOf('forecast', graph, graph.outputs, weights, feeds, runtime);
  for (const { batch, outputs } of parts) await part(architecture, batch, outputs, weights, runtime);
}

/** A graph of its own, fed with zeros. */
async function part(
  architecture: Architecture,
  batch: Partial<BatchShape>,
  outputs: RegExp,
  weights: WeightStore,
  runtime: Runtime,
): Promise<void> {
  const graph = new Graph();
  architecture.addTo(graph, { contexts: 1, channels: 1, ...batch });
  const wanted = new Map([...graph.labels].filter(([label]) => outputs.test(label)));
  const zeros = [...graph.inputs].map(([name, { shape, dtype }]) => {
    const size = sizeOf(shape);
    return [name, dtype === 'int32' ? new Int32Array(size) : new Float32Array(size)] as const;
  });
  await sessionOf(batch.part ?? 'part', graph, wanted, weights, Object.fromEntries(zeros), runtime);
}

async function sessionOf(
  name: string,
  graph: Graph,
  outputs: ReadonlyMap<string, Tensor>,
  weights: WeightStore,
  feeds: Feeds,
  runtime: Runtime,
): Promise<void> {
  const model = stage(`${name}: graph emitted`, () => emitOnnx(graph, outputs, weights.locate));
  console.log(`    ${graph.nodes.length} nodes, ${(model.byteLength / 1e6).toFixed(2)} MB without weights`);
  const session = await stageLater(`${name}: session created`, () =>
    GraphSession.create(runtime, graph, weights, outputs),
  );
  try {
    await stageLater(`${name}: first run`, () => session.run(feeds));
    const results = await stageLater(`${name}: second run`, () => session.run(feeds));
    const finite = Object.values(results).every((all) => all.every(Number.isFinite));
    if (!finite) throw new Error(`${name} gives numbers that are not finite`);
  } finally {
    await session.release();
  }
}

/** A checkpoint file of a block of random numbers, repeated; gains of norms are 1. */
function randomFile(graph: Graph): Uint8Array {
  const sizes = [...graph.weights.values()].map(({ shape }) => sizeOf(shape));
  const block = new Float32Array(Math.max(...sizes));
  const stream = new RandomStream(1, 'dry run');
  const drawn = Math.min(block.length, 1 << 20);
  for (let i = 0; i < drawn; i++) block[i] = 0.02 * stream.normal();
  for (let start = drawn; start < block.length; start += drawn) {
    block.copyWithin(start, 0, Math.min(drawn, block.length - start));
  }
  const ones = new Float32Array(Math.max(...sizes)).fill(1);
  return writeSafetensors(
    [...graph.weights].map(([name, { shape }]) => {
      const isGain = shape.length === 1 && !name.endsWith('bias');
      return [name, shape, (isGain ? ones : block).subarray(0, sizeOf(shape))] as const;
    }),
  );
}

function series(length: number): Float64Array {
  const stream = new RandomStream(2, 'dry run');
  let value = 0;
  return Float64Array.from({ length }, () => {
    value += stream.normal();
    return value;
  });
}

function stage<T>(name: string, run: () => T): T {
  const start = performance.now();
  const result = run();
  report(name, start);
  return result;
}

async function stageLater<T>(name: string, run: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await run();
  report(name, start);
  return result;
}

function report(name: string, start: number): void {
  const seconds = ((performance.now() - start) / 1000).toFixed(2);
  const peak = gigabytes(process.resourceUsage().maxRSS * 1024);
  console.log(`  ${name.padEnd(30)} ${seconds.padStart(8)} s   peak memory of the process ${peak}`);
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
