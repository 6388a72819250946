/** What the settings ask of a model that it cannot have. */

import type { UserProblem } from '../core/errors.ts';
import type { ModelCard } from '../models/types.ts';
import type { RunSettings } from './settings.ts';

type Card = Pick<ModelCard, 'title' | 'contextLength' | 'causal' | 'posterior'>;
type Settings = Pick<RunSettings, 'anchoredPatches' | 'sampler'>;

/** Why the settings ask for what the model cannot have, before anything runs. */
export function modelProblem(card: Card, settings: Settings): UserProblem | undefined {
  if (settings.sampler === 'posterior' && !card.posterior) {
    return {
      code: 'study/no-posterior',
      message: `${card.title} has no posterior to draw variants from.`,
      hint: 'Choose dropout masks, or fine-tune the model with SWAG or Laplace, and use it in float32.',
      where: 'sampler',
    };
  }
  return anchoringProblem(card, settings);
}

function anchoringProblem({ title, causal }: Card, { anchoredPatches, sampler }: Settings): UserProblem | undefined {
  if (anchoredPatches === null) return undefined;
  if (!causal) {
    return {
      code: 'study/anchored',
      message: `${title} cannot forecast with anchored contexts.`,
      hint: 'Empty the setting “Anchored contexts from”, or use a TimesFM model.',
    };
  }
  if (sampler === 'fresh') {
    return {
      code: 'study/anchored',
      message: 'Anchored contexts share one pass over many ticks, so their masks cannot change by tick.',
      hint: 'Use one mask for the whole backtest, or contexts that are not anchored.',
      where: 'sampler',
    };
  }
  if (anchoredPatches <= causal.mostPatches) return undefined;
  return {
    code: 'study/anchored',
    message: `Anchored contexts of ${anchoredPatches} patches are longer than the ${causal.mostPatches} this model reads.`,
    hint: `Choose at most ${causal.mostPatches}.`,
  };
}
