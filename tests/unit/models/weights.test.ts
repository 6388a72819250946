import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/models/checkpoint.ts';
import { floatValues, readSafetensors } from '../../../src/models/checkpoints/safetensors.ts';
import { tableOf } from '../../../src/models/checkpoints/tensors.ts';
import { storeWeights } from '../../../src/models/checkpoints/weights.ts';
import { Graph } from '../../../src/models/graph/builder.ts';
import { openNodeRuntime } from '../../../src/models/runtime/node.ts';
import { GraphSession } from '../../../src/models/runtime/runtime.ts';
import type { CheckpointFiles } from '../../../src/models/types.ts';
import { largestError, randomValues } from '../../support/operatorCases.ts';
import { tensorsFile } from '../../support/rawSafetensors.ts';
import { smallTtm } from '../../support/smallTtm.ts';

const runtime = openNodeRuntime();

/** Stores a file's tensors for a graph that asks for `w` [2, 3]. */
function store(tensors: Parameters<typeof tensorsFile>[0]) {
  const graph = new Graph();
  graph.weight('w', [2, 3]);
  return storeWeights(tableOf(readSafetensors(tensorsFile(tensors), 'file')), graph.weights, 'small/model.safetensors');
}

/** The small model with every weight put through `convert`, stored as a type and at an alignment. */
function converted(dtype: string, convert: (values: Float32Array) => ArrayBufferView, padding = 0): CheckpointFiles {
  const files = smallTtm();
  const file = readSafetensors(files.weights, 'small');
  const tensors = [...file.tensors].map(([name, tensor]) => {
    return [name, { dtype, shape: tensor.shape, data: convert(floatValues(file, tensor)) }] as const;
  });
  return { ...files, weights: tensorsFile(Object.fromEntries(tensors), padding) };
}

/** The model's scaled forecasts of three random contexts, as its weights lie in the file. */
async function forecasts(files: CheckpointFiles): Promise<Float32Array> {
  const { architecture, weights } = await openCheckpoint(files);
  const graph = new Graph();
  architecture.addTo(graph, { contexts: 3, channels: 1 });
  const session = await GraphSession.create(runtime, graph, weights);
  try {
    const values = Float64Array.from(randomValues('contexts', 3 * 32));
    const { feeds } = architecture.prepare({ values, contexts: 3, length: 32, channels: 1 });
    return (await session.run(feeds)).forecast!;
  } finally {
    await session.release();
  }
}

/** The upper half of each float32, as bfloat16 stores it (rounded towards zero). */
const toBfloat16 = (values: Float32Array) =>
  Uint16Array.from(new Uint32Array(values.slice().buffer), (word) => word >>> 16);

const throughBfloat16 = (values: Float32Array) =>
  new Float32Array(Uint32Array.from(toBfloat16(values), (half) => half << 16).buffer);

/** Float16 bits of numbers in its normal range; smaller ones become zero. */
const toFloat16 = (values: Float32Array) =>
  Uint16Array.from(values, (value) => {
    const exponent = Math.floor(Math.log2(Math.abs(value)));
    if (value === 0 || exponent < -14) return 0;
    const fraction = Math.floor((Math.abs(value) / 2 ** exponent - 1) * 1024);
    return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | fraction;
  });

describe('weights of a checkpoint', () => {
  const w = { dtype: 'F32', shape: [2, 3], data: new Float32Array(6) };

  it('are refused with the name of the one that is missing', () => {
    expect(() => store({ v: w })).toThrow(
      'small/model.safetensors: The weights have no tensor w, which the config asks for in shape [2, 3].',
    );
  });

  it('are refused with both shapes where these differ', () => {
    expect(() => store({ w: { ...w, shape: [3, 2] } })).toThrow(
      'Tensor w has the shape [3, 2], but the config asks for [2, 3].',
    );
  });

  it('are refused where they are integers', () => {
    expect(() => store({ w: { dtype: 'I16', shape: [2, 3], data: new Int16Array(6) } })).toThrow(
      'Tensor w holds I16 values; weights must be floating-point numbers.',
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('are refused where one is %s, with its place', (value) => {
    expect(() => store({ w: { ...w, data: Float32Array.of(0, 0, 0, 0, value, 0) } })).toThrow(
      'Tensor w holds a value that is not a finite number (element 4).',
    );
  });

  it('may come with others that the model does not need', () => {
    const others = { v: { ...w, data: new Float32Array(6).fill(Number.NaN) } };
    expect([...store({ w, ...others }).values('w')]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('in float32 and float16 stay in the file, others are converted beside it', () => {
    const half = { dtype: 'F16', shape: [2, 3], data: new Uint16Array(6) };
    const double = { dtype: 'F64', shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) };
    expect(store({ w }).files).toHaveLength(1);
    expect(store({ w: half }).files).toHaveLength(1);
    expect(store({ w: half }).locate('w')).toMatchObject({ type: 'float16', byteLength: 12 });
    const { files, locate } = store({ v: w, w: double });
    const { path, type, byteOffset, byteLength } = locate('w');
    const { data } = files.find((file) => file.path === path)!;
    expect({ type, byteLength }).toEqual({ type: 'float32', byteLength: 24 });
    expect([...new Float32Array(data.slice(byteOffset, byteOffset + byteLength).buffer)]).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('forecasts (WASM)', () => {
  it('with bfloat16 weights are those with the same numbers in float32', async () => {
    const got = await forecasts(converted('BF16', toBfloat16));
    expect(got).toEqual(await forecasts(converted('F32', throughBfloat16)));
    expect(got).not.toEqual(await forecasts(smallTtm()));
  });

  it('with float64 weights are those with the same numbers in float32', async () => {
    const got = await forecasts(converted('F64', (values) => Float64Array.from(values)));
    expect(got).toEqual(await forecasts(smallTtm()));
  });

  it('with float16 weights, cast in the graph, are close to those with float32 weights, and not the same', async () => {
    const error = largestError(await forecasts(converted('F16', toFloat16)), await forecasts(smallTtm()));
    expect(error).toBeGreaterThan(1e-5);
    expect(error).toBeLessThan(5e-3);
  });

  it('do not depend on where in the file the weights begin', async () => {
    const want = await forecasts(smallTtm());
    for (const padding of [1, 2, 3]) {
      expect(await forecasts(converted('F32', (values) => values, padding))).toEqual(want);
    }
  });
});
