/** Settings forms: what is typed, what of it is valid, and what is wrong with the rest. The study's, and any other table's. */

import { createMemo, createSignal } from 'solid-js';
import { UserError } from '../../../core/errors.ts';
import type { SettingSpec } from '../../../core/settingSpecs.ts';
import {
  defaultRunSettings,
  parseRunSettings,
  type RunSettings,
  type SettingId,
  settingSpecs,
} from '../../../runs/settings.ts';

/** What a field holds while it is edited: a value of the setting's type, or the text typed into a number's field. */
export type FieldValue = string | number | boolean | null;

type Values<Id extends string> = Readonly<Record<Id, FieldValue>>;
type Problems<Id extends string = SettingId> = Readonly<Partial<Record<Id, string>>>;

/** Settings out of a form: every valid field, the values before for the others, and a sentence for each of those. */
interface CheckedForm<Settings> {
  readonly settings: Settings;
  readonly problems: Readonly<Partial<Record<string, string>>>;
}

/** A table's settings, and how they are checked. */
interface Table<Settings> {
  readonly specs: readonly (readonly [string, SettingSpec])[];
  readonly defaults: Settings;
  readonly parse: (unknown: unknown) => Settings;
}

/** What a field of a form needs of it. */
export interface SettingsForm {
  readonly problems: () => Readonly<Partial<Record<string, string>>>;
  readonly field: (id: string) => FieldValue;
  readonly edit: (id: string, value: FieldValue) => void;
  readonly isDefault: (id: string) => boolean;
}

const studyTable: Table<RunSettings> = {
  specs: settingSpecs,
  defaults: defaultRunSettings,
  parse: parseRunSettings,
};

export function createSettings() {
  return createForm<SettingId, RunSettings>(studyTable);
}

/** A form over a table's settings; it begins with `initial`. */
export function createForm<Id extends string, Settings extends Values<Id>>(
  table: Table<Settings>,
  initial: Settings = table.defaults,
) {
  const { defaults } = table;
  const [form, setForm] = createSignal<Values<Id>>(initial);
  const checked = createMemo<CheckedForm<Settings>>((before) => checkBy(table, form(), before.settings), {
    settings: initial,
    problems: {},
  });
  return {
    /** Always valid: a field at fault counts with its last valid value. */
    values: (): Settings => checked().settings,
    problems: (): Problems<Id> => checked().problems as Problems<Id>,
    field: (id: Id): FieldValue => form()[id],
    edit: (id: Id, value: FieldValue): void => void setForm((now) => ({ ...now, [id]: value })),
    isDefault: (id: Id): boolean => checked().problems[id] === undefined && checked().settings[id] === defaults[id],
    /** Sets the given fields back to their defaults. */
    reset: (ids: readonly Id[]): void =>
      void setForm((now) => ({ ...now, ...Object.fromEntries(ids.map((id) => [id, defaults[id]])) })),
  };
}

/** The study's form. */
export function checkForm(
  form: Values<SettingId>,
  before: RunSettings,
): { readonly settings: RunSettings; readonly problems: Problems } {
  return checkBy(studyTable, form, before);
}

/** The parser stops at the first fault, so faults are set back one by one until nothing is left to complain about. */
function checkBy<Settings extends Values<string>>(
  { specs, parse }: Table<Settings>,
  form: Values<string>,
  before: Settings,
): CheckedForm<Settings> {
  const values: Record<string, FieldValue> = { ...form, ...readNumbers(specs, form) };
  const problems: Partial<Record<string, string>> = {};
  for (;;) {
    try {
      return { settings: parse(values), problems };
    } catch (caught) {
      if (!(caught instanceof UserError)) throw caught;
      const { where: id = '', message } = caught.problem;
      const kept = before[id];
      if (kept === undefined || id in problems) return { settings: before, problems: { ...problems, [id]: message } };
      problems[id] = message;
      values[id] = kept;
    }
  }
}

/** Numbers out of typed text. Text that is no number stays text: the settings' own check says what is wrong with it. */
function readNumbers(
  specs: readonly (readonly [string, SettingSpec])[],
  form: Values<string>,
): Record<string, FieldValue> {
  const numbers: Record<string, FieldValue> = {};
  for (const [id, { kind }] of specs) {
    const field = form[id];
    if ((kind !== 'number' && kind !== 'optionalNumber') || typeof field !== 'string') continue;
    const text = field.trim();
    const value = Number(text.replace(',', '.').replace('−', '-'));
    if (text === '') numbers[id] = kind === 'optionalNumber' ? null : text;
    else numbers[id] = Number.isFinite(value) ? value : text;
  }
  return numbers;
}
