import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toProblem, UserError } from '../../../src/core/errors.ts';
import type { Forecastable } from '../../../src/models/checkpoint.ts';
import { drawMasks } from '../../../src/models/dropout.ts';
import { createForecaster } from '../../../src/models/forecaster.ts';
import { Graph } from '../../../src/models/graph/builder.ts';
import type { Tensor } from '../../../src/models/graph/ir.ts';
import { emitOnnx } from '../../../src/models/graph/onnx/emit.ts';
import { OnnxModel } from '../../../src/models/graph/onnx/model.ts';
import { ProtobufWriter } from '../../../src/models/graph/onnx/protobuf.ts';
import { readOnnx } from '../../../src/models/onnxFile/model.ts';
import { inspectOnnx, openOnnx } from '../../../src/models/onnxFile/open.ts';
import { findSites } from '../../../src/models/onnxFile/sites.ts';
import { openNodeRuntime } from '../../../src/models/runtime/node.ts';
import { GraphSession } from '../../../src/models/runtime/runtime.ts';
import type { CheckpointFolder, DropoutSite, ForecastSettings } from '../../../src/models/types.ts';
import { randomValues } from '../../support/operatorCases.ts';

const runtime = openNodeRuntime();
const LENGTH = 24;
const STEPS = 5;
const settings: ForecastSettings = {
  variants: 3,
  dropoutRate: 0.3,
  seed: 5,
  dropoutSites: 'all',
  strideTicks: 1,
  horizonTicks: null,
  inputTransform: 'normalised',
};

/** A forecaster [contexts, 24] → [contexts, 5] of two hidden layers; dropout behind its activations where variants ≥ 1. */
function perceptron(contexts: number, variants = 0, weight = constant): Graph {
  const g = new Graph(variants);
  const lead = Math.max(1, variants);
  const x = g.reshape(g.input('context', [contexts, LENGTH]), [1, contexts, LENGTH]);
  const first = g.dropout('0.relu', g.relu(g.linear(x, weight(g, 'a', [16, LENGTH]), weight(g, 'b', [16]))));
  const second = g.dropout('1.gelu', g.gelu(g.linear(first, weight(g, 'c', [8, 16]))));
  const y = g.linear(second, weight(g, 'd', [STEPS, 8]));
  g.output('forecast', g.reshape(y, [lead * contexts, STEPS]));
  return g;
}

function constant(g: Graph, name: string, shape: readonly number[]): Tensor {
  return g.constant(
    randomValues(
      name,
      shape.reduce((size, length) => size * length, 1),
    ),
    shape,
  );
}

const noWeights = { files: [], locate: refuse, values: refuse };

function refuse(name: string): never {
  throw new Error(`${name} is not a weight of this graph`);
}

function folder(bytes: Uint8Array, changes: Partial<CheckpointFolder> = {}): CheckpointFolder {
  return { name: 'dropped', files: [{ path: 'model.onnx', data: bytes }], ...changes };
}

const bytesOf = (g: Graph): Uint8Array => emitOnnx(g, g.outputs, refuse);
const values = randomValues('contexts', 3 * LENGTH);

/** The instrumented model's forecasts of three contexts under some variants. */
async function run(model: Forecastable, variants: number, first = 0): Promise<Float32Array> {
  const session = await model.compile(runtime, { variants, contexts: 3 });
  const masks = drawMasks(model.card.sites, first, variants, settings);
  try {
    return (await session.run({ context: values, ...masks })).forecast!;
  } finally {
    await session.release();
  }
}

describe('a dropped ONNX forecaster', () => {
  it('gives with masks of ones exactly what the original gives', async () => {
    const graph = perceptron(3);
    const session = await GraphSession.create(runtime, graph, noWeights);
    const want = (await session.run({ context: values })).forecast!;
    await session.release();
    const original = bytesOf(graph);
    const before = original.slice();
    const model = await openOnnx(folder(original), runtime);
    expect(await run(model, 1)).toEqual(want);
    expect(original).toEqual(before);
  });

  it('gives with dropped features exactly what a graph with masks of its own gives', async () => {
    const native = perceptron(3, 1);
    const model = await openOnnx(folder(bytesOf(perceptron(3))), runtime);
    const named = (sites: readonly DropoutSite[]) => sites.map(({ name, size }) => `${name} ${size}`);
    expect(named(model.card.sites)).toEqual(named(native.sites));
    const session = await GraphSession.create(runtime, native, noWeights);
    const want: number[] = [];
    for (const variant of [1, 2]) {
      want.push(
        ...(await session.run({ context: values, ...drawMasks(native.sites, variant, 1, settings) })).forecast!,
      );
    }
    await session.release();
    expect([...(await run(model, 2, 1))]).toEqual(want);
  });

  it('runs through the forecaster, in batches its graph may fix', async () => {
    const mids = Float64Array.from(randomValues('mids', 60), (value) => 100 + value);
    const grid = {
      symbol: 'X',
      stepMs: 1000,
      timeMs: mids.map((_, i) => 1000 * i),
      bid: mids,
      ask: mids,
      sessionStarts: Int32Array.of(0),
      sessionDays: ['2026-01-02'],
    };
    const rows: Float64Array[] = [];
    for (const batch of [1, 4]) {
      const forecaster = createForecaster(await openOnnx(folder(bytesOf(perceptron(batch))), runtime), runtime);
      rows.push((await forecaster.forecast(grid, settings)).predictedMid);
      await forecaster.release();
    }
    const [single, several] = rows as [Float64Array, Float64Array];
    for (const [i, value] of single.entries()) expect(Math.abs(value - several[i]!) || 0).toBeLessThan(1e-3);
    expect(single.subarray(LENGTH - 1, 60).every(Number.isFinite)).toBe(true);
    expect(single.subarray(60 + LENGTH - 1, 120)).not.toEqual(single.subarray(LENGTH - 1, 60));
  });

  it('takes its weights from the data file it names, and says which one is missing', async () => {
    const shapes: [string, number][] = [
      ['a', 16 * LENGTH],
      ['b', 16],
      ['c', 8 * 16],
      ['d', STEPS * 8],
    ];
    const starts = new Map<string, number>();
    const data = shapes.flatMap(([name, size]) => {
      starts.set(
        name,
        [...starts.keys()].reduce((sum, key) => sum + 4 * shapes.find(([n]) => n === key)![1], 0),
      );
      return [...randomValues(name, size)];
    });
    const graph = perceptron(3, 0, (g, name, shape) => g.weight(name, shape));
    const bytes = emitOnnx(graph, graph.outputs, (name) => {
      const byteLength = 4 * shapes.find(([n]) => n === name)![1];
      return { path: 'weights.data', type: 'float32', byteOffset: starts.get(name)!, byteLength };
    });
    const weights = { path: 'folder/weights.data', data: new Uint8Array(Float32Array.from(data).buffer) };
    const model = await openOnnx(folder(bytes, { files: [{ path: 'm.onnx', data: bytes }, weights] }), runtime);
    const inline = await openOnnx(folder(bytesOf(perceptron(3))), runtime);
    expect(await run(model, 2)).toEqual(await run(inline, 2));
    const problem = toProblem(await openOnnx(folder(bytes), runtime).catch((caught: unknown) => caught));
    expect(problem.code).toBe('checkpoint/onnx-data');
    expect(problem.message).toBe('The model keeps weights in another file, weights.data, which is missing.');
  });
});

describe('what a dropped model takes and gives', () => {
  it('is suggested from names and shapes', async () => {
    const g = new Graph();
    const flags = g.input('observed_mask', [2, 64]);
    const x = g.mul(g.reshape(g.input('past_values', [2, 64, 1]), [2, 64]), flags);
    const offset = g.toFloat(g.input('freq', [2, 1], 'int32'));
    const y = g.add(g.slice(x, 1, 0, 27), offset);
    g.output('quantiles', g.reshape(y, [2, 9, 3]));
    const inspection = await inspectOnnx(folder(bytesOf(g)));
    expect(inspection.suggestion).toEqual({
      input: 'past_values',
      contextLength: 64,
      scaling: 'standardise',
      fill: { observed_mask: 1, freq: 0 },
      output: 'quantiles',
      stepAxis: -2,
      index: 0,
    });
    const mapping = { ...inspection.suggestion, stepAxis: -1, index: 4, scaling: 'none' as const };
    const model = await openOnnx(folder(bytesOf(g), { mapping }), runtime);
    expect(model.card).toMatchObject({ contextLength: 64, horizon: 3 });
    const session = await model.compile(runtime, { variants: 1, contexts: 3 });
    const context = Float32Array.from({ length: 3 * 64 }, (_, i) => i);
    const { forecast } = await session.run({ context });
    expect([...forecast!]).toEqual([12, 13, 14, 76, 77, 78, 140, 141, 142]);
  });

  it.each<[string, object, string]>([
    ['an input that is not there', { input: 'prices' }, 'The graph has no input prices.'],
    ['an output that is not there', { output: 'prices' }, 'The graph has no output prices.'],
    ['another length', { contextLength: 12 }, 'The input context takes 24 values, not 12.'],
    ['no length', { contextLength: 0.5 }, 'A context of 0.5 values is no context.'],
    ['an axis that is not there', { stepAxis: 7 }, 'The output forecast of shape [3,5] has no axis 7.'],
  ])('is refused where the mapping does not fit: %s', async (_, change, sentence) => {
    const bytes = bytesOf(perceptron(3));
    const { suggestion } = await inspectOnnx(folder(bytes));
    const opening = openOnnx(folder(bytes, { mapping: { ...suggestion, ...change } }), runtime);
    const problem = toProblem(await opening.catch((caught: unknown) => caught));
    expect(problem).toMatchObject({ code: 'checkpoint/onnx-mapping', message: sentence });
  });

  it('is refused where it reads several series, or no numbers at all', async () => {
    const wide = new Graph();
    wide.output('y', wide.relu(wide.input('past', [1, 32, 7])));
    const integer = new Graph();
    integer.output('y', integer.toFloat(integer.input('tokens', [1, 32], 'int32')));
    const problems = await Promise.all(
      [wide, integer].map((g) => openOnnx(folder(bytesOf(g)), runtime).catch((caught: unknown) => toProblem(caught))),
    );
    expect(problems[0]).toMatchObject({
      message: 'The input past of shape [1, 32, 7] reads 7 series together; one is forecast at a time.',
    });
    expect(problems[1]).toMatchObject({
      message: 'The graph has no floating-point input: tokens int32 [1, 32].',
    });
  });
});

describe('dropout sites', () => {
  /** Operators in a row; `x` goes in, each reads what the one before gives. */
  function chain(...operators: readonly (readonly [operator: string, ...others: string[]])[]): string[] {
    const model = new OnnxModel();
    model.input('x', 'float32', [1, 4]);
    model.initializer('one', 'float32', [], Float32Array.of(1));
    operators.forEach(([operator, ...others], i) => {
      model.node(operator, [i === 0 ? 'x' : `y${i - 1}`, ...others], `y${i}`);
    });
    model.output(`y${operators.length - 1}`, 'float32', [1, 4]);
    return findSites(readOnnx(model.finish(), 'test')).map(({ tensor, axis }) => `${tensor} ${axis}`);
  }

  it.each<[string, (readonly [string, ...string[]])[], string[]]>([
    ['plain activations', [['Relu'], ['MatMul', 'one'], ['Elu']], ['y0 last', 'y2 last']],
    ['a convolution’s', [['Conv', 'one'], ['Relu']], ['y1 channel']],
    ['GELU written with Erf', [['Erf'], ['Add', 'one'], ['Mul', 'x'], ['Mul', 'one'], ['Neg']], ['y3 last']],
    ['GELU that is halved before', [['Erf'], ['Add', 'one'], ['Mul', 'x'], ['Neg']], ['y2 last']],
    ['x · sigmoid(x)', [['Sigmoid'], ['Mul', 'x'], ['Neg']], ['y1 last']],
    ['no gate', [['Sigmoid'], ['Mul', 'one'], ['Neg']], []],
    ['tanh between layers', [['Tanh'], ['MatMul', 'one']], ['y0 last']],
    ['no tanh inside a gate', [['Tanh'], ['Mul', 'x']], []],
    ['recurrent layers', [['LSTM', 'one', 'one'], ['Neg']], ['y0 last']],
  ])('%s', (_, operators, want) => {
    expect(chain(...operators)).toEqual(want);
  });
});

describe('files that are no models are refused', () => {
  const good = bytesOf(perceptron(3));
  const refusal = (bytes: Uint8Array): string => {
    try {
      readOnnx(bytes, 'model.onnx');
    } catch (caught) {
      if (caught instanceof UserError && caught.problem.code === 'checkpoint/onnx') return caught.message;
      throw caught;
    }
    throw new Error('the file was accepted');
  };
  const graph = (writer: ProtobufWriter) => new ProtobufWriter().bytes(7, writer).finish();

  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(), 'The file holds 0 graphs instead of one'],
    ['a page', new TextEncoder().encode('<!doctype html>'), 'its protobuf structure is broken'],
    ['a truncated file', good.subarray(0, good.length - 5), 'its protobuf structure is broken'],
    [
      'a length beyond the file',
      Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f, 0),
      'its protobuf structure is broken',
    ],
    ['a negative length', Uint8Array.of(0x3a, ...new Array(9).fill(0xff), 1, 0), 'its protobuf structure is broken'],
    ['a number without an end', new Uint8Array(40).fill(0xff), 'its protobuf structure is broken'],
    ['a group', Uint8Array.of(0x0b, 0x0c), 'its protobuf structure is broken'],
    ['the field 0', Uint8Array.of(0, 0), 'its protobuf structure is broken'],
    ['two graphs', Uint8Array.of(...good, ...graph(new ProtobufWriter())), 'The file holds 2 graphs instead of one'],
    ['a graph of nothing', graph(new ProtobufWriter()), 'The graph has no operators.'],
  ])('%s', (_, bytes, sentence) => {
    expect(refusal(bytes)).toContain(sentence);
  });

  it('whatever bytes of a good file are changed, it is read or refused, never anything else', () => {
    const place = fc.tuple(fc.integer({ min: 0, max: good.length - 1 }), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 6 }), (changes) => {
        const bytes = good.slice();
        for (const [at, value] of changes) bytes[at] = value;
        try {
          findSites(readOnnx(bytes, 'file'));
        } catch (caught) {
          expect(caught).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
