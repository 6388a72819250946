/**
 * Every operator of the graph language in small graphs of any size, for checking gradient rules and back ends against the
 * float64 reference. Works in node and in a browser.
 */

import { RandomStream } from '../../src/core/random.ts';
import { Graph } from '../../src/models/graph/builder.ts';
import { evaluate } from '../../src/models/graph/evaluate.ts';
import { type OperationKind, type RecurrentCell, sizeOf, type Tensor } from '../../src/models/graph/ir.ts';

/** Lengths of axes, each at least 2. */
export interface AxisLengths {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

interface OperatorCase {
  readonly shapes: (lengths: AxisLengths) => readonly (readonly number[])[];
  /** Shifts the random inputs, for functions that need positive ones. */
  readonly shift?: number;
  readonly build: (g: Graph, ...inputs: Tensor[]) => Tensor;
}

const matrix = ({ a, b }: AxisLengths) => [[a, b]];
const twoMatrices = ({ a, b }: AxisLengths) => [
  [a, b],
  [a, b],
];
const cube = ({ a, b, c }: AxisLengths) => [[a, b, c]];

/** Rows 1, 0, 1, 1 of a table: out of order, repeated, and not all of them. */
const someRows = (g: Graph): Tensor => g.constant(Int32Array.of(1, 0, 1, 1), [2, 2]);

export const operatorCases: Readonly<Record<string, OperatorCase>> = {
  'unary neg': { shapes: matrix, build: (g, x) => g.neg(x) },
  'unary exp': { shapes: matrix, build: (g, x) => g.exp(x) },
  'unary log': { shapes: matrix, shift: 6, build: (g, x) => g.log(x) },
  'unary sqrt': { shapes: matrix, shift: 6, build: (g, x) => g.sqrt(x) },
  'unary tanh': { shapes: matrix, build: (g, x) => g.tanh(x) },
  'unary sigmoid': { shapes: matrix, build: (g, x) => g.sigmoid(x) },
  'unary relu': { shapes: matrix, build: (g, x) => g.relu(x) },
  'unary erf': { shapes: matrix, build: (g, x) => g.erf(x) },
  'unary gelu': { shapes: matrix, build: (g, x) => g.gelu(x) },
  'binary add, broadcast': { shapes: ({ a, b }) => [[a, b], [b]], build: (g, x, y) => g.add(x, y) },
  'binary sub, both broadcast': {
    shapes: ({ a, b }) => [
      [1, b],
      [a, 1],
    ],
    build: (g, x, y) => g.sub(x, y),
  },
  'binary mul, broadcast': {
    shapes: ({ a, b, c }) => [
      [a, b, c],
      [b, 1],
    ],
    build: (g, x, y) => g.mul(x, y),
  },
  'binary div, broadcast': {
    shapes: ({ a, b }) => [
      [a, b],
      [1, b],
    ],
    shift: 6,
    build: (g, x, y) => g.div(x, y),
  },
  'binary greater, as a mask': { shapes: twoMatrices, build: (g, x, y) => g.mul(g.greater(x, y), x) },
  'a tensor used twice': { shapes: matrix, build: (g, x) => g.add(g.mul(x, x), g.neg(x)) },
  'a scalar constant': { shapes: matrix, build: (g, x) => g.mul(x, g.scalar(0.3)) },
  'matmul, 2-D': {
    shapes: ({ a, b, c }) => [
      [a, b],
      [b, c],
    ],
    build: (g, x, y) => g.matmul(x, y),
  },
  'matmul, batched': {
    shapes: ({ a, b, c, d }) => [
      [a, b, c],
      [a, c, d],
    ],
    build: (g, x, y) => g.matmul(x, y),
  },
  'matmul, 2-D right factor': {
    shapes: ({ a, b, c, d }) => [
      [a, b, c],
      [c, d],
    ],
    build: (g, x, y) => g.matmul(x, y),
  },
  'linear with bias': {
    shapes: ({ a, b, c, d }) => [[a, b, c], [d, c], [d]],
    build: (g, x, weight, bias) => g.linear(x, weight, bias),
  },
  'linear without bias': {
    shapes: ({ a, b, c }) => [
      [a, b],
      [c, b],
    ],
    build: (g, x, weight) => g.linear(x, weight),
  },
  reshape: { shapes: cube, build: (g, x) => g.reshape(x, [x.shape[0]! * x.shape[1]!, x.shape[2]!]) },
  transpose: { shapes: cube, build: (g, x) => g.transpose(x, [2, 0, 1]) },
  expand: { shapes: ({ a }) => [[a, 1]], build: (g, x) => g.expand(x, [2, x.shape[0]!, 4]) },
  'slice from the middle': {
    shapes: ({ a, b }) => [[a, b + 2]],
    build: (g, x) => g.slice(x, 1, 1, x.shape[1]! - 1),
  },
  'slice from the start': { shapes: matrix, build: (g, x) => g.slice(x, 0, 0, x.shape[0]! - 1) },
  concat: {
    shapes: ({ a, b }) => [
      [a, b],
      [a, 1],
    ],
    build: (g, x, y) => g.concat([x, y, x], 1),
  },
  'concat along the first axis': {
    shapes: ({ a, b, c }) => [
      [a, c],
      [b, c],
    ],
    build: (g, x, y) => g.concat([x, y], 0),
  },
  reduceSum: { shapes: cube, build: (g, x) => g.reduceSum(x, [0, 2]) },
  'reduceSum into a mean': { shapes: matrix, build: (g, x) => g.reduceMean(x) },
  softmax: { shapes: matrix, build: (g, x) => g.softmax(x) },
  logSumExp: { shapes: cube, shift: 3, build: (g, x) => g.logSumExp(x) },
  'recurrent, LSTM': { shapes: (lengths) => recurrentShapes(lengths, 4), build: recurrentLayer('lstm') },
  'recurrent, GRU': { shapes: (lengths) => recurrentShapes(lengths, 3), build: recurrentLayer('gru') },
  'slices that overlap, and a whole': {
    shapes: ({ a, b }) => [[a, b + 2]],
    build: (g, x) => g.mul(g.mul(g.slice(x, 1, 0, 2), g.slice(x, 1, 1, 3)), g.reduceSum(x, [1])),
  },
  layerNorm: {
    shapes: ({ a, b, c }) => [[a, b, c], [c], [c]],
    build: (g, x, gain, bias) => g.layerNorm(x, gain, bias, 1e-3),
  },
  gather: { shapes: matrix, build: (g, table) => g.gather(table, someRows(g)) },
  'toFloat, without a gradient': { shapes: () => [[2, 2]], build: (g, x) => g.mul(g.toFloat(someRows(g)), x) },
};

/** x, weights of the input and of the state, and both biases. */
function recurrentShapes({ a, b, c, d }: AxisLengths, gates: number): readonly (readonly number[])[] {
  return [[a, 2, b, c], [gates * d, c], [gates * d, d], [gates * d], [gates * d]];
}

function recurrentLayer(cell: RecurrentCell): OperatorCase['build'] {
  return (g, x, input, hidden, inputBias, hiddenBias) =>
    g.recurrent(cell, x!, [input!, hidden!, inputBias!, hiddenBias!]);
}

/** Every operator; a new one is missing here until the type checker has seen it. */
const everyOperator: Readonly<Record<OperationKind, true>> = {
  ...{ input: true, weight: true, constant: true, unary: true, binary: true, toFloat: true, matmul: true },
  ...{ linear: true, reshape: true, transpose: true, expand: true, slice: true, concat: true, reduceSum: true },
  ...{ softmax: true, logSumExp: true, recurrent: true, layerNorm: true, gather: true },
};

/** Operators that no case uses, but for those that are where values come from. */
export function operatorsWithoutCase(): string[] {
  const { graph } = operatorGraph({ a: 2, b: 2, c: 2, d: 2 });
  const covered = new Set<string>(graph.nodes.map(({ operation }) => operation.kind));
  return Object.keys(everyOperator).filter((kind) => kind !== 'weight' && !covered.has(kind));
}

/** Standard normal numbers, as float32 has them, so that every back end reads the same. */
export function randomValues(name: string, length: number, shift = 0): Float32Array {
  const stream = new RandomStream(11, name);
  return Float32Array.from({ length }, () => stream.normal() + shift);
}

/** One graph with an output a case (named like the case), random inputs for it, and the outputs the reference gives. */
export function operatorGraph(lengths: AxisLengths): {
  readonly graph: Graph;
  readonly feeds: Readonly<Record<string, Float32Array>>;
  readonly want: () => ReadonlyMap<string, Float64Array>;
} {
  const graph = new Graph();
  const feeds: Record<string, Float32Array> = {};
  for (const [name, { shapes, shift = 0, build }] of Object.entries(operatorCases)) {
    const inputs = shapes(lengths).map((shape, i) => {
      const input = `${name} ${i}`;
      feeds[input] = randomValues(input, sizeOf(shape), shift);
      return graph.input(input, shape);
    });
    graph.output(name, build(graph, ...inputs));
  }
  const want = () => {
    const values = evaluate(graph, [...graph.outputs.values()], feeds, () => []);
    return new Map([...graph.outputs.keys()].map((name, i) => [name, values[i]!]));
  };
  return { graph, feeds, want };
}

/** Largest |got − want| / max(1, |want|); infinite where the lengths differ or a value is not a number. */
export function largestError(got: ArrayLike<number>, want: ArrayLike<number>): number {
  if (got.length !== want.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < want.length; i++) {
    const error = Math.abs(got[i]! - want[i]!) / Math.max(1, Math.abs(want[i]!));
    largest = Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(largest, error);
  }
  return largest;
}
