/**
 * TimesFM as a causal network. Generation 1.0 and 2.0 take one scale from the window's first patch, 2.5 scales each patch by
 * everything up to its own end; attention looks back only. So one pass over a window holds the forecast at every patch's end.
 */

import type { CausalForm } from '../../family.ts';
import type { Graph } from '../../graph/builder.ts';
import type { Tensor } from '../../graph/ir.ts';
import type { PaddedRows } from '../../series.ts';
import type { Timesfm1And2Config } from '../timesfm1and2/config.ts';
import { frequencyClass } from '../timesfm1and2/forecast.ts';
import { timesfm1And2Graph } from '../timesfm1and2/graph.ts';
import { timesfm1And2Tokens } from '../timesfm1and2/tokens.ts';
import type { Timesfm25Config } from '../timesfm25/config.ts';
import { timesfm25Graph } from '../timesfm25/graph.ts';
import { timesfm25Tokens } from '../timesfm25/tokens.ts';

export function causalTimesfm1And2(config: Timesfm1And2Config): CausalForm {
  const { patchLength, heads, headSize, layers } = config;
  const batch = (rows: number, patches: number) => ({ contexts: rows, channels: 1, length: patches * patchLength });
  return {
    patchLength,
    heads,
    headSize,
    layers,
    mostPatches: config.contextLength / patchLength,
    tokens: (windows, rows, stepMs) => {
      const { feeds, loc, scale } = timesfm1And2Tokens(config, unpadded(windows, rows));
      const patches = windows.length / rows / patchLength;
      const spread = (values: Float64Array): Float64Array =>
        Float64Array.from({ length: rows * patches }, (_, i) => values[Math.floor(i / patches)]!);
      const frequency = new Int32Array(rows).fill(frequencyClass(stepMs));
      return { feeds: { ...feeds, frequency }, loc: spread(loc), scale: spread(scale) };
    },
    addSweep: (g, rows, patches) => {
      timesfm1And2Graph(g, config, batch(rows, patches));
      pointForecasts(g, g.labels.get('head')!, config);
    },
    addStep: (g, rows, cache) => timesfm1And2Graph(g, config, batch(rows, 1), cache),
  };
}

export function causalTimesfm25(config: Timesfm25Config): CausalForm {
  const { patchLength, heads, headSize, layers } = config;
  const batch = (rows: number, patches: number) => ({ contexts: rows, channels: 1, length: patches * patchLength });
  return {
    patchLength,
    heads,
    headSize,
    layers,
    mostPatches: config.contextLength / patchLength,
    tokens: (windows, rows) => timesfm25Tokens(config, unpadded(windows, rows)),
    addSweep: (g, rows, patches) => {
      timesfm25Graph(g, config, batch(rows, patches));
      pointForecasts(g, g.labels.get('heads')!, config);
    },
    addStep: (g, rows, cache) => timesfm25Graph(g, config, batch(rows, 1), cache),
  };
}

/** Replaces the forecast of the last patch by those of all: [V, R, P, H·Q] → the point forecasts [V, R, P, H]. */
function pointForecasts(
  g: Graph,
  heads: Tensor,
  { horizon, quantiles, pointColumn }: Pick<Timesfm1And2Config, 'horizon' | 'quantiles' | 'pointColumn'>,
): void {
  const [variants, rows, patches] = heads.shape as [number, number, number];
  const table = g.reshape(heads, [variants, rows, patches, horizon, quantiles.length + 1]);
  const point = g.reshape(g.slice(table, 4, pointColumn, pointColumn + 1), [variants, rows, patches, horizon]);
  g.outputs.clear();
  g.output('forecasts', point);
}

function unpadded(values: Float64Array, rows: number): PaddedRows {
  return { rows, values, padding: new Uint8Array(values.length) };
}
