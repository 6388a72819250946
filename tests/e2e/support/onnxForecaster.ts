/** A forecaster as an ONNX file, of two layers with random weights: 24 values in, 6 out. */

import { Graph } from '../../../src/models/graph/builder.ts';
import { emitOnnx } from '../../../src/models/graph/onnx/emit.ts';
import { randomValues } from '../../support/operatorCases.ts';

export function onnxForecaster(): Uint8Array {
  const g = new Graph();
  const context = g.input('past', [1, 24]);
  const weights = (name: string, shape: [number, number]) => g.constant(randomValues(name, shape[0] * shape[1]), shape);
  const hidden = g.relu(g.linear(context, weights('a', [16, 24])));
  g.output('future', g.linear(hidden, weights('b', [6, 16])));
  return emitOnnx(g, g.outputs, () => {
    throw new Error('no weights');
  });
}
