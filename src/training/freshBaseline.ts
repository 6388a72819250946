/** A baseline with random weights, as a checkpoint like any other: training it is then what fine-tuning is. */

import type { Grid } from '../core/types.ts';
import { writeSafetensors } from '../models/checkpoints/safetensors.ts';
import type { FreshFamilyId } from '../models/familyFacts.ts';
import { families, openArchitecture } from '../models/registry.ts';
import type { CheckpointFiles } from '../models/types.ts';
import { featuresFor } from './baselineConfigs.ts';
import type { FineTuneSettings } from './fineTuning/settings.ts';
import { wholeLayout } from './fineTuning/trainable.ts';
import { initialParameters } from './initialise.ts';
import { unflatten } from './parameters.ts';

type FreshSettings = Pick<FineTuneSettings, 'contextTicks' | 'targetTicks' | 'hiddenWidth' | 'layers' | 'trainingSeed'>;

/** Reads what all grids offer. @throws UserError `checkpoint/config` for sizes that the baseline cannot have */
export function freshBaseline(
  id: FreshFamilyId,
  { contextTicks, targetTicks, hiddenWidth, layers, trainingSeed }: FreshSettings,
  grids: readonly Pick<Grid, 'bidSize' | 'askSize'>[],
): CheckpointFiles {
  const choice = { features: featuresFor(grids), contextTicks, targetTicks, hidden: hiddenWidth, layers };
  const configJson = JSON.stringify(families[id].freshConfig!(choice), null, 2);
  const architecture = openArchitecture(configJson, 'config.json');
  const name = `${architecture.title} ${hiddenWidth}`;
  const layout = wholeLayout(architecture);
  const tensors = unflatten(layout, initialParameters(layout, trainingSeed));
  const description = 'A baseline with random weights.';
  return { name, configJson, weights: writeSafetensors(tensors, { format: 'pt', name, description }) };
}
