/** The loss of TimesFM 2.5's transformers port: quantiles and the median of a forecast averaged with its mirror image. */

import { parseTimesfm25Config, type Timesfm25Config } from '../../../src/models/families/timesfm25/config.ts';
import { timesfm25Tokens } from '../../../src/models/families/timesfm25/tokens.ts';
import type { Graph } from '../../../src/models/graph/builder.ts';
import type { Tensor } from '../../../src/models/graph/ir.ts';
import { moments, padLeft } from '../../../src/models/series.ts';
import { quantileError } from '../../../src/training/losses.ts';
import { integerValues, rowsOfCase, shapeOf, tensorValues } from '../caseFiles.ts';
import type { GradientFolder } from './folder.ts';
import type { GradientTask } from './task.ts';

/** Series and their mirror images are read side by side, as twice as many contexts. */
export function mirroredTask({ cases, configJson }: GradientFolder): GradientTask {
  const config = parseTimesfm25Config(JSON.parse(configJson), 'config.json');
  const lengths = integerValues(cases, 'inputs.length');
  const series = rowsOfCase(cases, 'inputs').map((row, i) => row.slice(row.length - lengths[i]!));
  const padded = padLeft(series, config.contextLength);
  const width = config.contextLength;
  const units = series.map((_, row) => {
    const { mean, deviation } = moments(padded.values.subarray(row * width, (row + 1) * width));
    return { mean, deviation: deviation * Math.sqrt(width / (width - 1)) };
  });
  const scaled = padded.values.map((value, i) => {
    const { mean, deviation } = units[Math.floor(i / width)]!;
    return (value - mean) / deviation;
  });
  const rows = 2 * series.length;
  const values = Float64Array.from([...scaled, ...scaled.map((value) => -value)]);
  const padding = Uint8Array.from([...padded.padding, ...padded.padding]);
  const { feeds, loc, scale } = timesfm25Tokens(config, { rows, values, padding });
  const patches = width / config.patchLength;
  const lastOf = (all: Float64Array): Float32Array =>
    Float32Array.from(all.filter((_, i) => i % patches === patches - 1));
  const [, steps] = shapeOf(cases, 'target') as [number, number];
  const target = Float32Array.from(tensorValues(cases, 'target'), (value, i) => {
    const { mean, deviation } = units[Math.floor(i / steps)]!;
    return (value - mean) / deviation;
  });
  return {
    shape: { contexts: rows, channels: 1 },
    feeds: { ...feeds, target, loc: lastOf(loc), scale: lastOf(scale) },
    loss: (g) => mirroredLoss(g, config, series.length, steps),
  };
}

function mirroredLoss(g: Graph, config: Timesfm25Config, contexts: number, steps: number): Tensor {
  const columns = config.quantiles.length + 1;
  const unit = (name: string): Tensor => g.reshape(g.input(name, [2 * contexts]), [1, 2 * contexts, 1, 1]);
  const [scale, loc] = [unit('scale'), unit('loc')];
  /** [V, 2N, 1, S·Q] of a head → [V, N, H, Q], averaged with what is said of the mirror image where the config asks for it. */
  const averaged = (label: string, length: number): Tensor => {
    const head = g.labels.get(label)!;
    const table = g.slice(g.reshape(head, [head.shape[0]!, 2 * contexts, length, columns]), 2, 0, steps);
    const natural = g.add(g.mul(table, scale), loc);
    const own = g.slice(natural, 1, 0, contexts);
    if (!config.flipInvariance) return own;
    const mirror = g.matmul(
      g.slice(natural, 1, contexts, 2 * contexts),
      g.constant(turned(columns), [columns, columns]),
    );
    return g.mul(g.sub(own, mirror), g.scalar(0.5));
  };
  const point = averaged('head_point_last', config.horizon);
  const column = (of: Tensor, index: number): Tensor => g.slice(of, 3, index, index + 1);
  const median = column(point, config.pointColumn);
  const respread = (spread: Tensor): Tensor => g.add(g.sub(spread, column(spread, config.pointColumn)), median);
  const around = config.continuousQuantiles ? respread(averaged('head_quantiles_last', config.quantileHorizon)) : point;
  // The official pairing: column 0, the mean, counts as the lowest quantile, and the median column is left out.
  const paired = Array.from({ length: columns }, (_, c) => c).filter((c) => c !== config.pointColumn);
  const forecasts = paired.map((c) => column(c === 0 ? point : around, c));
  const target = g.reshape(g.input('target', [contexts, steps]), [1, contexts, steps, 1]);
  const error = g.sub(median, target);
  const table = g.swapAxes(g.concat(forecasts, 3), 2, 3);
  const quantiles = quantileError(g, table, g.swapAxes(target, 2, 3), config.quantiles);
  return g.add(g.reduceMean(g.mul(error, error)), g.reduceMean(quantiles));
}

/** Turns the order of the quantiles round, not the mean in front of them. */
function turned(columns: number): Float32Array {
  const matrix = new Float32Array(columns * columns);
  for (let c = 0; c < columns; c++) matrix[c * columns + (c === 0 ? 0 : columns - c)] = 1;
  return matrix;
}
