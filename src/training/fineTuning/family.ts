/** The paper's family S(θ) under training controls η_tr: a seeded grid of fine-tunings, each drawing its settings from given values. */

import { fail, toProblem } from '../../core/errors.ts';
import { settingsParser, type ValuesOf } from '../../core/parseSettings.ts';
import { RandomStream } from '../../core/random.ts';
import type { SettingSpec } from '../../core/settingSpecs.ts';
import {
  defaultFineTuneSettings,
  type FineTuneSettingId,
  type FineTuneSettings,
  parseFineTuneSettings,
  trainsAfresh,
} from './settings.ts';
import { fineTuneTable } from './settingsTable.ts';

/** Values from which each member of a family draws, by setting. */
export type FineTuneChoices = { readonly [Id in FineTuneSettingId]?: readonly FineTuneSettings[Id][] };

/** Controls that a family can draw, with the values offered at first; none: as set for a single training. */
const offered = {
  assets: '',
  firstDay: '',
  trainingShare: '',
  windowFraction: '0.5; 1',
  loss: '',
  halfLifeSteps: '',
  weightDecay: '0; 0.01; 0.1',
  dropoutRate: '0; 0.1; 0.2',
  learningRate: '0.0001; 0.0003; 0.001',
  schedule: 'constant; cosine',
  trainable: 'all; head; lora',
} as const satisfies { readonly [Id in FineTuneSettingId]?: string };

export type FamilyControl = keyof typeof offered;

const controls = Object.keys(offered) as FamilyControl[];

const countTable = {
  members: {
    group: 'family',
    kind: 'number',
    whole: true,
    step: 1,
    label: 'Fine-tunings',
    unit: '',
    min: 2,
    max: 64,
    default: 6,
    help: 'How many are drawn and trained, one after the other. A larger family begins with the smaller one.',
  },
  familySeed: {
    group: 'family',
    kind: 'number',
    whole: true,
    step: 1,
    label: 'Seed of the draws',
    unit: '',
    min: 0,
    max: 2 ** 31,
    default: 1,
    help: 'The same seed draws the same family. Each member trains with a seed of its own.',
  },
} as const satisfies Readonly<Record<string, SettingSpec>>;

const listTable = Object.fromEntries(
  controls.map((id): [string, SettingSpec] => [
    id,
    {
      group: 'controls',
      kind: 'text',
      format: 'list',
      unit: '',
      default: offered[id],
      label: `${fineTuneTable[id].label}: one of`,
      help: `Values with semicolons between them${optionsOf(fineTuneTable[id])}; empty: as set above. ${fineTuneTable[id].help}`,
    },
  ]),
);

/** The form of a family: how many, and for each control the values to draw from, as typed. */
export type FamilySettings = ValuesOf<typeof countTable> & Readonly<Record<FamilyControl, string>>;
export type FamilySettingId = keyof FamilySettings;

export const familySpecs: readonly (readonly [FamilySettingId, SettingSpec])[] = Object.entries({
  ...countTable,
  ...listTable,
}).map(([id, spec]) => [id as FamilySettingId, spec]);

const parseTable = settingsParser({ ...countTable, ...listTable }, 'training/family');

/** @throws UserError `training/family` whose `where` is the field at fault */
export function parseFamilySettings(unknown: unknown): FamilySettings {
  // The table's rows are those of the type; `Object.fromEntries` forgets their names.
  const settings = parseTable(unknown) as FamilySettings;
  choicesOf(settings);
  return settings;
}

export const defaultFamilySettings: FamilySettings = parseFamilySettings({});

/** What is drawn, typed and checked value by value. @throws UserError `training/family` */
function choicesOf(family: FamilySettings): FineTuneChoices {
  const choices: Record<string, unknown[]> = {};
  for (const id of controls) {
    const words = family[id]
      .split(';')
      .map((word) => word.trim())
      .filter(Boolean);
    if (words.length > 0) choices[id] = words.map((word) => typedValue(id, word));
  }
  return choices as FineTuneChoices;
}

function typedValue(id: FamilyControl, word: string): unknown {
  const { kind } = fineTuneTable[id];
  const value = kind === 'number' || kind === 'optionalNumber' ? Number(word.replace(',', '.')) : word;
  try {
    return parseFineTuneSettings({ ...defaultFineTuneSettings, [id]: value })[id];
  } catch (caught) {
    return fail('training/family', toProblem(caught).message, { where: id });
  }
}

/** The members of a family, in their order. @throws UserError `training/settings` for values that do not go with the base's others */
export function familyOf(base: FineTuneSettings, family: FamilySettings): FineTuneSettings[] {
  const { trainable, ...others } = choicesOf(family);
  // A model that is trained afresh trains all of its weights.
  const choices = trainsAfresh(base) || !trainable ? others : { ...others, trainable };
  return drawFineTunings(base, choices, family.members, family.familySeed);
}

/** What a member drew, for people: only what the family varies. */
export function drawnOf(member: FineTuneSettings, family: FamilySettings): string {
  const drawn = controls.filter((id) => family[id] !== '' && !(id === 'trainable' && trainsAfresh(member)));
  return drawn.map((id) => `${fineTuneTable[id].label.toLowerCase()} ${labelOf(id, member[id])}`).join(', ');
}

/**
 * A family of fine-tunings: each member draws every listed setting from its values, all else is the base's. The same seed gives the
 * same family, and a longer one begins with a shorter one.
 */
export function drawFineTunings(
  base: FineTuneSettings,
  choices: FineTuneChoices,
  count: number,
  seed: number,
): FineTuneSettings[] {
  return Array.from({ length: count }, (_, member) => {
    const drawn = Object.entries(choices).map(([id, values]) => {
      const stream = new RandomStream(seed, `fine-tuning/${id}`, member);
      return [id, values[Math.floor(stream.uniform() * values.length)]];
    });
    return parseFineTuneSettings({ ...base, trainingSeed: base.trainingSeed + member, ...Object.fromEntries(drawn) });
  });
}

function optionsOf(spec: SettingSpec): string {
  return spec.kind === 'choice' ? ` (${spec.options.map(({ value }) => value).join(', ')})` : '';
}

function labelOf(id: FamilyControl, value: FineTuneSettings[FamilyControl]): string {
  const spec: SettingSpec = fineTuneTable[id];
  const option = spec.kind === 'choice' ? spec.options.find((one) => one.value === value) : undefined;
  return option?.label.toLowerCase() ?? String(value ?? (spec.kind === 'optionalNumber' ? spec.nullLabel : value));
}
