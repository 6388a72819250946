/** The settings form: what is typed, what of it is valid, and what is wrong with the rest. */

import { createMemo, createSignal } from 'solid-js';
import { UserError } from '../../core/errors.ts';
import {
  defaultStudySettings,
  parseStudySettings,
  type SettingId,
  type StudySettings,
  settingSpecs,
} from '../../studies/settings.ts';

/** What a field holds while it is edited: a value of the setting's type, or the text typed into a number's field. */
export type FieldValue = string | number | boolean | null;

type Problems = Readonly<Partial<Record<SettingId, string>>>;

/** Settings out of a form: every valid field, the values before for the others, and a sentence for each of those. */
interface CheckedForm {
  readonly settings: StudySettings;
  readonly problems: Problems;
}

export function createSettings() {
  const [form, setForm] = createSignal<Readonly<Record<SettingId, FieldValue>>>(defaultStudySettings);
  const checked = createMemo<CheckedForm>((before) => checkForm(form(), before.settings), {
    settings: defaultStudySettings,
    problems: {},
  });
  return {
    /** Always valid: a field at fault counts with its last valid value. */
    values: (): StudySettings => checked().settings,
    problems: (): Problems => checked().problems,
    field: (id: SettingId): FieldValue => form()[id],
    edit: (id: SettingId, value: FieldValue): void => void setForm((now) => ({ ...now, [id]: value })),
    isDefault: (id: SettingId): boolean =>
      checked().problems[id] === undefined && checked().settings[id] === defaultStudySettings[id],
    /** Sets the given fields back to their defaults. */
    reset: (ids: readonly SettingId[]): void =>
      void setForm((now) => ({ ...now, ...Object.fromEntries(ids.map((id) => [id, defaultStudySettings[id]])) })),
  };
}

/** The parser stops at the first fault, so faults are set back one by one until nothing is left to complain about. */
export function checkForm(form: Readonly<Record<SettingId, FieldValue>>, before: StudySettings): CheckedForm {
  const values: Record<string, FieldValue> = { ...form, ...readNumbers(form) };
  const problems: Partial<Record<SettingId, string>> = {};
  for (;;) {
    try {
      return { settings: parseStudySettings(values), problems };
    } catch (caught) {
      if (!(caught instanceof UserError)) throw caught;
      const { where, message } = caught.problem;
      const id = where as SettingId;
      if (!(id in before) || id in problems) return { settings: before, problems: { ...problems, [id]: message } };
      problems[id] = message;
      values[id] = before[id];
    }
  }
}

/** Numbers out of typed text. Text that is no number stays text: the settings' own check says what is wrong with it. */
function readNumbers(form: Readonly<Record<SettingId, FieldValue>>): Record<string, FieldValue> {
  const numbers: Record<string, FieldValue> = {};
  for (const [id, { kind }] of settingSpecs) {
    const field = form[id];
    if ((kind !== 'number' && kind !== 'optionalNumber') || typeof field !== 'string') continue;
    const text = field.trim();
    const value = Number(text.replace(',', '.').replace('−', '-'));
    if (text === '') numbers[id] = kind === 'optionalNumber' ? null : text;
    else numbers[id] = Number.isFinite(value) ? value : text;
  }
  return numbers;
}
