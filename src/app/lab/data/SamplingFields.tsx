/** How quotes become a grid: the resolution, and which hours of the day count. From the settings table, group `data`. */

import { For, Show } from 'solid-js';
import type { Calendar } from '../../../core/types.ts';
import { US_HOURS } from '../../../quotes/time/calendar.ts';
import { calendarWords, knownCalendars } from '../../../quotes/time/inferCalendar.ts';
import { type SettingId, settingSpecs } from '../../../runs/settings.ts';
import { runSettingsTable } from '../../../runs/settingsTable.ts';
import { Choice } from '../../components/Choice.tsx';
import { Field } from '../../components/Field.tsx';
import { Select } from '../../components/Select.tsx';
import { SettingField } from '../../components/SettingField.tsx';
import { useLab } from '../lab.ts';

/** Shown only while `sessionWindow` is on. */
const windowIds: readonly SettingId[] = ['windowStart', 'windowEnd', 'windowTimeZone'];

export function SamplingFields() {
  const { data, settings, run } = useLab();
  const specs = settingSpecs.filter(([, spec]) => spec.group === 'data');
  const shown = () =>
    specs.filter(([id]) => id !== 'stepMs' && (settings.values().sessionWindow || !windowIds.includes(id)));
  const usShares = () =>
    data
      .inUse()
      .series.some(({ calendar }) => calendar.kind === 'exchange' && calendar.timeZone === 'America/New_York');
  return (
    <>
      <Choice
        label={runSettingsTable.stepMs.label}
        options={runSettingsTable.stepMs.presets}
        value={settings.values().stepMs}
        disabled={run.running()}
        onChange={(stepMs) => settings.edit('stepMs', stepMs)}
      />
      <div class="fields">
        <For each={shown()}>{([id, spec]) => <SettingField id={id} spec={spec} disabled={run.running()} />}</For>
      </div>
      <Show when={usShares()}>
        <div class="inline">
          <For each={US_HOURS}>
            {({ name, start, end }) => (
              <button
                type="button"
                disabled={run.running()}
                onClick={() => {
                  settings.edit('sessionWindow', true);
                  settings.edit('windowStart', start);
                  settings.edit('windowEnd', end);
                  settings.edit('windowTimeZone', 'America/New_York');
                }}
              >
                {name}, {start} to {end}
              </button>
            )}
          </For>
        </div>
      </Show>
      <Show when={data.inUse().source === 'files'}>
        <HoursField />
      </Show>
      <Show when={!settings.values().sessionWindow}>
        <p class="soft small">Every quote of the day counts.</p>
      </Show>
    </>
  );
}

/** When the market is open: as the files or their stamps tell, or as a person does. */
function HoursField() {
  const { data, run } = useLab();
  const found = () => data.inUse().health[0];
  const options = () => [
    { value: '', label: 'As the quotes tell' },
    ...calendars.map((calendar, i) => ({ value: String(i), label: calendarWords(calendar) })),
  ];
  const value = () => {
    const { calendar } = data.state;
    return calendar ? String(calendars.findIndex((each) => calendarWords(each) === calendarWords(calendar))) : '';
  };
  return (
    <Field label="Trading hours">
      {(attributes) => (
        <>
          <Select
            {...attributes}
            disabled={run.running() || data.state.busy !== undefined}
            options={options()}
            value={value()}
            onChange={(chosen) => void data.setCalendar(chosen === '' ? undefined : calendars[Number(chosen)])}
          />
          <Show when={found()}>
            {(health) => (
              <p class="soft small">
                {health().symbol}: {calendarWords(health().calendar)}
                {health().calendarInferred ? ', inferred from the stamps. Choose other hours if that is wrong.' : '.'}
              </p>
            )}
          </Show>
        </>
      )}
    </Field>
  );
}

const calendars: readonly Calendar[] = [{ kind: '24/7' }, { kind: 'forex' }, ...knownCalendars];
