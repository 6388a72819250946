/**
 * Lowers a graph to an ONNX model. Weights stay where they are: each initializer points into the safetensors file the
 * session is given beside the model, so a checkpoint is never copied into the graph.
 */

import { BLOCK } from '../../checkpoints/quantise.ts';
import type { Graph } from '../builder.ts';
import type { BinaryFunction, Node, Operation, OperationKind, RecurrentCell, Tensor, UnaryFunction } from '../ir.ts';
import { reachable, sizeOf } from '../ir.ts';
import { type ElementType, OnnxModel } from './model.ts';

/** A stretch of a file. */
export interface ByteRange {
  readonly byteOffset: number;
  readonly byteLength: number;
}

/** Where a weight's bytes lie: a tensor as it is, or a matrix in blocks of whole numbers with a scale each. */
export type WeightLocation = PlainLocation | BlockLocation;

interface PlainLocation extends ByteRange {
  /** Name of the external file. */
  readonly path: string;
  readonly type: 'float32' | 'float16';
  /** Multiply in float16: the weight then stays as it is stored, instead of being widened when the session is made. */
  readonly computesInHalf?: boolean;
}

/** [rows, columns / 32, …] as `checkpoints/quantise.ts` packs it; only the right factor of a `linear` can be stored so. */
interface BlockLocation extends ByteRange {
  readonly path: string;
  readonly type: 'int8' | 'int4';
  readonly bits: 4 | 8;
  readonly rows: number;
  readonly columns: number;
  readonly scales: ByteRange;
}

/** Finds a weight by its official name. */
export type LocateWeight = (name: string) => WeightLocation;

/** The ONNX model of what the given outputs (by name) need. Unreachable nodes and unused inputs are left out. */
export function emitOnnx(g: Graph, outputs: ReadonlyMap<string, Tensor>, locate: LocateWeight): Uint8Array {
  const model = new OnnxModel();
  const needed = reachable(g.nodes, outputs.values());
  const weightOf = ({ id }: Tensor): WeightLocation | undefined => {
    const { operation } = g.nodes[id]!;
    return operation.kind === 'weight' ? locate(operation.name) : undefined;
  };
  const context: Context = { model, locate, weightOf };
  for (const node of g.nodes) {
    if (needed.has(node.output.id)) (lower[node.operation.kind] as Lowering<OperationKind>)(context, node);
  }
  for (const [name, tensor] of outputs) {
    model.node('Identity', [valueName(tensor)], name);
    model.output(name, tensor.dtype, tensor.shape);
  }
  return model.finish();
}

interface Context {
  readonly model: OnnxModel;
  readonly locate: LocateWeight;
  /** Where a tensor lies, if it is a weight. */
  readonly weightOf: (tensor: Tensor) => WeightLocation | undefined;
}

type Lowering<K extends OperationKind> = (
  context: Context,
  node: Node & { readonly operation: Extract<Operation, { kind: K }> },
) => void;

function valueName(tensor: Tensor): string {
  return `t${tensor.id}`;
}

function inputNames(node: Node): string[] {
  return node.operands.map(valueName);
}

/** A list of 64-bit integers, as ONNX wants for shapes and axes; equal lists share one initializer. */
function integers({ model }: Context, values: readonly number[]): string {
  const data = BigInt64Array.from(values, BigInt);
  return model.initializer(`ints_${values.join('_')}`, 'int64', [values.length], data);
}

/** 32-bit constants of at most this many equal elements are worth sharing; larger ones are unique anyway. */
function constantName(data: Float32Array | Int32Array, tensor: Tensor): string {
  return data.length === 1 ? `scalar_${tensor.dtype}_${tensor.shape.length}_${data[0]}` : `constant_${tensor.id}`;
}

const unaryOperators: Record<UnaryFunction, string> = {
  neg: 'Neg',
  exp: 'Exp',
  log: 'Log',
  sqrt: 'Sqrt',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
  relu: 'Relu',
  erf: 'Erf',
  gelu: 'Gelu',
};

const binaryOperators: Record<BinaryFunction, string> = {
  add: 'Add',
  sub: 'Sub',
  mul: 'Mul',
  div: 'Div',
  greater: 'Greater',
};

const lower: { readonly [K in OperationKind]: Lowering<K> } = {
  input: ({ model }, { operation, output }) => {
    model.input(operation.name, output.dtype, output.shape);
    model.node('Identity', [operation.name], valueName(output));
  },

  weight: ({ model, locate }, { operation, output }) => {
    const location = locate(operation.name);
    if ('scales' in location || isNarrow(location)) return; // `linear` writes it, in the form its operator wants.
    const { path, type, byteOffset, byteLength } = location;
    const stored = type === 'float32' ? valueName(output) : `${valueName(output)}_stored`;
    model.externalInitializer(stored, type, output.shape, path, byteOffset, byteLength);
    if (type !== 'float32') model.node('Cast', [stored], valueName(output), { to: 1 });
  },

  constant: ({ model }, { operation, output }) => {
    const type: ElementType = output.dtype;
    const name = model.initializer(constantName(operation.data, output), type, output.shape, operation.data);
    model.node('Identity', [name], valueName(output));
  },

  unary: ({ model }, node) => {
    model.node(unaryOperators[node.operation.fn], inputNames(node), valueName(node.output));
  },

  binary: ({ model }, node) => {
    const name = valueName(node.output);
    const boolean = node.operation.fn === 'greater';
    model.node(binaryOperators[node.operation.fn], inputNames(node), boolean ? `${name}_bool` : name);
    if (boolean) model.node('Cast', [`${name}_bool`], name, { to: 1 });
  },

  toFloat: ({ model }, node) => model.node('Cast', inputNames(node), valueName(node.output), { to: 1 }),
  matmul: ({ model }, node) => model.node('MatMul', inputNames(node), valueName(node.output)),

  // Gemm takes PyTorch's [out, in] weights as they are stored; it wants a 2-D left factor.
  linear: (context, node) => {
    const { model } = context;
    const [x, weight, ...bias] = node.operands as [Tensor, Tensor, ...Tensor[]];
    const name = valueName(node.output);
    const width = x.shape.at(-1)!;
    const flat = x.shape.length === 2;
    if (!flat) {
      model.node('Reshape', [valueName(x), integers(context, [sizeOf(x.shape) / width, width])], `${name}_rows`);
    }
    const rows = flat ? valueName(x) : `${name}_rows`;
    const product = flat ? name : `${name}_product`;
    const location = context.weightOf(weight);
    if (location && isNarrow(location)) narrowProduct(context, { location, weight, rows, product, bias: bias[0] });
    else model.node('Gemm', [rows, valueName(weight), ...bias.map(valueName)], product, { transB: 1 });
    if (!flat) model.node('Reshape', [`${name}_product`, integers(context, node.output.shape)], name);
  },

  reshape: (context, node) => {
    const shape = integers(context, node.output.shape);
    context.model.node('Reshape', [...inputNames(node), shape], valueName(node.output));
  },

  transpose: ({ model }, node) => {
    model.node('Transpose', inputNames(node), valueName(node.output), { perm: node.operation.permutation });
  },

  expand: (context, node) => {
    const shape = integers(context, node.output.shape);
    context.model.node('Expand', [...inputNames(node), shape], valueName(node.output));
  },

  slice: (context, node) => {
    const { axis, start, endExclusive } = node.operation;
    const bounds = [[start], [endExclusive], [axis]].map((values) => integers(context, values));
    context.model.node('Slice', [...inputNames(node), ...bounds], valueName(node.output));
  },

  concat: ({ model }, node) => {
    model.node('Concat', inputNames(node), valueName(node.output), { axis: node.operation.axis });
  },

  reduceSum: (context, node) => {
    const axes = integers(context, node.operation.axes);
    context.model.node('ReduceSum', [...inputNames(node), axes], valueName(node.output), { keepdims: 1 });
  },

  softmax: ({ model }, node) => model.node('Softmax', inputNames(node), valueName(node.output), { axis: -1 }),

  // By hand: a back end's own reduction need not subtract the largest value first.
  logSumExp: (context, node) => {
    const { model } = context;
    const [x] = inputNames(node) as [string];
    const name = valueName(node.output);
    const axes = integers(context, [node.output.shape.length - 1]);
    model.node('ReduceMax', [x, axes], `${name}_largest`, { keepdims: 1 });
    model.node('Sub', [x, `${name}_largest`], `${name}_below`);
    model.node('Exp', [`${name}_below`], `${name}_powers`);
    model.node('ReduceSum', [`${name}_powers`, axes], `${name}_sum`, { keepdims: 1 });
    model.node('Log', [`${name}_sum`], `${name}_log`);
    model.node('Add', [`${name}_log`, `${name}_largest`], name);
  },

  recurrent: lowerRecurrent,

  layerNorm: ({ model }, node) => {
    model.node('LayerNormalization', inputNames(node), valueName(node.output), {
      axis: -1,
      epsilon: { float: node.operation.epsilon },
    });
  },

  gather: ({ model }, node) => model.node('Gather', inputNames(node), valueName(node.output), { axis: 0 }),
};

/** Gates in ONNX's order, as places in PyTorch's: i, o, f, g and z, r, n. */
const gateOrder: Record<RecurrentCell, readonly number[]> = { lstm: [0, 3, 1, 2], gru: [1, 0, 2] };

/** ONNX's fused operators want the time first, the gates in another order, and both biases in one. */
function lowerRecurrent(
  context: Context,
  { operation, operands, output }: Node & { readonly operation: Extract<Operation, { kind: 'recurrent' }> },
): void {
  const { model } = context;
  const [x, inputWeight, hiddenWeight, inputBias, hiddenBias] = operands as [Tensor, Tensor, Tensor, Tensor, Tensor];
  const name = valueName(output);
  const [variants, contexts, steps, inner] = x.shape as [number, number, number, number];
  const size = output.shape[3]!;
  const rows = variants * contexts;
  const reshape = (from: string, to: string, shape: readonly number[]): string => {
    model.node('Reshape', [from, integers(context, shape)], to);
    return to;
  };
  const reordered = (weight: Tensor, part: string): string => {
    const pieces = gateOrder[operation.cell].map((gate) => {
      const bounds = [[gate * size], [(gate + 1) * size], [0]].map((values) => integers(context, values));
      model.node('Slice', [valueName(weight), ...bounds], `${name}_${part}_${gate}`);
      return `${name}_${part}_${gate}`;
    });
    model.node('Concat', pieces, `${name}_${part}`, { axis: 0 });
    return reshape(`${name}_${part}`, `${name}_${part}_whole`, [1, ...weight.shape]);
  };
  reshape(valueName(x), `${name}_series`, [rows, steps, inner]);
  model.node('Transpose', [`${name}_series`], `${name}_times`, { perm: [1, 0, 2] });
  const weights = [reordered(inputWeight, 'input'), reordered(hiddenWeight, 'hidden')];
  model.node('Concat', [reordered(inputBias, 'inputBias'), reordered(hiddenBias, 'hiddenBias')], `${name}_bias`, {
    axis: 1,
  });
  const operator = operation.cell === 'gru' ? 'GRU' : 'LSTM';
  const attributes = { hidden_size: size, ...(operator === 'GRU' && { linear_before_reset: 1 }) };
  model.node(operator, [`${name}_times`, ...weights, `${name}_bias`], `${name}_outputs`, attributes);
  reshape(`${name}_outputs`, `${name}_stacked`, [steps, rows, size]);
  model.node('Transpose', [`${name}_stacked`], `${name}_rows`, { perm: [1, 0, 2] });
  reshape(`${name}_rows`, name, output.shape);
}

function isNarrow(location: WeightLocation): boolean {
  return 'scales' in location || location.computesInHalf === true;
}

interface NarrowProduct {
  readonly location: WeightLocation;
  readonly weight: Tensor;
  /** Names of the left factor [rows, in] and of the result. */
  readonly rows: string;
  readonly product: string;
  readonly bias: Tensor | undefined;
}

/** rows · weightᵀ + bias with a weight in fewer bits. */
function narrowProduct({ model }: Context, { location, weight, rows, product, bias }: NarrowProduct): void {
  const bare = bias ? `${product}_bare` : product;
  const stored = `${valueName(weight)}_narrow`;
  const { path, byteOffset, byteLength } = location;
  if ('scales' in location) {
    const { bits, rows: n, columns: k, scales } = location;
    const blocks = k / BLOCK;
    model.externalInitializer(stored, 'uint8', [n, blocks, (BLOCK * bits) / 8], path, byteOffset, byteLength);
    const scaleName = `${stored}_scales`;
    model.externalInitializer(scaleName, 'float32', [n * blocks], path, scales.byteOffset, scales.byteLength);
    model.microsoftNode('MatMulNBits', [rows, stored, scaleName], bare, { K: k, N: n, bits, block_size: BLOCK });
  } else {
    model.externalInitializer(stored, 'float16', weight.shape, path, byteOffset, byteLength);
    model.node('Cast', [rows], `${product}_half`, { to: 10 });
    model.node('Gemm', [`${product}_half`, stored], `${bare}_half`, { transB: 1 });
    model.node('Cast', [`${bare}_half`], bare, { to: 1 });
  }
  if (bias) model.node('Add', [bare, valueName(bias)], product);
}
