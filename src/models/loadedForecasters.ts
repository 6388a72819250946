/** The forecasters that one checkpoint can be: with fixed or anchored contexts, with variants by masks or from its posterior. */

import { fail } from '../core/errors.ts';
import { type Forecastable, isCheckpoint, withWeights } from './checkpoint.ts';
import { createForecaster } from './forecaster.ts';
import { VariantForecaster } from './posterior/forecaster.ts';
import { drawWeights } from './posterior/gaussian.ts';
import type { Runtime } from './runtime/runtime.ts';
import { createSweepForecaster } from './sweep/forecaster.ts';
import type { Forecaster, ForecastSettings } from './types.ts';

type Kind = 'fixed' | 'anchored' | 'fixed, posterior' | 'anchored, posterior';

/** Each is made when it is first asked for. */
export class LoadedForecasters {
  private readonly made = new Map<Kind, Forecaster>();

  /** @throws UserError for a model that cannot forecast one series */
  constructor(
    private readonly model: Forecastable,
    private readonly runtime: Runtime,
  ) {
    this.take('fixed', () => createForecaster(model, runtime));
  }

  /** @throws UserError for settings that the model cannot have */
  of({ anchored, freshMasks, posterior }: ForecastSettings): Forecaster {
    if (anchored && freshMasks) {
      fail(
        'model/fresh-masks',
        'Anchored contexts share one pass over many ticks, so their masks cannot change by tick.',
        {
          hint: 'Use one mask for the whole backtest, or contexts that are not anchored.',
        },
      );
    }
    const contexts = anchored ? 'anchored' : 'fixed';
    const centre = this.take(contexts, () => forecasterOf(contexts, this.model, this.runtime));
    return posterior ? this.take(`${contexts}, posterior`, () => this.variants(contexts, centre)) : centre;
  }

  async release(): Promise<void> {
    await Promise.all([...this.made.values()].map((forecaster) => forecaster.release()));
    this.made.clear();
  }

  private variants(contexts: 'fixed' | 'anchored', centre: Forecaster): Forecaster {
    const { model, runtime } = this;
    const posterior = isCheckpoint(model) ? model.posterior : undefined;
    if (!isCheckpoint(model) || !posterior) {
      return fail('model/no-posterior', `${model.card.name} has no posterior to draw variants from.`, {
        hint: 'Choose dropout masks, or fine-tune the model with SWAG or Laplace, and use it in float32.',
      });
    }
    return new VariantForecaster(centre, (k, seed) =>
      forecasterOf(contexts, withWeights(model, drawWeights(posterior, model.weights.values, k, seed)), runtime),
    );
  }

  private take(kind: Kind, make: () => Forecaster): Forecaster {
    const forecaster = this.made.get(kind) ?? make();
    this.made.set(kind, forecaster);
    return forecaster;
  }
}

function forecasterOf(contexts: 'fixed' | 'anchored', model: Forecastable, runtime: Runtime): Forecaster {
  return contexts === 'anchored' ? createSweepForecaster(model, runtime) : createForecaster(model, runtime);
}
