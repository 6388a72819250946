/**
 * TimesFM's loss: at every patch, what follows it up to the horizon: the squared error of the mean and the quantile errors, in the
 * units of the windows.
 */

import type { Timesfm1And2Config } from '../../models/families/timesfm1and2/config.ts';
import { timesfm1And2Tokens } from '../../models/families/timesfm1and2/tokens.ts';
import type { Timesfm25Config } from '../../models/families/timesfm25/config.ts';
import { timesfm25Tokens } from '../../models/families/timesfm25/tokens.ts';
import type { Graph } from '../../models/graph/builder.ts';
import type { Tensor } from '../../models/graph/ir.ts';
import type { PaddedRows } from '../../models/series.ts';
import { quantileError } from '../losses.ts';
import type { Windows } from '../windows.ts';
import type { Objective } from './objective.ts';

const name = 'squared error of the mean and quantile errors, at every patch';

/** Scaled as the generations 1.0 and 2.0 do: by the first patch. */
export function timesfm1And2Patches(config: Timesfm1And2Config): Objective {
  const { horizon, patchLength, contextLength } = config;
  const patches = contextLength / patchLength;
  return {
    name,
    horizon,
    batch: {},
    loss: (g) => patchErrors(g, g.labels.get('head')!, config, patchTargets(g, g.labels.get('head')!, horizon)),
    feeds: (windows) => {
      const { feeds, loc, scale } = timesfm1And2Tokens(config, unpadded(windows));
      const each = (values: Float64Array): Float64Array =>
        Float64Array.from({ length: windows.count * patches }, (_, i) => values[Math.floor(i / patches)]!);
      const frequency = new Int32Array(windows.count);
      return { ...feeds, frequency, ...targetsOf(windows, config, each(loc), each(scale)) };
    },
  };
}

/** Scaled as 2.5 does, each patch by everything up to its end; the long quantile head learns the last patch's quantiles. */
export function timesfm25Patches(config: Timesfm25Config): Objective {
  const { horizon, contextLength, patchLength, quantileHorizon, quantiles } = config;
  if (quantileHorizon !== horizon) throw new RangeError('the two heads of a TimesFM 2.5 are trained for one horizon');
  const patches = contextLength / patchLength;
  return {
    name,
    horizon,
    batch: {},
    loss: (g) => {
      const heads = g.labels.get('heads')!;
      const targets = patchTargets(g, heads, horizon);
      const last = (of: Tensor): Tensor => {
        const apart = g.reshape(of, [1, heads.shape[1]!, patches, of.shape[3]!]);
        return g.reshape(g.slice(apart, 2, patches - 1, patches), [1, heads.shape[1]!, 1, of.shape[3]!]);
      };
      const long = levels(g, g.labels.get('head_quantiles_last')!, horizon, quantiles.length);
      const spread = quantileError(g, long.quantiles, last(targets.target), quantiles);
      const ofSpread = g.reduceMean(g.mul(spread, last(targets.weight)));
      return g.add(patchErrors(g, heads, config, targets), ofSpread);
    },
    feeds: (windows) => {
      const { feeds, loc, scale } = timesfm25Tokens(config, unpadded(windows));
      return { ...feeds, ...targetsOf(windows, config, loc, scale) };
    },
  };
}

/** Targets [1, N·P, 1, H] in scaled units, and [1, N·P, 1, 1] the unit of each patch. */
interface PatchTargets {
  readonly target: Tensor;
  readonly weight: Tensor;
}

function patchTargets(g: Graph, heads: Tensor, horizon: number): PatchTargets {
  const rows = heads.shape[1]! * heads.shape[2]!;
  return { target: g.input('target', [1, rows, 1, horizon]), weight: g.input('weight', [1, rows, 1, 1]) };
}

function patchErrors(
  g: Graph,
  heads: Tensor,
  { horizon, quantiles }: Pick<Timesfm1And2Config, 'horizon' | 'quantiles'>,
  { target, weight }: PatchTargets,
): Tensor {
  const forecast = levels(g, heads, horizon, quantiles.length);
  const error = g.mul(g.sub(forecast.mean, target), weight);
  const ofQuantiles = g.mul(quantileError(g, forecast.quantiles, target, quantiles), weight);
  return g.add(g.reduceMean(g.mul(error, error)), g.reduceMean(ofQuantiles));
}

/** A head [V, N, P, H·(1 + Q)] as rows of patches: the mean [V, N·P, 1, H] and the quantiles [V, N·P, Q, H]. */
function levels(g: Graph, head: Tensor, horizon: number, quantiles: number): { mean: Tensor; quantiles: Tensor } {
  const [variants, contexts, patches] = head.shape as [number, number, number];
  const table = g.reshape(head, [variants, contexts * patches, horizon, 1 + quantiles]);
  const columns = g.swapAxes(table, 2, 3);
  return { mean: g.slice(columns, 2, 0, 1), quantiles: g.slice(columns, 2, 1, 1 + quantiles) };
}

/** What follows each patch of the windows, from `loc` and in units of `scale` [N·P]. */
function targetsOf(
  { count, contexts, futures }: Windows,
  { contextLength, patchLength, horizon }: Pick<Timesfm1And2Config, 'contextLength' | 'patchLength' | 'horizon'>,
  loc: Float64Array,
  scale: Float64Array,
): { target: Float32Array; weight: Float32Array } {
  const patches = contextLength / patchLength;
  const target = new Float32Array(count * patches * horizon);
  for (let n = 0; n < count; n++) {
    for (let patch = 0; patch < patches; patch++) {
      const place = n * patches + patch;
      for (let h = 0; h < horizon; h++) {
        const step = (patch + 1) * patchLength + h;
        const value =
          step < contextLength ? contexts[n * contextLength + step]! : futures[n * horizon + step - contextLength]!;
        if (scale[place]! > SMALLEST_UNIT) target[place * horizon + h] = (value - loc[place]!) / scale[place]!;
      }
    }
  }
  return { target, weight: Float32Array.from(scale, (one) => (one > SMALLEST_UNIT ? one : 0)) };
}

/** Below it, in units of the windows, what was seen has not moved, and the forecast is its value whatever the network says. */
const SMALLEST_UNIT = 1e-6;

function unpadded({ contexts, count }: Windows): PaddedRows {
  return { rows: count, values: contexts, padding: new Uint8Array(contexts.length) };
}
