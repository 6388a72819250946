/**
 * Operators whose gradients TensorFlow.js lacks, or does slowly, on some back end: `tf.customGrad` with gradients made of what every
 * back end has. On WASM transposed and batched products, and so the library's own gradients of them, are slow paths; gather's
 * gradient is missing; that of a broadcast goes slice by slice.
 */

import { sizeOf } from '../../models/graph/ir.ts';
import * as tf from './library.ts';

/**
 * An operation with its own gradient, given the upstream one and the operands: one tensor for each operand, of its shape. Operands are
 * saved by the library; what else the forward pass makes is gone by then.
 */
function withGradient(
  operands: readonly tf.Tensor[],
  value: () => tf.Tensor,
  gradients: (upstream: tf.Tensor, operands: readonly tf.Tensor[]) => tf.Tensor[],
): tf.Tensor {
  return tf.customGrad((...given) => {
    const save = given.at(-1);
    if (typeof save === 'function') save([...operands]);
    return { value: value(), gradFunc: gradients };
  })(...operands);
}

/** [..., m, k] × [..., k, n], or a 2-D right factor. */
export function matmul(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const [inner, columns] = b.shape.slice(-2) as [number, number];
  const shape = [...a.shape.slice(0, -1), columns];
  // A 2-D right factor makes one product of all rows.
  const left = b.rank === 2 ? [-1, inner] : [-1, ...a.shape.slice(-2)];
  const right = b.rank === 2 ? [inner, columns] : [-1, inner, columns];
  return withGradient(
    [a, b],
    () => tf.reshape(tf.matMul(tf.reshape(a, left), tf.reshape(b, right)), shape),
    (up, operands) => {
      const [savedA, savedB] = operands as [tf.Tensor, tf.Tensor];
      const rows = tf.reshape(up, b.rank === 2 ? [-1, columns] : [-1, a.shape.at(-2)!, columns]);
      return [
        tf.reshape(tf.matMul(rows, turned(tf.reshape(savedB, right))), a.shape),
        tf.reshape(tf.matMul(turned(tf.reshape(savedA, left)), rows), b.shape),
      ];
    },
  );
}

/** x [..., in], weight [out, in], optional bias [out] → [..., out]. */
export function linear(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor | undefined): tf.Tensor {
  const [out, inner] = weight.shape as [number, number];
  return withGradient(
    bias ? [x, weight, bias] : [x, weight],
    () => {
      const product = tf.matMul(tf.reshape(x, [-1, inner]), turned(weight));
      return tf.reshape(bias ? tf.add(product, bias) : product, [...x.shape.slice(0, -1), out]);
    },
    (upstream, operands) => {
      const [savedX, savedWeight] = operands as [tf.Tensor, tf.Tensor];
      const up = tf.reshape(upstream, [-1, out]);
      const toX = tf.reshape(tf.matMul(up, savedWeight), x.shape);
      const toWeight = tf.matMul(turned(up), tf.reshape(savedX, [-1, inner]));
      return bias ? [toX, toWeight, tf.sum(up, 0)] : [toX, toWeight];
    },
  );
}

/** Rows of a table [rows, ...] by indices (int32, any shape). */
export function gather(table: tf.Tensor, indices: tf.Tensor): tf.Tensor {
  const width = sizeOf(table.shape.slice(1));
  const rows = table.shape[0]!;
  const shape = [...indices.shape, ...table.shape.slice(1)];
  return withGradient(
    [table, indices],
    () => tf.reshape(tf.gather(table, tf.reshape(indices, [-1])), shape),
    (up, operands) => {
      const saved = operands[1]!;
      const chosen = tf.cast(tf.oneHot(tf.reshape(saved, [-1]) as tf.Tensor1D, rows), 'float32');
      const toTable = tf.matMul(turned(chosen), tf.reshape(up, [saved.size, width]));
      return [tf.reshape(toTable, table.shape), tf.zerosLike(saved)];
    },
  );
}

/** Broadcasts to a shape. */
export function expand(x: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const extra = shape.length - x.rank;
  const axes = shape.flatMap((size, axis) => (axis < extra || (x.shape[axis - extra] === 1 && size > 1) ? [axis] : []));
  return withGradient(
    [x],
    () => tf.mul(x, tf.ones([...shape])),
    (up) => [tf.reshape(tf.sum(up, axes), x.shape)],
  );
}

/** Over the last axis, which stays with length 1. */
export function logSumExp(x: tf.Tensor): tf.Tensor {
  return withGradient(
    [x],
    () => tf.logSumExp(x, -1, true),
    (up, operands) => [tf.mul(tf.softmax(operands[0]!), up)],
  );
}

/** Over the last axis: (x − mean) / √(variance + ε) · gain + bias, population variance. */
export function layerNorm(x: tf.Tensor, gain: tf.Tensor, bias: tf.Tensor, epsilon: number): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  return tf.add(tf.mul(tf.div(centred, tf.sqrt(tf.add(variance, epsilon))), gain), bias);
}

/** 1 where a > b, else 0; without a gradient, as a comparison has none in this library. */
export function greater(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return withGradient(
    [a, b],
    () => tf.cast(tf.greater(a, b), 'float32'),
    (_, operands) => operands.map((one) => tf.zeros(one.shape)),
  );
}

/** Exchanges the last two axes of a matrix, or of each in a stack. */
function turned(x: tf.Tensor): tf.Tensor {
  return tf.transpose(x, x.rank === 2 ? [1, 0] : [0, 2, 1]);
}
