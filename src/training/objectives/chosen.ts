/** The objective that is chosen for a fine-tuning: an error of the point forecast, which every family has, or the family's own loss. */

import { fail } from '../../core/errors.ts';
import { parseBoltConfig } from '../../models/families/chronosBolt/config.ts';
import { parseChronosConfig } from '../../models/families/chronosT5/config.ts';
import { parseMoiraiConfig } from '../../models/families/moirai/config.ts';
import type { Architecture } from '../../models/registry.ts';
import type { PointLoss } from '../losses.ts';
import { boltQuantiles } from './bolt.ts';
import { chronosTokens } from './chronos.ts';
import { type LossKind, lossesOf } from './familyLosses.ts';
import { moiraiLikelihood } from './moirai.ts';
import type { Objective } from './objective.ts';
import { forecastErrors } from './points.ts';

export interface ObjectiveSettings {
  readonly loss: LossKind;
  readonly huberDelta: number;
  readonly quantileLevel: number;
  /** Steps after which a step ahead counts half; null: all count alike. */
  readonly halfLifeSteps: number | null;
}

/** Longest path of tokens that a Chronos-T5 is taught at once. */
const LONGEST_PATH = 16;

/** @throws UserError `training/loss` for a loss the family does not have. */
export function chosenObjective(
  architecture: Architecture,
  configJson: string,
  settings: ObjectiveSettings,
): Objective {
  const offered = lossesOf(architecture.id);
  if (!offered.includes(settings.loss)) {
    fail('training/loss', `${architecture.title} cannot be trained on the loss "${settings.loss}".`, {
      hint: `It has ${offered.join(', ')}.`,
    });
  }
  const json: unknown = JSON.parse(configJson);
  const weights = (steps: number): Float32Array => stepWeights(steps, settings.halfLifeSteps);
  switch (settings.loss) {
    case 'crossEntropy': {
      const config = parseChronosConfig(json, 'config.json');
      const steps = Math.min(config.pathLength, LONGEST_PATH);
      return chronosTokens(config, { steps, weights: weights(steps) });
    }
    case 'mixture':
      return moiraiLikelihood(architecture, parseMoiraiConfig(json, 'config.json'));
    case 'quantiles': {
      const config = parseBoltConfig(json, 'config.json');
      return boltQuantiles(architecture, config, weights(config.horizon));
    }
    default:
      return forecastErrors(architecture, pointLossOf(settings.loss, settings), weights(architecture.shape.horizon));
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
