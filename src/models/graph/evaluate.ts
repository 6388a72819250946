/**
 * The reference back end: executes a graph in float64 with plain loops. Slow on purpose; it is what the other back ends
 * and the gradient rules are checked against. Runs in any JavaScript.
 */

import type { Graph } from './builder.ts';
import {
  type BinaryFunction,
  type Node,
  type RecurrentCell,
  reachable,
  sizeOf,
  stridesOf,
  type Tensor,
  type UnaryFunction,
} from './ir.ts';

type Values = Float64Array;

/** Values of the given tensors, row-major. `feeds` and `weights` are looked up by name. */
export function evaluate(
  g: Graph,
  tensors: readonly Tensor[],
  feeds: Readonly<Record<string, ArrayLike<number>>>,
  weights: (name: string) => ArrayLike<number>,
): Values[] {
  const needed = reachable(g.nodes, tensors);
  const values = new Map<number, Values>();
  for (const node of g.nodes) {
    if (!needed.has(node.output.id)) continue;
    const operands = node.operands.map((operand) => values.get(operand.id)!);
    values.set(node.output.id, execute(node, operands, feeds, weights));
  }
  return tensors.map((tensor) => values.get(tensor.id)!);
}

function execute(
  node: Node,
  operands: readonly Values[],
  feeds: Readonly<Record<string, ArrayLike<number>>>,
  weights: (name: string) => ArrayLike<number>,
): Values {
  const { operation, output } = node;
  const shapes = node.operands.map((operand) => operand.shape);
  const [first] = operands as [Values];
  switch (operation.kind) {
    case 'input': {
      const fed = feeds[operation.name];
      if (fed?.length !== sizeOf(output.shape)) throw new RangeError(`input ${operation.name} is missing or misshapen`);
      return Float64Array.from(fed);
    }
    case 'weight':
      return Float64Array.from(weights(operation.name));
    case 'constant':
      return Float64Array.from(operation.data);
    case 'toFloat':
    case 'reshape':
      return first;
    case 'unary':
      return first.map(unaryFunctions[operation.fn]);
    case 'binary': {
      const left = indexMap(shapes[0]!, output.shape);
      const right = indexMap(shapes[1]!, output.shape);
      const apply = binaryFunctions[operation.fn];
      return fill(output.shape, (i) => apply(first[left[i]!]!, operands[1]![right[i]!]!));
    }
    case 'expand': {
      const source = indexMap(shapes[0]!, output.shape);
      return fill(output.shape, (i) => first[source[i]!]!);
    }
    case 'matmul':
      return matmul(first, operands[1]!, shapes[0]!, shapes[1]!);
    case 'linear':
      return linear(first, operands[1]!, operands[2], shapes[1]!);
    case 'transpose': {
      const strides = stridesOf(shapes[0]!);
      const moved = operation.permutation.map((axis) => strides[axis]!);
      return fill(output.shape, (i) => first[offset(i, output.shape, moved)]!);
    }
    case 'slice': {
      const strides = stridesOf(shapes[0]!);
      const start = operation.start * strides[operation.axis]!;
      return fill(output.shape, (i) => first[start + offset(i, output.shape, strides)]!);
    }
    case 'concat':
      return concat(operands, shapes, operation.axis, output.shape);
    case 'reduceSum': {
      const target = indexMap(output.shape, shapes[0]!);
      const sums = new Float64Array(sizeOf(output.shape));
      first.forEach((value, i) => {
        sums[target[i]!]! += value;
      });
      return sums;
    }
    case 'softmax':
      return byRow(first, output.shape.at(-1)!, (row) => {
        const largest = Math.max(...row);
        const exponentials = row.map((value) => Math.exp(value - largest));
        const total = exponentials.reduce((sum, value) => sum + value, 0);
        return exponentials.map((value) => value / total);
      });
    case 'layerNorm': {
      const [, gain, bias] = operands as [Values, Values, Values];
      return byRow(first, output.shape.at(-1)!, (row) => {
        const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
        const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
        const deviation = Math.sqrt(variance + operation.epsilon);
        return row.map((value, i) => ((value - mean) / deviation) * gain[i]! + bias[i]!);
      });
    }
    case 'logSumExp': {
      const width = shapes[0]!.at(-1)!;
      return fill(output.shape, (i) => {
        const row = first.subarray(i * width, (i + 1) * width);
        const largest = Math.max(...row);
        return largest + Math.log(row.reduce((sum, value) => sum + Math.exp(value - largest), 0));
      });
    }
    case 'recurrent':
      return recurrent(operation.cell, operands, shapes[0]!, output.shape[3]!);
    case 'gather': {
      const width = sizeOf(shapes[0]!.slice(1));
      return fill(output.shape, (i) => first[operands[1]![Math.floor(i / width)]! * width + (i % width)]!);
    }
  }
}

const unaryFunctions: Record<UnaryFunction, (x: number) => number> = {
  neg: (x) => -x,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  relu: (x) => Math.max(0, x),
  erf,
  gelu: (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)),
};

const binaryFunctions: Record<BinaryFunction, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  greater: (a, b) => (a > b ? 1 : 0),
};

/** The error function to double precision: Taylor series inside |x| < 2.5, Lentz's continued fraction of erfc outside. */
function erf(x: number): number {
  const z = Math.abs(x);
  if (z < 2.5) {
    let term = z;
    let sum = z;
    for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) {
      term *= (-z * z) / n;
      sum += term / (2 * n + 1);
    }
    return Math.sign(x) * (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (z + fraction);
  return Math.sign(x) * (1 - Math.exp(-z * z) / ((z + fraction) * Math.sqrt(Math.PI)));
}

function fill(shape: readonly number[], value: (index: number) => number): Values {
  return Float64Array.from({ length: sizeOf(shape) }, (_, i) => value(i));
}

/** Offset in a tensor with the given strides of the element at flat position `index` of `shape`. */
function offset(index: number, shape: readonly number[], strides: readonly number[]): number {
  let rest = index;
  let sum = 0;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const length = shape[axis]!;
    sum += (rest % length) * strides[axis]!;
    rest = Math.floor(rest / length);
  }
  return sum;
}

/** For every flat position of `to`, the flat position of the element of `from` that is broadcast there. */
function indexMap(from: readonly number[], to: readonly number[]): Int32Array {
  const fromStrides = stridesOf(from);
  const extra = to.length - from.length;
  const strides = to.map((_, axis) => (axis < extra || from[axis - extra] === 1 ? 0 : fromStrides[axis - extra]!));
  return Int32Array.from({ length: sizeOf(to) }, (_, i) => offset(i, to, strides));
}

function byRow(x: Values, width: number, row: (values: Values) => Values): Values {
  const out = new Float64Array(x.length);
  for (let start = 0; start < x.length; start += width) out.set(row(x.subarray(start, start + width)), start);
  return out;
}

function matmul(a: Values, b: Values, aShape: readonly number[], bShape: readonly number[]): Values {
  const [m, inner] = aShape.slice(-2) as [number, number];
  const n = bShape.at(-1)!;
  const batches = sizeOf(aShape.slice(0, -2));
  const bStride = bShape.length === 2 ? 0 : inner * n;
  const out = new Float64Array(batches * m * n);
  for (let batch = 0; batch < batches; batch++) {
    for (let row = 0; row < m; row++) {
      for (let k = 0; k < inner; k++) {
        const factor = a[(batch * m + row) * inner + k]!;
        const start = (batch * m + row) * n;
        for (let col = 0; col < n; col++) out[start + col]! += factor * b[batch * bStride + k * n + col]!;
      }
    }
  }
  return out;
}

function linear(x: Values, weight: Values, bias: Values | undefined, weightShape: readonly number[]): Values {
  const [width, inner] = weightShape as [number, number];
  const rows = x.length / inner;
  const out = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < width; col++) {
      let sum = bias?.[col] ?? 0;
      for (let k = 0; k < inner; k++) sum += x[row * inner + k]! * weight[col * inner + k]!;
      out[row * width + col] = sum;
    }
  }
  return out;
}

/** Each series of x [V, N, T, in] by itself, from a state of zeros. */
function recurrent(cell: RecurrentCell, operands: readonly Values[], xShape: readonly number[], size: number): Values {
  const [x, inputWeight, hiddenWeight, inputBias, hiddenBias] = operands as [Values, Values, Values, Values, Values];
  const [variants, contexts, steps, inner] = xShape as [number, number, number, number];
  const rows = inputBias.length;
  const out = new Float64Array(variants * contexts * steps * size);
  const { sigmoid, tanh } = unaryFunctions;
  for (let series = 0; series < variants * contexts; series++) {
    let hidden = new Float64Array(size);
    const memory = new Float64Array(size);
    for (let step = 0; step < steps; step++) {
      const at = series * steps + step;
      const a = linear(x.subarray(at * inner, (at + 1) * inner), inputWeight, inputBias, [rows, inner]);
      const b = linear(hidden, hiddenWeight, hiddenBias, [rows, size]);
      const before = hidden;
      hidden = Float64Array.from({ length: size }, (_, i) => {
        const sum = (gate: number): number => a[gate * size + i]! + b[gate * size + i]!;
        if (cell === 'gru') {
          const keep = sigmoid(sum(1));
          return (1 - keep) * tanh(a[2 * size + i]! + sigmoid(sum(0)) * b[2 * size + i]!) + keep * before[i]!;
        }
        memory[i] = sigmoid(sum(1)) * memory[i]! + sigmoid(sum(0)) * tanh(sum(2));
        return sigmoid(sum(3)) * tanh(memory[i]!);
      });
      out.set(hidden, at * size);
    }
  }
  return out;
}

function concat(
  parts: readonly Values[],
  shapes: readonly (readonly number[])[],
  axis: number,
  shape: readonly number[],
): Values {
  const out = new Float64Array(sizeOf(shape));
  const after = sizeOf(shape.slice(axis + 1));
  const whole = shape[axis]! * after;
  let start = 0;
  parts.forEach((part, p) => {
    const block = shapes[p]![axis]! * after;
    for (let i = 0; i * block < part.length; i++) {
      out.set(part.subarray(i * block, (i + 1) * block), i * whole + start);
    }
    start += block;
  });
  return out;
}
