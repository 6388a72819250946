/** The settings of a fine-tuning as a typed value, and what follows from them alone. */

import { fail } from '../../core/errors.ts';
import { settingsParser, type ValuesOf } from '../../core/parseSettings.ts';
import type { SettingSpec } from '../../core/settingSpecs.ts';
import { type FreshFamilyId, freshFamilies } from '../../models/familyFacts.ts';
import { fineTuneTable } from './settingsTable.ts';

export type FineTuneSettingId = keyof typeof fineTuneTable;
export type FineTuneSettings = ValuesOf<typeof fineTuneTable>;

const parse = settingsParser(fineTuneTable, 'training/settings');

/** The table as a list, in the order of the form. */
export const fineTuneSpecs: readonly (readonly [FineTuneSettingId, SettingSpec])[] = Object.entries(fineTuneTable).map(
  ([id, spec]) => [id as FineTuneSettingId, spec],
);

/** Checks anything and completes it with defaults. @throws UserError `training/settings` whose `where` is the setting at fault. */
export function parseFineTuneSettings(unknown: unknown): FineTuneSettings {
  const settings = parse(unknown);
  const { trainingShare, validationShare, firstDay, lastDay, warmUpSteps, steps } = settings;
  const refuse = (where: FineTuneSettingId, message: string): never => fail('training/settings', message, { where });
  if (trainingShare + validationShare > 0.95) {
    refuse('validationShare', 'Training and validation leave less than a twentieth of the data for backtests.');
  }
  if (firstDay && lastDay && lastDay < firstDay) refuse('lastDay', 'Last day must not be before the first day.');
  if (settings.posterior !== 'none' && settings.trainable === 'lora' && !trainsAfresh(settings)) {
    refuse('posterior', 'A posterior needs weights of the model’s own: choose another trainable set than LoRA.');
  }
  if (warmUpSteps >= steps) refuse('warmUpSteps', `Warm-up must be shorter than the training's ${steps} steps.`);
  return settings;
}

export const defaultFineTuneSettings: FineTuneSettings = parseFineTuneSettings({});

/** Whether training begins at random weights; it then trains all of them. */
export function trainsAfresh({ start }: Pick<FineTuneSettings, 'start'>): boolean {
  return start !== 'checkpoint';
}

/** The baseline that is made anew; undefined: the model in use is trained. */
export function baselineOf({ start }: Pick<FineTuneSettings, 'start'>): FreshFamilyId | undefined {
  return freshFamilies.find(({ id }) => id === start)?.id;
}

/** What suits a start better than the table's defaults: small networks with nothing learnt yet take larger, longer steps. */
export function suitedTo(start: FineTuneSettings['start']): Partial<FineTuneSettings> {
  return baselineOf({ start }) ? { steps: 1500, batchSize: 128, learningRate: 2e-3, patience: 6 } : {};
}

/** Symbols that are trained on; undefined: all. */
export function chosenAssets({ assets }: Pick<FineTuneSettings, 'assets'>): ReadonlySet<string> | undefined {
  const names = assets
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  return names.length > 0 ? new Set(names) : undefined;
}
