/** One setting as a form field, drawn from its row in the settings table. */

import { createUniqueId, For, Match, Show, Switch } from 'solid-js';
import type { ChoiceSpec, NumberSpec, OptionalNumberSpec, SettingSpec, TextSpec } from '../../core/settingSpecs.ts';
import { useLab } from '../lab/lab.ts';
import type { FieldValue, SettingsForm } from '../lab/settings/settings.ts';
import { Help } from './Help.tsx';

export function SettingField(props: {
  id: string;
  spec: SettingSpec;
  disabled?: boolean;
  /** The form it belongs to; absent: the study's. */
  form?: SettingsForm;
}) {
  const lab = useLab();
  // Ids are those of the rows the form was made of; a form's own type knows them.
  const settings = props.form ?? (lab.settings as SettingsForm);
  const plan = () => (props.form ? undefined : lab.plan());
  const inputId = createUniqueId();
  const problemId = createUniqueId();
  const presetsId = createUniqueId();
  // What only the data can tell (a latency beyond the session) is said where it is typed, too.
  const problem = () =>
    settings.problems()[props.id] ?? plan()?.problems.find(({ where }) => where === props.id)?.message;
  const common = () => ({
    id: inputId,
    disabled: props.disabled ?? false,
    'aria-invalid': problem() !== undefined,
    'aria-describedby': problem() === undefined ? undefined : problemId,
  });
  const edit = (value: FieldValue): void => settings.edit(props.id, value);
  const shown = (): string => String(settings.field(props.id) ?? '');

  return (
    <div class="field" classList={{ changed: !settings.isDefault(props.id) }}>
      <div class="field-head">
        <Show when={isBoolean(props.spec)}>
          <input
            {...common()}
            type="checkbox"
            checked={settings.field(props.id) === true}
            onChange={(event) => edit(event.currentTarget.checked)}
          />
        </Show>
        <label for={inputId}>{props.spec.label}</label>
        <Help about={props.spec.label} text={props.spec.help} />
      </div>
      <Switch>
        <Match when={asChoice(props.spec)}>
          {(spec) => (
            <select
              {...common()}
              onChange={(event) => edit(spec().options[event.currentTarget.selectedIndex]?.value ?? '')}
            >
              <For each={spec().options}>
                {/* A value of the select itself would be set before there are options to choose from. */}
                {(option) => (
                  <option value={String(option.value)} selected={String(option.value) === shown()}>
                    {option.label}
                  </option>
                )}
              </For>
            </select>
          )}
        </Match>
        <Match when={asNumber(props.spec)}>
          {(spec) => (
            <div class="with-unit">
              <input
                {...common()}
                type="text"
                inputmode={spec().whole ? 'numeric' : 'decimal'}
                autocomplete="off"
                list={presetsOf(spec()).length > 0 ? presetsId : undefined}
                placeholder={spec().kind === 'optionalNumber' ? (spec() as OptionalNumberSpec).nullLabel : ''}
                value={shown()}
                onInput={(event) => edit(event.currentTarget.value)}
              />
              <Show when={presetsOf(spec()).length > 0}>
                <datalist id={presetsId}>
                  <For each={presetsOf(spec())}>{(preset) => <option value={preset.value}>{preset.label}</option>}</For>
                </datalist>
              </Show>
              <Show when={spec().unit}>
                <span class="unit">{spec().unit}</span>
              </Show>
            </div>
          )}
        </Match>
        <Match when={asText(props.spec)}>
          {(spec) => (
            <input
              {...common()}
              type={inputTypes[spec().format]}
              autocomplete="off"
              spellcheck={false}
              value={shown()}
              onInput={(event) => edit(event.currentTarget.value)}
            />
          )}
        </Match>
      </Switch>
      <Show when={problem()}>
        {(text) => (
          <p id={problemId} class="bad-text small" role="alert">
            {text()}
          </p>
        )}
      </Show>
    </div>
  );
}

const inputTypes: Readonly<Record<TextSpec['format'], string>> = {
  time: 'time',
  zone: 'text',
  day: 'date',
  list: 'text',
};
const isBoolean = (spec: SettingSpec): boolean => spec.kind === 'boolean';
const asChoice = (spec: SettingSpec): ChoiceSpec | false => spec.kind === 'choice' && spec;
const asText = (spec: SettingSpec): TextSpec | false => spec.kind === 'text' && spec;
const asNumber = (spec: SettingSpec): NumberSpec | OptionalNumberSpec | false =>
  (spec.kind === 'number' || spec.kind === 'optionalNumber') && spec;
const presetsOf = (spec: NumberSpec | OptionalNumberSpec): NonNullable<NumberSpec['presets']> =>
  spec.kind === 'number' ? (spec.presets ?? []) : [];
