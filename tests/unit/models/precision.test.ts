import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCheckpoint, releaseOriginal, weightBytes, withPrecision } from '../../../src/models/checkpoint.ts';
import { toHalf } from '../../../src/models/checkpoints/float16.ts';
import { BLOCK, dequantise, quantise, quantisedBytes } from '../../../src/models/checkpoints/quantise.ts';
import { halfToFloat, readSafetensors, writeSafetensors } from '../../../src/models/checkpoints/safetensors.ts';
import { tableOf } from '../../../src/models/checkpoints/tensors.ts';
import { layOutWeights, narrowable } from '../../../src/models/checkpoints/weights.ts';
import { drawMasks } from '../../../src/models/dropout.ts';
import { Graph } from '../../../src/models/graph/builder.ts';
import { measurePrecision } from '../../../src/models/precision.ts';
import { openNodeRuntime } from '../../../src/models/runtime/node.ts';
import { GraphSession } from '../../../src/models/runtime/runtime.ts';
import type { Precision } from '../../../src/models/types.ts';
import { largestError, randomValues } from '../../support/operatorCases.ts';
import { smallTtm } from '../../support/smallTtm.ts';

const runtime = openNodeRuntime();

describe('weights in fewer bits', () => {
  it.each([4, 8] as const)('stand for values within half a step of their own, %i bits', (bits) => {
    fc.assert(
      fc.property(
        fc.float32Array({ minLength: BLOCK, maxLength: BLOCK, noNaN: true, min: -100, max: 100 }),
        (values) => {
          const rounded = dequantise(quantise(values, bits), bits);
          const extreme = Math.max(...values.map(Math.abs));
          // The far end of the other sign has no level of its own: it may be a whole step away.
          const step = extreme / 2 ** (bits - 1);
          for (let i = 0; i < BLOCK; i++) expect(Math.abs(rounded[i]! - values[i]!)).toBeLessThanOrEqual(1.0001 * step);
          const furthest = values.findIndex((value) => Math.abs(value) === extreme);
          expect(Math.abs(rounded[furthest]! - values[furthest]!)).toBeLessThanOrEqual(1e-6 * extreme);
        },
      ),
    );
  });

  it('float16 is the nearest one', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: -60000, max: 60000 }), (value) => {
        const half = toHalf(value);
        const error = Math.abs(halfToFloat(half) - value);
        for (const other of [half - 1, half + 1]) {
          const back = halfToFloat(other & 0xffff);
          if (Number.isFinite(back)) expect(Math.abs(back - value)).toBeGreaterThanOrEqual(error);
        }
      }),
    );
    expect([0, -0, 65504, 65520, 1e9, 2 ** -24, 2 ** -26].map(toHalf)).toEqual([
      0, 0x8000, 0x7bff, 0x7c00, 0x7c00, 1, 0,
    ]);
    expect(halfToFloat(toHalf(Number.NaN))).toBeNaN();
  });

  it.each<[Precision, number]>([
    ['int8', 1e-5],
    ['int4', 1e-5],
    ['f16', 2e-2],
  ])('a session multiplies by what the rounded weights stand for: %s', async (precision, tolerance) => {
    const [rows, columns] = [6, 64];
    const w = randomValues('w', rows * columns);
    const b = randomValues('b', rows);
    const x = randomValues('x', 5 * columns);
    const g = new Graph();
    const weight = g.weight('w', [rows, columns]);
    g.output('y', g.linear(g.reshape(g.input('x', [5, columns]), [1, 5, columns]), weight, g.weight('b', [rows])));
    const bytes = writeSafetensors([
      ['w', [rows, columns], w],
      ['b', [rows], b],
    ]);
    const narrow = narrowable(g, precision);
    expect([...narrow]).toEqual(['w']);
    const store = layOutWeights(tableOf(readSafetensors(bytes, 'w')), precision, narrow);
    const session = await GraphSession.create(runtime, g, store);
    const { y } = await session.run({ x });
    await session.release();
    const bits = precision === 'int4' ? 4 : 8;
    const used = precision === 'f16' ? w : dequantise(quantise(w, bits), bits);
    const want = Float64Array.from({ length: 5 * rows }, (_, i) => {
      const [row, out] = [Math.floor(i / rows), i % rows];
      return used
        .subarray(out * columns, (out + 1) * columns)
        .reduce((sum, value, k) => sum + value * x[row * columns + k]!, b[out]!);
    });
    expect(largestError(y!, want)).toBeLessThan(tolerance);
  });
});

describe('a checkpoint in another precision', () => {
  /** Wide enough that its matrices have whole blocks. */
  const files = smallTtm({ d_model: 64, decoder_d_model: 64, patch_length: 32, patch_stride: 32, context_length: 128 });

  it('forecasts nearly as in float32, the nearer the more bits, and takes less memory', async () => {
    const full = await openCheckpoint(files);
    const reports = [];
    for (const precision of ['int8', 'int4'] as const) {
      reports.push(await measurePrecision(full, withPrecision(full, precision), precision, runtime));
    }
    const [eight, four] = reports;
    expect(eight!.error).toBeGreaterThan(0);
    expect(eight!.error).toBeLessThan(four!.error! / 4);
    expect(four!.error).toBeLessThan(0.5);
    expect(four!.weightBytes).toBeLessThan(eight!.weightBytes);
    expect(eight!.weightBytes).toBeLessThan(eight!.fullBytes);
    expect(eight!.fullBytes).toBe(4 * full.card.parameters);
  });

  it('lets go of the bytes of its checkpoint, and forecasts as before', async () => {
    const full = await openCheckpoint(files);
    const narrow = withPrecision(full, 'int4');
    const slim = releaseOriginal(narrow);
    const bytes = slim.weights.files.reduce((sum, { data }) => sum + data.length, 0);
    expect(bytes).toBeLessThan(0.5 * files.weights.length);
    const runs: Float32Array[] = [];
    for (const model of [narrow, slim]) {
      const session = await model.compile(runtime, { variants: 1, contexts: 1 });
      const values = Float64Array.from(randomValues('context', 128));
      const { feeds } = model.architecture.prepare({ values, contexts: 1, length: 128, channels: 1 });
      const masks = drawMasks(model.card.sites, 0, 1, { dropoutRate: 0, seed: 1, dropoutSites: 'all' });
      runs.push((await session.run({ ...feeds, ...masks })).forecast!);
      await session.release();
    }
    expect(runs[1]).toEqual(runs[0]);
  });

  it('counts bytes as they lie in the session', async () => {
    const full = await openCheckpoint(files);
    const graph = new Graph();
    full.architecture.addTo(graph, { contexts: 1, channels: 1 });
    const narrow = narrowable(graph, 'int4');
    const want = [...graph.weights].reduce((sum, [name, { shape }]) => {
      const size = shape.reduce((product, length) => product * length, 1);
      return sum + (narrow.has(name) ? quantisedBytes(shape[0]!, shape[1]!, 4) : 4 * size);
    }, 0);
    expect(weightBytes(withPrecision(full, 'int4'))).toBe(want);
  });
});

describe('a weight that no buffer of the GPU holds', () => {
  it('is refused with its size, before anything is made', async () => {
    const model = await openCheckpoint(smallTtm());
    const graph = new Graph();
    model.architecture.addTo(graph, { contexts: 1, channels: 1 });
    const opening = GraphSession.create({ ...runtime, bufferBytes: 100 }, graph, model.weights);
    await expect(opening).rejects.toMatchObject({
      problem: {
        code: 'runtime/too-large',
        message: expect.stringContaining(' bytes in one piece, but a buffer of this GPU holds 100 bytes.'),
        hint: 'Choose int8 or int4 weights, or the WASM back end.',
      },
    });
  });
});
