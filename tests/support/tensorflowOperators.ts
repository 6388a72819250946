/** Every operator through TensorFlow.js, value and gradients, against the float64 reference. Works in node and in a browser. */

import { evaluate } from '../../src/models/graph/evaluate.ts';
import { differentiate } from '../../src/models/graph/gradients.ts';
import { sizeOf } from '../../src/models/graph/ir.ts';
import { TrainableGraph } from '../../src/training/parameters.ts';
import { execute } from '../../src/training/tensorflow/executor.ts';
import * as tf from '../../src/training/tensorflow/library.ts';
import { largestError, operatorCases, randomValues } from './operatorCases.ts';

const lengths = { a: 3, b: 4, c: 2, d: 5 };

/** Largest error of an operator case's value and gradients on the back end in use. */
export async function operatorError(name: string): Promise<number> {
  const { shapes: shapesFor, shift = 0, build } = operatorCases[name]!;
  // Recurrent layers come written out, as they do in training.
  const g = new TrainableGraph({ slots: [], size: 1 });
  const shapes = shapesFor(lengths);
  const inputs = shapes.map((shape, i) => g.input(`x${i}`, shape));
  const out = build(g, ...inputs);
  const projection = g.input('projection', out.shape);
  const axes = out.shape.map((_, axis) => axis);
  const loss = g.reduceSum(g.mul(out, projection), axes);
  const feeds: Record<string, Float32Array> = { projection: randomValues('projection', sizeOf(out.shape)) };
  shapes.forEach((shape, i) => {
    feeds[`x${i}`] = randomValues(`${name} ${i}`, sizeOf(shape), shift);
  });
  const gradients = differentiate(g, loss, inputs);
  const want = evaluate(g, [out, ...gradients.filter((one) => one !== undefined)], feeds, () => []);
  const got = tf.tidy(() => {
    const operands = inputs.map(({ shape }, i) => tf.tensor(feeds[`x${i}`]!, [...shape]));
    const run = (given: readonly tf.Tensor[], wanted: typeof out): tf.Tensor =>
      execute(g, [wanted], feeds, new Map(inputs.map(({ id }, i) => [id, given[i]!])))[0]!;
    const grads = tf.grads((...given: tf.Tensor[]) => tf.reshape(run(given, loss), []))(operands);
    return [run(operands, out), ...grads.filter((_, i) => gradients[i] !== undefined)];
  });
  const values = await Promise.all(got.map((one) => one.data()));
  tf.dispose(got);
  return Math.max(...values.map((value, i) => largestError(value, want[i]!)));
}
