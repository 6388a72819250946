import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Graph } from '../../../src/models/graph/builder.ts';
import { emitOnnx } from '../../../src/models/graph/onnx/emit.ts';
import { openNodeRuntime } from '../../../src/models/runtime/node.ts';
import { GraphSession } from '../../../src/models/runtime/runtime.ts';
import { largestError, operatorGraph } from '../../support/operatorCases.ts';

const runtime = openNodeRuntime();
const noWeights = { files: [], locate: refuse, values: refuse };

function refuse(name: string): never {
  throw new Error(`${name} is not a weight of this graph`);
}

/** How often a text occurs in a model file; protobuf stores names as they are. */
function occurrences(model: Uint8Array, text: string): number {
  return new TextDecoder('latin1').decode(model).split(text).length - 1;
}

describe('a graph in ONNX', () => {
  it('gives on WASM what the float64 reference gives, operator by operator, on axes of any length', async () => {
    const length = fc.integer({ min: 2, max: 9 });
    const lengths = fc.record({ a: length, b: length, c: length, d: length });
    await fc.assert(
      fc.asyncProperty(lengths, async (drawn) => {
        const { graph, feeds, want } = operatorGraph(drawn);
        const session = await GraphSession.create(runtime, graph, noWeights);
        try {
          const got = await session.run(feeds);
          for (const [name, values] of want()) expect(largestError(got[name]!, values), name).toBeLessThan(1e-5);
        } finally {
          await session.release();
        }
      }),
      { numRuns: 10 },
    );
  });

  it('holds an equal scalar once, and each of different ones', () => {
    const g = new Graph();
    const x = g.input('x', [2]);
    g.output('y', g.add(g.mul(x, g.scalar(0.5)), g.add(g.scalar(0.5), g.scalar(0.25))));
    const model = emitOnnx(g, g.outputs, refuse);
    // Of an initializer: its name (protobuf field 8, a length, the text), and then its bytes (field 9).
    const definitions = (value: string) => occurrences(model, `B${String.fromCharCode(value.length)}${value}J`);
    expect(definitions('scalar_float32_0_0.5')).toBe(1);
    expect(definitions('scalar_float32_0_0.25')).toBe(1);
  });

  it('leaves out what no output needs, its inputs too', () => {
    const g = new Graph();
    const x = g.input('wanted input', [2]);
    g.tanh(g.input('unwanted input', [3]));
    g.weight('unwanted weight', [4]);
    g.output('y', g.exp(x));
    const model = emitOnnx(g, g.outputs, refuse);
    expect(occurrences(model, 'wanted input')).toBeGreaterThan(0);
    expect(occurrences(model, 'unwanted')).toBe(0);
    expect(occurrences(model, 'Tanh')).toBe(0);
  });

  it('returns an intermediate that is asked for by name instead of the outputs', async () => {
    const g = new Graph();
    const inner = g.exp(g.input('x', [2]));
    g.output('y', g.log(inner));
    const session = await GraphSession.create(runtime, g, noWeights, new Map([['inner', inner]]));
    const results = await session.run({ x: Float32Array.of(0, 1) });
    await session.release();
    expect(Object.keys(results)).toEqual(['inner']);
    expect(largestError(results.inner!, [1, Math.E])).toBeLessThan(1e-6);
  });

  it('names the input that a run was not given', async () => {
    const g = new Graph();
    g.output('y', g.exp(g.input('prices', [2])));
    const session = await GraphSession.create(runtime, g, noWeights);
    await expect(session.run({})).rejects.toThrow('no data for the graph input prices');
    await session.release();
  });
});
