/** What anchored contexts mean for a study: how much context a forecast needs, and whether the model can have them at all. */

import type { UserProblem } from '../core/errors.ts';
import type { ModelCard } from '../models/types.ts';
import type { StudySettings } from './settings.ts';

type Card = Pick<ModelCard, 'title' | 'contextLength' | 'causal'>;
type Settings = Pick<StudySettings, 'anchoredPatches' | 'maskLifetime'>;

/** Ticks of context that a forecast needs at least. */
export function neededContext(
  { contextLength, causal }: Card,
  { anchoredPatches }: Pick<Settings, 'anchoredPatches'>,
): number {
  return causal && anchoredPatches !== null ? anchoredPatches * causal.patchLength : contextLength;
}

/** Why the settings ask for contexts the model cannot have, before anything runs. */
export function anchoringProblem(
  { title, causal }: Card,
  { anchoredPatches, maskLifetime }: Settings,
): UserProblem | undefined {
  if (anchoredPatches === null) return undefined;
  if (!causal) {
    return {
      code: 'study/anchored',
      message: `${title} cannot forecast with anchored contexts.`,
      hint: 'Empty the setting “Anchored contexts from”, or use a TimesFM model.',
    };
  }
  if (maskLifetime === 'tick') {
    return {
      code: 'study/anchored',
      message: 'Anchored contexts share one pass over many ticks, so their masks cannot change by tick.',
      hint: 'Use one mask for the whole backtest, or contexts that are not anchored.',
      where: 'maskLifetime',
    };
  }
  if (anchoredPatches <= causal.mostPatches) return undefined;
  return {
    code: 'study/anchored',
    message: `Anchored contexts of ${anchoredPatches} patches are longer than the ${causal.mostPatches} this model reads.`,
    hint: `Choose at most ${causal.mostPatches}.`,
  };
}
