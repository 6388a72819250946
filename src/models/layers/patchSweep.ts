/** What causal patch decoders share: the forecasts of all patches of a window at once. */

import type { Graph } from '../graph/builder.ts';
import type { Tensor } from '../graph/ir.ts';
import type { PaddedRows } from '../series.ts';

/** How a head's outputs are laid out: H steps of Q quantiles and a mean, of which one column is the point forecast. */
interface PatchHead {
  readonly horizon: number;
  readonly quantiles: readonly number[];
  readonly pointColumn: number;
}

/** Replaces the forecast of the last patch by those of all: [V, R, P, H·Q] → the point forecasts [V, R, P, H]. */
export function pointForecasts(g: Graph, heads: Tensor, { horizon, quantiles, pointColumn }: PatchHead): void {
  const [variants, rows, patches] = heads.shape as [number, number, number];
  const table = g.reshape(heads, [variants, rows, patches, horizon, quantiles.length + 1]);
  const point = g.reshape(g.slice(table, 4, pointColumn, pointColumn + 1), [variants, rows, patches, horizon]);
  g.outputs.clear();
  g.output('forecasts', point);
}

/** Windows of which every value was observed. */
export function unpadded(values: Float64Array, rows: number): PaddedRows {
  return { rows, values, padding: new Uint8Array(values.length) };
}
