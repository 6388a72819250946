/** Which anchored contexts a model can have, and why some families have none. */

import { fail } from '../../core/errors.ts';
import type { LoadedModel } from '../checkpoint.ts';
import type { CausalForm } from '../family.ts';
import { familyOf } from '../registry.ts';
import type { AnchorSettings, ModelCard } from '../types.ts';
import type { AnchorRule } from './anchor.ts';

/**
 * The rule that settings ask for, checked against the model.
 * @throws UserError `model/not-causal` for families whose forecasts cannot share a pass, saying why.
 */
export function anchorRule(model: LoadedModel, settings: AnchorSettings): { form: CausalForm; rule: AnchorRule } {
  const { causal: form } = model.architecture;
  if (!form) return refuseFamily(model.card);
  const { leastPatches, mostPatches = form.mostPatches } = settings;
  const whole = Number.isInteger(leastPatches) && Number.isInteger(mostPatches);
  if (!whole || leastPatches < 1 || mostPatches < leastPatches || mostPatches > form.mostPatches) {
    fail(
      'model/anchor',
      `Contexts of ${leastPatches} to ${mostPatches} patches do not fit: the model reads up to ${form.mostPatches}.`,
      {
        where: model.card.name,
        hint: `Choose at least 1 and at most ${form.mostPatches} patches of ${form.patchLength} ticks.`,
      },
    );
  }
  return { form, rule: { leastPatches, mostPatches, patchLength: form.patchLength } };
}

/** @throws UserError `model/not-causal`, with the reason. */
export function refuseFamily({ name, family, title }: ModelCard): never {
  return fail('model/not-causal', `${title} cannot forecast with anchored contexts: ${whyNot(family)}.`, {
    where: name,
    hint: 'Use fixed contexts, or a TimesFM model.',
  });
}

function whyNot(family: string): string {
  return familyOf(family)?.notCausal ?? 'what it looks at is not known to be the past alone';
}
