/**
 * TimesFM 2.5 as a causal network: each patch is scaled by everything up to its own end, and attention looks back only, so that one pass over a
 * window holds the forecast at every patch's end.
 */

import type { CausalForm } from '../../family.ts';
import { pointForecasts, unpadded } from '../../layers/patchSweep.ts';
import type { Timesfm25Config } from './config.ts';
import { timesfm25Graph } from './graph.ts';
import { timesfm25Tokens } from './tokens.ts';

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
