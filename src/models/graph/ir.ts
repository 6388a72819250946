/**
 * The tensor-graph language: what a graph is. Nodes are plain data with static shapes, in the order of their creation,
 * which is a topological order. `builder.ts` makes them, `gradients.ts` differentiates them, and the back ends
 * (`onnx/emit.ts`, `evaluate.ts`) execute them. Every operator a graph can hold is a member of `Operation`.
 */

export type DType = 'float32' | 'int32';

/** A value in a graph: the output of the node with this id. */
export interface Tensor {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** Recurrent networks with a fused operator. */
export type RecurrentCell = 'lstm' | 'gru';

/** Element-wise functions of one float tensor. `gelu` is the exact (erf) form. */
export type UnaryFunction = 'neg' | 'exp' | 'log' | 'sqrt' | 'tanh' | 'sigmoid' | 'relu' | 'erf' | 'gelu';

/** Element-wise functions of two float tensors, with NumPy broadcasting. `greater` gives 1 where a > b, else 0. */
export type BinaryFunction = 'add' | 'sub' | 'mul' | 'div' | 'greater';

export type Operation =
  /** Fed at every run. */
  | { readonly kind: 'input'; readonly name: string }
  /** A tensor of the checkpoint, under its official name. */
  | { readonly kind: 'weight'; readonly name: string }
  | { readonly kind: 'constant'; readonly data: Float32Array | Int32Array }
  | { readonly kind: 'unary'; readonly fn: UnaryFunction }
  | { readonly kind: 'binary'; readonly fn: BinaryFunction }
  /** int32 → float32. */
  | { readonly kind: 'toFloat' }
  /** [..., m, k] × [..., k, n] with equal leading axes, or a 2-D right factor. */
  | { readonly kind: 'matmul' }
  /** x [..., in], weight [out, in], optional bias [out] → [..., out]: PyTorch's Linear, weights as stored. */
  | { readonly kind: 'linear' }
  | { readonly kind: 'reshape' }
  | { readonly kind: 'transpose'; readonly permutation: readonly number[] }
  /** Broadcast to the node's shape. */
  | { readonly kind: 'expand' }
  | { readonly kind: 'slice'; readonly axis: number; readonly start: number; readonly endExclusive: number }
  | { readonly kind: 'concat'; readonly axis: number }
  /** Sum over the axes, which stay with length 1. */
  | { readonly kind: 'reduceSum'; readonly axes: readonly number[] }
  /** Over the last axis. */
  | { readonly kind: 'softmax' }
  /** x, gain [d], bias [d]: over the last axis, population variance. */
  | { readonly kind: 'layerNorm'; readonly epsilon: number }
  /** Over the last axis, which stays with length 1: the logarithm of the sum of exponentials. */
  | { readonly kind: 'logSumExp' }
  /** x [V, N, T, in] and PyTorch's four weights → the outputs of every step [V, N, T, h], from a state of zeros. */
  | { readonly kind: 'recurrent'; readonly cell: RecurrentCell }
  /** table [rows, d], indices (int32, any shape) → [...indices, d]. */
  | { readonly kind: 'gather' };

export type OperationKind = Operation['kind'];

/** One operation with its operands. */
export interface Node {
  readonly operation: Operation;
  readonly operands: readonly Tensor[];
  readonly output: Tensor;
}

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Row-major strides of a shape, in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/** NumPy's broadcast of two shapes; throws where they do not fit. */
export function broadcastShapes(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) throw new RangeError(`shapes [${a}] and [${b}] do not broadcast`);
    return left === 1 ? right : left;
  });
}

/** Ids of the tensors that the given ones depend on, themselves included. */
export function reachable(nodes: readonly Node[], tensors: Iterable<Tensor>): Set<number> {
  const needed = new Set<number>();
  for (const tensor of tensors) needed.add(tensor.id);
  for (let id = nodes.length - 1; id >= 0; id--) {
    if (needed.has(id)) for (const operand of nodes[id]!.operands) needed.add(operand.id);
  }
  return needed;
}
