/**
 * Executes graphs with TensorFlow.js, forward only: gradients are the library's own (`tf.grads`), which makes it the independent
 * oracle for the graph language's. Recurrent layers are written out by `TrainableGraph` before they come here.
 */

import type { Graph } from '../../models/graph/builder.ts';
import { type BinaryFunction, type Node, reachable, type Tensor, type UnaryFunction } from '../../models/graph/ir.ts';
import type { Feeds } from '../../models/runtime/runtime.ts';
import * as tf from './library.ts';
import { expand, gather, greater, layerNorm, linear, logSumExp, matmul } from './operators.ts';

/** Values that are there before a graph is executed, by the tensors' ids: parameters, stored weights. */
export type KnownValues = ReadonlyMap<number, tf.Tensor>;

/**
 * Values of the given tensors. To be called inside a `tf.tidy`, which frees everything in between.
 * @throws RangeError for an input that is not fed, or a weight that is not known.
 */
export function execute(g: Graph, wanted: readonly Tensor[], feeds: Feeds, known: KnownValues): tf.Tensor[] {
  const needed = neededNodes(g, wanted, known);
  const values = new Map(known);
  const computed = (tensor: Tensor): tf.Tensor => {
    const value = values.get(tensor.id);
    if (!value) throw new RangeError(`tensor ${tensor.id} was not computed`);
    return value;
  };
  for (const node of needed) {
    values.set(node.output.id, compute(node, node.operands.map(computed), feeds));
  }
  return wanted.map(computed);
}

/** Inputs and weights that the given tensors need, beyond what is known. */
export function neededNodes(g: Graph, wanted: readonly Tensor[], known: ReadonlyMap<number, unknown>): Node[] {
  // What is known is not looked behind.
  const nodes = g.nodes.map((node) => (known.has(node.output.id) ? { ...node, operands: [] } : node));
  const ids = reachable(nodes, wanted);
  return nodes.filter(({ output }) => ids.has(output.id) && !known.has(output.id));
}

function compute(node: Node, operands: readonly tf.Tensor[], feeds: Feeds): tf.Tensor {
  const { operation, output } = node;
  const shape = [...output.shape];
  const [first, second, third] = operands as [tf.Tensor, tf.Tensor, tf.Tensor];
  switch (operation.kind) {
    case 'input': {
      const fed = feeds[operation.name];
      if (!fed) throw new RangeError(`no data for the graph input ${operation.name}`);
      return tf.tensor(fed, shape, output.dtype);
    }
    case 'constant':
      return tf.tensor(operation.data, shape, output.dtype);
    case 'weight':
      throw new RangeError(`the weight ${operation.name} is not known`);
    case 'recurrent':
      throw new RangeError('recurrent layers are executed written out');
    case 'unary':
      return unaryFunctions[operation.fn](first);
    case 'binary':
      return binaryFunctions[operation.fn](first, second);
    case 'toFloat':
      return tf.cast(first, 'float32');
    case 'matmul':
      return matmul(first, second);
    case 'linear':
      return linear(first, second, operands[2]);
    case 'reshape':
      return tf.reshape(first, shape);
    case 'transpose':
      return tf.transpose(first, [...operation.permutation]);
    case 'expand':
      return expand(first, shape);
    case 'slice': {
      const begin = shape.map((_, axis) => (axis === operation.axis ? operation.start : 0));
      return tf.slice(first, begin, shape);
    }
    case 'concat':
      return tf.concat([...operands], operation.axis);
    case 'reduceSum':
      return tf.sum(first, [...operation.axes], true);
    case 'softmax':
      return tf.softmax(first);
    case 'logSumExp':
      return logSumExp(first);
    case 'layerNorm':
      return layerNorm(first, second, third, operation.epsilon);
    case 'gather':
      return gather(first, second);
  }
}

const unaryFunctions: Readonly<Record<UnaryFunction, (x: tf.Tensor) => tf.Tensor>> = {
  neg: tf.neg,
  exp: tf.exp,
  log: tf.log,
  sqrt: tf.sqrt,
  tanh: tf.tanh,
  sigmoid: tf.sigmoid,
  relu: tf.relu,
  erf: tf.erf,
  gelu: (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
};

const binaryFunctions: Readonly<Record<BinaryFunction, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor>> = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  greater,
};
