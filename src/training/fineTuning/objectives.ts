/** What is lowered: losses of point forecasts for every family, and the families' own, with what a batch feeds them. */

import { fail } from '../../core/errors.ts';
import { parseBoltConfig } from '../../models/families/chronosBolt/config.ts';
import { parseChronosConfig } from '../../models/families/chronosT5/config.ts';
import { tokenise, tokensOf } from '../../models/families/chronosT5/tokeniser.ts';
import { parseMoiraiConfig } from '../../models/families/moirai/config.ts';
import { labelledMixture } from '../../models/families/moirai/mixture.ts';
import type { BatchShape, ContextBatch } from '../../models/family.ts';
import type { Graph } from '../../models/graph/builder.ts';
import type { Tensor } from '../../models/graph/ir.ts';
import type { Architecture } from '../../models/registry.ts';
import type { Feeds } from '../../models/runtime/runtime.ts';
import { crossEntropy, mixtureError, type PointLoss, pointError, quantilesError } from '../losses.ts';
import { type LossKind, lossesOf } from './familyLosses.ts';
import { type QuoteWindow, ticksAhead } from './quoteWindows.ts';

export interface ObjectiveSettings {
  readonly loss: LossKind;
  readonly huberDelta: number;
  readonly quantileLevel: number;
  /** Steps after which a step ahead counts half; null: all count alike. */
  readonly halfLifeSteps: number | null;
}

export interface Objective {
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

/** Longest path of tokens that a Chronos-T5 is taught at once. */
const LONGEST_PATH = 16;

/** @throws UserError `training/loss` for a loss the family does not have. */
export function objectiveOf(architecture: Architecture, configJson: string, settings: ObjectiveSettings): Objective {
  const offered = lossesOf(architecture.id);
  if (!offered.includes(settings.loss)) {
    fail('training/loss', `${architecture.title} cannot be trained on the loss "${settings.loss}".`, {
      hint: `It has ${offered.join(', ')}.`,
    });
  }
  const ahead = ticksAhead(architecture.shape);
  const prepare: Objective['prepare'] = (windows) => {
    const { feeds, scaling } = architecture.prepare(batchOf(architecture, windows));
    return { feeds, finish: (forecast) => architecture.finish(forecast, scaling) };
  };
  const plain = { ahead, shape: {}, prepare };
  const targets = (windows: readonly QuoteWindow[]): Feeds => targetFeeds(architecture, windows);
  const weights = (steps: number): Float32Array => stepWeights(steps, settings.halfLifeSteps);
  switch (settings.loss) {
    case 'crossEntropy':
      return { ...chronosObjective(configJson, weights), prepare };
    case 'mixture': {
      const config = parseMoiraiConfig(JSON.parse(configJson), 'config.json');
      return {
        ...plain,
        loss: (g) => mixtureError(g, labelledMixture(g, config)),
        feeds: (windows) => {
          const { target, scale, ...feeds } = targets(windows);
          return { ...feeds, target: target!, logScale: Float32Array.from(scale!, Math.log) };
        },
      };
    }
    case 'quantiles': {
      const { quantiles, horizon } = parseBoltConfig(JSON.parse(configJson), 'config.json');
      return {
        ...plain,
        feeds: targets,
        loss: (g) => {
          const head = g.labels.get('head')!;
          const table = g.reshape(head, [head.shape[0]!, head.shape[1]!, quantiles.length, horizon]);
          return quantilesError(g, table, quantiles, weights(horizon));
        },
      };
    }
    default: {
      const loss = pointLossOf(settings.loss, settings);
      return {
        ...plain,
        feeds: targets,
        loss: (g) => {
          const forecast = g.outputs.get('forecast')!;
          return pointError(g, forecast, loss, weights(forecast.shape[3]!));
        },
      };
    }
  }
}

function pointLossOf(kind: PointLoss['kind'], { huberDelta, quantileLevel }: ObjectiveSettings): PointLoss {
  if (kind === 'huber') return { kind, delta: huberDelta };
  if (kind === 'quantile') return { kind, level: quantileLevel };
  return { kind };
}

/** [H] of mean 1. */
function stepWeights(steps: number, halfLife: number | null): Float32Array {
  const raw = Array.from({ length: steps }, (_, h) => (halfLife === null ? 1 : 2 ** (-h / halfLife)));
  const mean = raw.reduce((sum, weight) => sum + weight, 0) / steps;
  return Float32Array.from(raw, (weight) => weight / mean);
}

function batchOf({ shape }: Architecture, windows: readonly QuoteWindow[]): ContextBatch {
  const { contextLength: length, channels } = shape;
  const values = new Float64Array(windows.length * length * channels);
  windows.forEach(({ context }, n) => {
    values.set(context, n * length * channels);
  });
  return { values, contexts: windows.length, length, channels };
}

/** Prepared contexts, the scaled `target` [1, N, 1, H] and the `scale` [1, N, 1, 1] that brings errors back to the windows' units. */
function targetFeeds(architecture: Architecture, windows: readonly QuoteWindow[]): Feeds {
  const { feeds, scaling } = architecture.prepare(batchOf(architecture, windows));
  const { horizon, reads } = architecture.shape;
  const learnt = (value: number): number => (reads ? Math.max(-LARGEST_SCORE, Math.min(LARGEST_SCORE, value)) : value);
  const size = windows.length * horizon;
  // Un-scaling is affine: the forecasts 0 and 1 give each window's location and scale.
  const location = architecture.finish(new Float32Array(size), scaling);
  const unit = architecture.finish(new Float32Array(size).fill(1), scaling);
  const target = new Float32Array(size);
  const scale = new Float32Array(windows.length);
  windows.forEach(({ future }, n) => {
    for (let h = 0; h < horizon; h++) {
      const i = n * horizon + h;
      const own = unit[i]! - location[i]!;
      target[i] = (learnt(future[h]!) - location[i]!) / own;
      scale[n] = own;
    }
  });
  return { ...feeds, target, scale };
}

/** Tokens of what follows, each given the ones before it. */
function chronosObjective(configJson: string, weights: (steps: number) => Float32Array): Omit<Objective, 'prepare'> {
  const config = parseChronosConfig(JSON.parse(configJson), 'config.json');
  const steps = Math.min(config.pathLength, LONGEST_PATH);
  const perStep = weights(steps);
  return {
    ahead: steps,
    shape: { part: 'teach', steps },
    loss: (g) => crossEntropy(g, g.labels.get('logits')!),
    feeds: (windows) => {
      const contexts = windows.map(({ context }) => context);
      const { tokens, open, scale } = tokenise(config, contexts, config.contextLength);
      const labels = Int32Array.from(
        windows.flatMap(({ future }, n) => [
          ...tokensOf(
            config,
            future.subarray(0, steps).map((value) => value / scale[n]!),
          ),
        ]),
      );
      const given = labels.map((_, i) => (i % steps === 0 ? config.startToken : labels[i - 1]!));
      const weight = Float32Array.from(labels, (_, i) => perStep[i % steps]! / labels.length);
      return { tokens, open, given, labels, weight };
    },
  };
}
