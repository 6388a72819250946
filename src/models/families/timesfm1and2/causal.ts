/**
 * TimesFM 1.0 and 2.0 as a causal network: one scale from the window's first patch, and attention that looks back only, so that one pass over a
 * window holds the forecast at every patch's end.
 */

import type { CausalForm } from '../../family.ts';
import { pointForecasts, unpadded } from '../../layers/patchSweep.ts';
import type { Timesfm1And2Config } from './config.ts';
import { frequencyClass } from './forecast.ts';
import { timesfm1And2Graph } from './graph.ts';
import { timesfm1And2Tokens } from './tokens.ts';

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
