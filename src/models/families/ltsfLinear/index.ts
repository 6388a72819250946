/**
 * DLinear and NLinear: one linear layer from the past to the future, after taking a moving average apart, or the last value off. They are the
 * baselines that transformers were held against. Both read mids; they have no dropout of their own: sites are the values they read.
 */

import { type BatchShape, type Family, leadingAxis } from '../../family.ts';
import type { Graph } from '../../graph/builder.ts';
import type { Tensor } from '../../graph/ir.ts';
import { linear } from '../../layers/linear.ts';
import { type LinearScaling, unscale } from '../../scaling.ts';
import { type DLinearConfig, type LinearConfig, parseDLinearConfig, parseNLinearConfig } from './config.ts';
import { lastValues, movingAverage } from './windows.ts';

const PAPER = 'arXiv:2205.13504';
const READS_ONE_WINDOW = 'each of its inputs is one place of the window';

/** forecast = W_s · (x − trend) + b_s + W_t · trend + b_t. */
export const dlinear: Family<DLinearConfig, LinearScaling> = {
  id: 'dlinear',
  title: 'DLinear',
  paper: PAPER,
  causal: READS_ONE_WINDOW,
  recognises: ({ model_type: named }) => named === 'dlinear',
  parseConfig: parseDLinearConfig,
  freshConfig: ({ contextTicks, targetTicks }) => ({
    model_type: 'dlinear',
    seq_len: contextTicks,
    pred_len: targetTicks,
    moving_avg: 25,
  }),
  shape: shapeOf,
  graph: (g, { contextLength, horizon }, batch) => {
    const part = (name: string, layer: string): Tensor =>
      linear(g, layer, g.dropout(`dlinear.${name}`, rowsInput(g, name, contextLength, batch)), horizon);
    g.output('forecast', g.add(part('seasonal', 'Linear_Seasonal'), part('trend', 'Linear_Trend')));
  },
  prepare: ({ contextLength, kernel }, batch) => {
    const rows = lastValues(batch, contextLength);
    const trend = movingAverage(rows, contextLength, kernel);
    const seasonal = Float32Array.from(rows, (value, i) => value - trend[i]!);
    const scaling = scalingOf(batch, new Float64Array(batch.contexts * batch.channels));
    return { feeds: { seasonal, trend: Float32Array.from(trend) }, scaling };
  },
  finish: ({ horizon }, forecast, scaling) => unscale(forecast, horizon, scaling),
};

/** forecast = W · (x − x_L) + b + x_L, where x_L is the last value. */
export const nlinear: Family<LinearConfig, LinearScaling> = {
  id: 'nlinear',
  title: 'NLinear',
  paper: PAPER,
  causal: READS_ONE_WINDOW,
  recognises: ({ model_type: named }) => named === 'nlinear',
  parseConfig: parseNLinearConfig,
  freshConfig: ({ contextTicks, targetTicks }) => ({
    model_type: 'nlinear',
    seq_len: contextTicks,
    pred_len: targetTicks,
  }),
  shape: shapeOf,
  graph: (g, { contextLength, horizon }, batch) => {
    const x = g.dropout('nlinear.input', rowsInput(g, 'values', contextLength, batch));
    g.output('forecast', linear(g, 'Linear', x, horizon));
  },
  prepare: ({ contextLength }, batch) => {
    const rows = lastValues(batch, contextLength);
    const last = Float64Array.from(
      { length: batch.contexts * batch.channels },
      (_, r) => rows[(r + 1) * contextLength - 1]!,
    );
    const values = Float32Array.from(rows, (value, i) => value - last[Math.floor(i / contextLength)]!);
    return { feeds: { values }, scaling: scalingOf(batch, last) };
  },
  finish: ({ horizon }, forecast, scaling) => unscale(forecast, horizon, scaling),
};

function shapeOf({ contextLength, horizon }: LinearConfig) {
  return { contextLength, horizon, channels: 1 };
}

/** Rows [1, N, C, L]: channels are independent. */
function rowsInput(g: Graph, name: string, contextLength: number, batch: BatchShape): Tensor {
  return g.input(name, [leadingAxis(g, batch), batch.contexts, batch.channels, contextLength]);
}

function scalingOf(
  { contexts, channels }: Pick<LinearScaling, 'contexts' | 'channels'>,
  loc: Float64Array,
): LinearScaling {
  return { contexts, channels, loc, scale: new Float64Array(contexts * channels).fill(1) };
}
