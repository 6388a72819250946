/** Settings of a table as typed values: checked, and completed with defaults. */

import * as v from 'valibot';
import { fail } from './errors.ts';
import type { NumberSpec, OptionalNumberSpec, SettingSpec, TextSpec } from './settingSpecs.ts';

/** What a setting's value can be, by its row. */
type ValueOf<Spec> = Spec extends { kind: 'number' }
  ? number
  : Spec extends { kind: 'optionalNumber' }
    ? number | null
    : Spec extends { kind: 'boolean' }
      ? boolean
      : Spec extends { kind: 'choice'; options: readonly { value: infer Value }[] }
        ? Value
        : string;

/** The values of a table's settings. */
export type ValuesOf<Table> = { readonly [Id in keyof Table]: ValueOf<Table[Id]> };

/**
 * Checks anything (a form, a link, a manifest) and completes it with defaults. What is wrong is a `UserError` with the given code whose
 * `where` is the id of the first setting at fault and whose message begins with its label.
 */
export function settingsParser<const Table extends Readonly<Record<string, SettingSpec>>>(
  table: Table,
  code: string,
): (unknown: unknown) => ValuesOf<Table> {
  const schema = v.strictObject(
    Object.fromEntries(Object.entries(table).map(([id, spec]) => [id, v.optional(schemaOf(spec), spec.default)])),
  );
  return (unknown) => {
    const parsed = v.safeParse(schema, unknown);
    // The schema is built from the table that the type is derived from; valibot cannot follow that.
    if (parsed.success) return parsed.output as ValuesOf<Table>;
    const issue = parsed.issues[0];
    const id = issue.path?.[0]?.key;
    if (typeof id !== 'string') return fail(code, 'Settings must be an object of named values.', { where: 'settings' });
    if (!(id in table)) return fail(code, 'There is no such setting.', { where: id });
    return fail(code, issue.message, { where: id });
  };
}

/** Schema of one setting; its message says what is wanted and what was there. */
function schemaOf(spec: SettingSpec): v.GenericSchema {
  const wanted = (issue: { readonly input: unknown }) =>
    `${spec.label} must be ${describeWanted(spec)}, but is ${show(issue.input)}.`;
  switch (spec.kind) {
    case 'number':
      return numberSchema(spec, wanted);
    case 'optionalNumber':
      return v.nullable(numberSchema(spec, wanted));
    case 'choice':
      return v.picklist(
        spec.options.map((option) => option.value),
        wanted,
      );
    case 'boolean':
      return v.boolean(wanted);
    case 'text':
      return v.pipe(v.string(wanted), v.check(textChecks[spec.format], wanted));
  }
}

type Message = (issue: { readonly input: unknown }) => string;

function numberSchema(spec: NumberSpec | OptionalNumberSpec, wanted: Message) {
  const fits = (value: number) =>
    value >= spec.min && value <= spec.max && (!spec.whole || Number.isSafeInteger(value));
  return v.pipe(v.number(wanted), v.check(fits, wanted));
}

function describeWanted(spec: SettingSpec): string {
  switch (spec.kind) {
    case 'number':
    case 'optionalNumber': {
      const range = `${spec.whole ? 'a whole number' : 'a number'} from ${spec.min} to ${spec.max}`;
      const unit = spec.unit === '' ? '' : ` (${spec.unit})`;
      return `${range}${unit}${spec.kind === 'optionalNumber' ? `, or null for ${spec.nullLabel}` : ''}`;
    }
    case 'choice':
      return spec.options.map((option) => String(option.value)).join(' or ');
    case 'boolean':
      return 'true or false';
    case 'text':
      return textForms[spec.format];
  }
}

function show(value: unknown): string {
  return typeof value === 'string'
    ? `“${value.slice(0, 40)}”`
    : typeof value === 'object'
      ? 'something else'
      : String(value);
}

function isTime(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
}

function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

const textChecks: Readonly<Record<TextSpec['format'], (text: string) => boolean>> = {
  time: isTime,
  zone: isTimeZone,
  day: (text) => text === '' || (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))),
  list: (text) => text.length <= 4000,
};

const textForms: Readonly<Record<TextSpec['format'], string>> = {
  time: 'a time such as 09:30',
  zone: 'an IANA time zone such as America/New_York',
  day: 'a day such as 2024-03-28, or empty',
  list: 'words with commas between them, or empty',
};
