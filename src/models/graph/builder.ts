/**
 * Builds graphs: one method per operator, each checking shapes as it goes, so that a wrong architecture fails where it
 * is written. Composite functions (mean, scale …) are made of the operators and need no gradient rule of their own.
 */

import type { DropoutSite, SiteAxis } from '../types.ts';
import {
  type BinaryFunction,
  broadcastShapes,
  type DType,
  type Node,
  type Operation,
  type RecurrentCell,
  sizeOf,
  type Tensor,
  type UnaryFunction,
} from './ir.ts';
import { gateCount, type RecurrentWeights } from './recurrence.ts';

/** Largest number of operands WebGPU can concatenate in one shader (storage buffers per stage, less the result). */
const CONCAT_WIDTH = 7;

export class Graph {
  readonly nodes: Node[] = [];
  readonly inputs = new Map<string, Tensor>();
  readonly weights = new Map<string, Tensor>();
  readonly outputs = new Map<string, Tensor>();
  /** Names of weights that are statistics: part of the checkpoint, but not trained. */
  readonly statistics = new Set<string>();
  /** Intermediates by name, for tests that look inside; they cost nothing unless asked for as outputs. */
  readonly labels = new Map<string, Tensor>();
  /** Dropout sites in the order the architecture declares them. */
  readonly sites: DropoutSite[] = [];

  /**
   * @param variants Parameter variants computed side by side: the length of every dropout mask's first axis.
   *   0 builds the deterministic graph, without any mask input.
   * @param withOptionalSites Also place the sites an architecture declares as optional.
   */
  constructor(
    readonly variants = 0,
    private readonly withOptionalSites = false,
  ) {}

  input(name: string, shape: readonly number[], dtype: DType = 'float32'): Tensor {
    return this.declare(this.inputs, { kind: 'input', name }, name, shape, dtype);
  }

  /** A tensor of the checkpoint; asking twice for a name gives the same tensor. */
  weight(name: string, shape: readonly number[]): Tensor {
    const known = this.weights.get(name);
    if (!known) return this.declare(this.weights, { kind: 'weight', name }, name, shape, 'float32');
    if (String(known.shape) !== String(shape)) {
      throw new RangeError(`weight ${name} is used as [${known.shape}] and as [${shape}]`);
    }
    return known;
  }

  /** A tensor of the checkpoint that training leaves alone, such as the running mean of a batch norm. */
  statistic(name: string, shape: readonly number[]): Tensor {
    this.statistics.add(name);
    return this.weight(name, shape);
  }

  constant(data: Float32Array | Int32Array, shape: readonly number[]): Tensor {
    if (data.length !== sizeOf(shape)) throw new RangeError(`${data.length} values do not fill [${shape}]`);
    return this.append({ kind: 'constant', data }, [], shape, data instanceof Int32Array ? 'int32' : 'float32');
  }

  scalar(value: number): Tensor {
    return this.constant(new Float32Array([value]), []);
  }

  output(name: string, tensor: Tensor): Tensor {
    if (this.outputs.has(name)) throw new RangeError(`output ${name} is declared twice`);
    this.outputs.set(name, tensor);
    return tensor;
  }

  /** Names an intermediate. */
  label(name: string, tensor: Tensor): Tensor {
    this.labels.set(name, tensor);
    return tensor;
  }

  /**
   * Multiplies a feature-wise mask onto the last axis of `x` [1 or V, ..., d]: an MC-dropout site. The mask is the graph
   * input `mask.<name>` [V, d], values 0 or 1/(1−p), the same for every row of a variant; the first site met turns the
   * leading axis of length 1 into V.
   */
  dropout(name: string, x: Tensor, axis: SiteAxis = 'feature'): Tensor {
    const size = x.shape.at(-1)!;
    this.sites.push({ name, size, axis });
    if (this.variants === 0) return x;
    const mask = this.input(maskInput(name), [this.variants, size]);
    const between = new Array<number>(x.shape.length - 2).fill(1);
    return this.mul(x, this.reshape(mask, [this.variants, ...between, size]));
  }

  /** A dropout site that is left out unless the graph was asked to have such sites. */
  optionalDropout(name: string, x: Tensor, axis: SiteAxis): Tensor {
    return this.withOptionalSites ? this.dropout(name, x, axis) : x;
  }

  unary(fn: UnaryFunction, x: Tensor): Tensor {
    return this.append({ kind: 'unary', fn }, [x], x.shape);
  }

  neg = (x: Tensor): Tensor => this.unary('neg', x);
  exp = (x: Tensor): Tensor => this.unary('exp', x);
  log = (x: Tensor): Tensor => this.unary('log', x);
  sqrt = (x: Tensor): Tensor => this.unary('sqrt', x);
  tanh = (x: Tensor): Tensor => this.unary('tanh', x);
  sigmoid = (x: Tensor): Tensor => this.unary('sigmoid', x);
  relu = (x: Tensor): Tensor => this.unary('relu', x);
  erf = (x: Tensor): Tensor => this.unary('erf', x);
  gelu = (x: Tensor): Tensor => this.unary('gelu', x);

  binary(fn: BinaryFunction, a: Tensor, b: Tensor): Tensor {
    return this.append({ kind: 'binary', fn }, [a, b], broadcastShapes(a.shape, b.shape));
  }

  add = (a: Tensor, b: Tensor): Tensor => this.binary('add', a, b);
  sub = (a: Tensor, b: Tensor): Tensor => this.binary('sub', a, b);
  mul = (a: Tensor, b: Tensor): Tensor => this.binary('mul', a, b);
  div = (a: Tensor, b: Tensor): Tensor => this.binary('div', a, b);
  greater = (a: Tensor, b: Tensor): Tensor => this.binary('greater', a, b);

  toFloat(x: Tensor): Tensor {
    return this.append({ kind: 'toFloat' }, [x], x.shape, 'float32');
  }

  matmul(a: Tensor, b: Tensor): Tensor {
    const [m, inner] = a.shape.slice(-2) as [number, number];
    const [rows, n] = b.shape.slice(-2) as [number, number];
    const leading = a.shape.slice(0, -2);
    const fits = inner === rows && (b.shape.length === 2 || String(b.shape.slice(0, -2)) === String(leading));
    if (!fits) throw new RangeError(`matmul of [${a.shape}] and [${b.shape}]`);
    return this.append({ kind: 'matmul' }, [a, b], [...leading, m, n]);
  }

  linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
    const [out, inner] = weight.shape as [number, number];
    if (weight.shape.length !== 2 || x.shape.at(-1) !== inner || (bias && String(bias.shape) !== String([out]))) {
      throw new RangeError(`linear of [${x.shape}], weight [${weight.shape}], bias [${bias?.shape}]`);
    }
    return this.append({ kind: 'linear' }, bias ? [x, weight, bias] : [x, weight], [...x.shape.slice(0, -1), out]);
  }

  reshape(x: Tensor, shape: readonly number[]): Tensor {
    if (sizeOf(shape) !== sizeOf(x.shape)) throw new RangeError(`reshape of [${x.shape}] to [${shape}]`);
    return String(shape) === String(x.shape) ? x : this.append({ kind: 'reshape' }, [x], shape, x.dtype);
  }

  transpose(x: Tensor, permutation: readonly number[]): Tensor {
    const complete = permutation.length === x.shape.length && new Set(permutation).size === permutation.length;
    if (!complete) throw new RangeError(`transpose of [${x.shape}] by [${permutation}]`);
    return this.append(
      { kind: 'transpose', permutation },
      [x],
      permutation.map((axis) => x.shape[axis]!),
      x.dtype,
    );
  }

  /** Exchanges two axes (negative: from the end). */
  swapAxes(x: Tensor, first: number, second: number): Tensor {
    const rank = x.shape.length;
    const permutation = x.shape.map((_, axis) => axis);
    const [a, b] = [(first + rank) % rank, (second + rank) % rank];
    [permutation[a], permutation[b]] = [b, a];
    return this.transpose(x, permutation);
  }

  expand(x: Tensor, shape: readonly number[]): Tensor {
    if (String(broadcastShapes(x.shape, shape)) !== String(shape)) {
      throw new RangeError(`expand of [${x.shape}] to [${shape}]`);
    }
    return String(shape) === String(x.shape) ? x : this.append({ kind: 'expand' }, [x], shape);
  }

  slice(x: Tensor, axis: number, start: number, endExclusive: number): Tensor {
    const length = x.shape[axis] ?? 0;
    if (start < 0 || endExclusive > length || start >= endExclusive) {
      throw new RangeError(`slice [${start}, ${endExclusive}) of axis ${axis} of [${x.shape}]`);
    }
    if (start === 0 && endExclusive === length) return x;
    const shape = x.shape.map((size, a) => (a === axis ? endExclusive - start : size));
    return this.append({ kind: 'slice', axis, start, endExclusive }, [x], shape, x.dtype);
  }

  concat(parts: readonly Tensor[], axis: number): Tensor {
    const [first] = parts;
    if (!first) throw new RangeError('concat of nothing');
    if (parts.length === 1) return first;
    if (parts.length > CONCAT_WIDTH) {
      const groups = Array.from({ length: Math.ceil(parts.length / CONCAT_WIDTH) }, (_, i) =>
        this.concat(parts.slice(i * CONCAT_WIDTH, (i + 1) * CONCAT_WIDTH), axis),
      );
      return this.concat(groups, axis);
    }
    const shape = first.shape.map((size, a) => (a === axis ? parts.reduce((sum, p) => sum + p.shape[a]!, 0) : size));
    for (const part of parts) {
      if (part.shape.some((size, a) => a !== axis && size !== first.shape[a])) {
        throw new RangeError(`concat along axis ${axis} of [${first.shape}] and [${part.shape}]`);
      }
    }
    return this.append({ kind: 'concat', axis }, parts, shape, first.dtype);
  }

  /** Picks indices along an axis. */
  pick(x: Tensor, axis: number, indices: readonly number[]): Tensor {
    return this.concat(
      indices.map((index) => this.slice(x, axis, index, index + 1)),
      axis,
    );
  }

  /** Sum over axes; they stay with length 1. */
  reduceSum(x: Tensor, axes: readonly number[]): Tensor {
    if (axes.length === 0) return x;
    const shape = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
    return this.append({ kind: 'reduceSum', axes: [...axes].sort((a, b) => a - b) }, [x], shape);
  }

  /** Mean over axes (default: all); they stay with length 1. */
  reduceMean(x: Tensor, axes: readonly number[] = x.shape.map((_, axis) => axis)): Tensor {
    const count = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
    return this.mul(this.reduceSum(x, axes), this.scalar(1 / count));
  }

  softmax(x: Tensor): Tensor {
    return this.append({ kind: 'softmax' }, [x], x.shape);
  }

  logSumExp(x: Tensor): Tensor {
    return this.append({ kind: 'logSumExp' }, [x], [...x.shape.slice(0, -1), 1]);
  }

  /** A recurrent layer over x [V, N, T, in], as one operator. */
  recurrent(cell: RecurrentCell, x: Tensor, weights: RecurrentWeights): Tensor {
    const [input, hidden, inputBias, hiddenBias] = weights;
    const size = hidden.shape[1]!;
    const rows = gateCount[cell] * size;
    const wanted = [[rows, x.shape[3]], [rows, size], [rows], [rows]];
    const given = [input, hidden, inputBias, hiddenBias].map((weight) => weight.shape);
    if (x.shape.length !== 4 || given.some((shape, i) => String(shape) !== String(wanted[i]))) {
      throw new RangeError(`${cell} of [${x.shape}] with weights [${given.join('], [')}]`);
    }
    return this.append({ kind: 'recurrent', cell }, [x, ...weights], [...x.shape.slice(0, 3), size]);
  }

  layerNorm(x: Tensor, gain: Tensor, bias: Tensor, epsilon: number): Tensor {
    return this.append({ kind: 'layerNorm', epsilon }, [x, gain, bias], x.shape);
  }

  /**
   * 1 in the column of each index, else 0: [..., columns]. By relu(1 − |i − c|): WebGPU would leave comparisons of integers to
   * the CPU.
   */
  oneHot(indices: Tensor, columns: number): Tensor {
    const index = this.reshape(this.toFloat(indices), [...indices.shape, 1]);
    const numbers = this.constant(
      Float32Array.from({ length: columns }, (_, column) => column),
      [columns],
    );
    const distance = this.sub(index, numbers);
    return this.relu(this.sub(this.scalar(1), this.add(this.relu(distance), this.relu(this.neg(distance)))));
  }

  gather(table: Tensor, indices: Tensor): Tensor {
    if (indices.dtype !== 'int32') throw new TypeError('gather needs int32 indices');
    return this.append({ kind: 'gather' }, [table, indices], [...indices.shape, ...table.shape.slice(1)]);
  }

  private declare(
    names: Map<string, Tensor>,
    operation: Operation,
    name: string,
    shape: readonly number[],
    dtype: DType,
  ): Tensor {
    if (names.has(name)) throw new RangeError(`${operation.kind} ${name} is declared twice`);
    const tensor = this.append(operation, [], shape, dtype);
    names.set(name, tensor);
    return tensor;
  }

  private append(
    operation: Operation,
    operands: readonly Tensor[],
    shape: readonly number[],
    dtype: DType = 'float32',
  ): Tensor {
    const output: Tensor = { id: this.nodes.length, shape: [...shape], dtype };
    this.nodes.push({ operation, operands, output });
    return output;
  }
}

/** Name of the graph input that carries a dropout site's mask. */
export function maskInput(site: string): string {
  return `mask.${site}`;
}
