/** An objective (`../objectives`) on windows of quotes: what a batch feeds it, and how forecasts come back in the windows' units. */

import type { BatchShape } from '../../models/family.ts';
import type { Graph } from '../../models/graph/builder.ts';
import type { Tensor } from '../../models/graph/ir.ts';
import type { Architecture } from '../../models/registry.ts';
import type { Feeds } from '../../models/runtime/runtime.ts';
import { joinValues } from '../../models/series.ts';
import { chosenObjective, type ObjectiveSettings } from '../objectives/chosen.ts';
import type { Windows } from '../windows.ts';
import { type QuoteWindow, ticksAhead } from './quoteWindows.ts';

export interface QuoteObjective {
  /** Ticks after a context that are learnt. */
  readonly ahead: number;
  readonly shape: Pick<BatchShape, 'part' | 'steps'>;
  readonly loss: (g: Graph) => Tensor;
  /** Graph inputs of a batch. */
  readonly feeds: (windows: readonly QuoteWindow[]) => Feeds;
  /** Prepared contexts, and how a forecast [N, H] becomes one in units of the windows. */
  readonly prepare: (windows: readonly QuoteWindow[]) => {
    readonly feeds: Feeds;
    readonly finish: (forecast: Float32Array) => Float64Array;
  };
}

/** Scores beyond this many standard deviations are learnt as so many: jumps must not rule the fit. */
const LARGEST_SCORE = 5;

/** @throws UserError `training/loss` for a loss the family does not have. */
export function objectiveOf(
  architecture: Architecture,
  configJson: string,
  settings: ObjectiveSettings,
): QuoteObjective {
  const { batch: shape, loss, horizon, feeds } = chosenObjective(architecture, configJson, settings);
  const { reads, contextLength: length, channels } = architecture.shape;
  const clipped = (score: number): number => Math.max(-LARGEST_SCORE, Math.min(LARGEST_SCORE, score));
  const joined = (windows: readonly QuoteWindow[]): Windows => {
    const futures = joinValues(windows.map(({ future }) => future.subarray(0, horizon)));
    return {
      count: windows.length,
      contexts: joinValues(windows.map(({ context }) => context)),
      futures: reads ? futures.map(clipped) : futures,
    };
  };
  return {
    ahead: reads ? ticksAhead(architecture.shape) : horizon,
    shape,
    loss,
    feeds: (windows) => feeds(joined(windows)),
    prepare: (windows) => {
      const { contexts: values, count: contexts } = joined(windows);
      const prepared = architecture.prepare({ values, contexts, length, channels });
      return { feeds: prepared.feeds, finish: (forecast) => architecture.finish(forecast, prepared.scaling) };
    },
  };
}
