/** Which loss a folder's gradients are of: one entry a family. */

import type { Feeds } from '../../../src/models/runtime/runtime.ts';
import type { StepOptions, StepShape } from '../../../src/training/step.ts';
import type { GoldenComparison } from '../golden.ts';
import { baselineTask } from './baselines.ts';
import { boltTask, chronosTask } from './chronos.ts';
import type { GradientFolder, GradientMeta } from './folder.ts';
import { moiraiTask } from './moirai.ts';
import { forecastTask, timerTask } from './squaredErrors.ts';
import { mirroredTask } from './timesfm.ts';

/** What a training step is built for and fed. */
export interface GradientTask {
  readonly shape: Omit<StepShape, 'variants'>;
  readonly feeds: Feeds;
  readonly loss: NonNullable<StepOptions['loss']>;
  /** Labels of the graph that the set stores more of, and how they are compared. */
  readonly more?: {
    readonly labels: readonly string[];
    readonly compare: (values: Readonly<Record<string, Float32Array>>, comparison: GoldenComparison) => void;
  };
}

const families = [
  'chronos-t5',
  'chronos-bolt',
  'moirai',
  'baselines',
  'timer',
  'timesfm-1',
  'timesfm-2',
  'timesfm-2.5',
  'ttm',
];

/** Whether a loss of this family is known; other folders are listed as uncovered. */
export function hasTask({ family }: Pick<GradientMeta, 'family'>): boolean {
  return families.includes(family);
}

/** The task of a set of a folder. Sets called `variant` are the main loss under masks. */
export function taskOf(folder: GradientFolder, set: string): GradientTask {
  const { family, case: name } = folder.meta;
  const block = set === 'variant' ? '' : set;
  switch (family) {
    case 'chronos-t5':
      return chronosTask(folder);
    case 'chronos-bolt':
      return boltTask(folder);
    case 'moirai':
      return moiraiTask(folder, block);
    case 'baselines':
      return baselineTask(folder, block);
    case 'timer':
      return timerTask(folder, block);
    // The transformers port trains on quantiles of series and their mirror images.
    case 'timesfm-2.5':
      return name.startsWith('hf-') ? mirroredTask(folder) : forecastTask(folder, 'forecast', true);
    case 'timesfm-1':
    case 'timesfm-2':
      return forecastTask(folder, 'mean', block === 'normalised');
    case 'ttm':
      return forecastTask(folder, 'forecast', block === 'normalised');
    default:
      throw new Error(`no loss is known for the family ${family}`);
  }
}
