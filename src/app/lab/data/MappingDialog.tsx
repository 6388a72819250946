/** Asks what the columns of a table are: its first rows with a guess, and what quotes would come of it as one goes. */

import { createEffect, createResource, createSignal, For, on, Show } from 'solid-js';
import { encodings } from '../../../quotes/bytes/encodings.ts';
import type { FileReport, TableLook, TimeUnit } from '../../../quotes/types.ts';
import type { Option } from '../../components/Choice.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { Field } from '../../components/Field.tsx';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { Select } from '../../components/Select.tsx';
import { formatInstant, formatPrice } from '../../format.ts';
import { useLab } from '../lab.ts';
import { type ColumnRole, columnRoles, createMappingForm, divisorOf, overridesOf } from './mappingForm.ts';

const delimiters = [
  { value: '', label: 'as the content tells' },
  { value: ',', label: 'commas' },
  { value: ';', label: 'semicolons' },
  { value: '\t', label: 'tabs' },
  { value: '|', label: 'bars |' },
  { value: ' ', label: 'spaces' },
];
const units: readonly { value: TimeUnit | 'auto'; label: string }[] = [
  { value: 'auto', label: 'as the content tells' },
  { value: 's', label: 'seconds' },
  { value: 'ms', label: 'milliseconds' },
  { value: 'us', label: 'microseconds' },
  { value: 'ns', label: 'nanoseconds' },
];
const dayOrders = [
  { value: '', label: 'as the dates tell' },
  { value: 'dayFirst', label: 'day first (04/11 is 4 November)' },
  { value: 'monthFirst', label: 'month first (04/11 is April 11)' },
] as const;
const decimalMarks = [
  { value: '', label: 'as the numbers tell' },
  { value: '.', label: 'a point (1,234.5)' },
  { value: ',', label: 'a comma (1.234,5)' },
] as const;
const encodingOptions = [
  { value: '', label: 'as the content tells' },
  ...encodings.map((value) => ({ value, label: value })),
];
const timesOfDay = [
  { value: '', label: 'as the numbers tell' },
  { value: 'digits', label: 'hours, minutes, seconds in digits (93000500)' },
  { value: 's', label: 'seconds since midnight' },
  { value: 'ms', label: 'milliseconds since midnight' },
  { value: 'us', label: 'microseconds since midnight' },
  { value: 'ns', label: 'nanoseconds since midnight' },
] as const;
const zones = [
  'UTC',
  'America/New_York',
  'America/Chicago',
  'Europe/London',
  'Europe/Berlin',
  'Asia/Tokyo',
  'Asia/Hong_Kong',
  'Asia/Shanghai',
  'Asia/Taipei',
  'Europe/Athens',
];

export function MappingDialog(props: { report: FileReport; look: TableLook; onClose: () => void }) {
  const { data } = useLab();
  const { file, member } = props.report;
  const { form, set, roleOf, setRole } = createMappingForm(props.look, data.overridesOf(file));
  const [remember, setRemember] = createSignal(true);
  const settings = () => overridesOf(form);
  const [trial] = createResource(settings, (given) => data.tryReading(file, member, given));
  const tried = () => trial.latest;
  const look = () => tried()?.look ?? props.look;
  // Cut at another delimiter, the table has other columns: the guess is made anew.
  createEffect(
    on(
      () => [tried()?.look?.shape, look().kinds.length] as const,
      ([, now], before) => {
        if (!before || now === before[1]) return;
        for (const { role } of columnRoles) {
          if (role === 'split') continue;
          const at = look().guess[role];
          if (at !== undefined) setRole(at, role);
        }
      },
    ),
  );
  const divisorProblem = () => (divisorOf(form) === undefined ? 'A number above 0.' : undefined);
  const use = (): void => {
    props.onClose();
    void data.mapFile(file, settings(), remember() ? props.look.shape : undefined);
  };

  return (
    <Dialog title={`The columns of ${member ?? file}`} onClose={props.onClose}>
      <div class="stack">
        <p class="soft small">
          Say what each column holds. Below the table you see which quotes come of it; the file itself is not changed.
        </p>
        <ColumnTable look={look()} header={form.header} roleOf={roleOf} setRole={setRole} />
        <div class="fields">
          <Field label="Separated by">
            {({ id }) => (
              <Select
                id={id}
                options={delimiters}
                value={form.delimiter}
                onChange={(delimiter) => set({ delimiter })}
              />
            )}
          </Field>
          <Field label="Times that are numbers count">
            {({ id }) => (
              <Select id={id} options={units} value={form.timeUnit} onChange={(timeUnit) => set({ timeUnit })} />
            )}
          </Field>
          <Field label="Day, for times since midnight">
            {(attributes) => (
              <input
                {...attributes}
                type="date"
                value={form.day}
                onInput={(event) => set({ day: event.currentTarget.value })}
              />
            )}
          </Field>
          <Field label="Numbers for times of day">
            {({ id }) => (
              <Select
                id={id}
                options={timesOfDay}
                value={form.timeOfDay}
                onChange={(timeOfDay) => set({ timeOfDay })}
              />
            )}
          </Field>
          <Field label="Order of dates">
            {({ id }) => (
              <Select id={id} options={dayOrders} value={form.dayOrder} onChange={(dayOrder) => set({ dayOrder })} />
            )}
          </Field>
          <Field label="Before decimals stands">
            {({ id }) => (
              <Select
                id={id}
                options={decimalMarks}
                value={form.decimalMark}
                onChange={(decimalMark) => set({ decimalMark })}
              />
            )}
          </Field>
          <Field label="Encoding of the text">
            {({ id }) => (
              <Select
                id={id}
                options={encodingOptions}
                value={form.encoding}
                onChange={(encoding) => set({ encoding })}
              />
            )}
          </Field>
          <Field label="Time zone">
            {(attributes) => (
              <>
                <input
                  {...attributes}
                  type="text"
                  list="mapping-zones"
                  placeholder="UTC"
                  spellcheck={false}
                  value={form.timeZone}
                  onInput={(event) => set({ timeZone: event.currentTarget.value })}
                />
                <datalist id="mapping-zones">
                  <For each={zones}>{(zone) => <option value={zone} />}</For>
                </datalist>
              </>
            )}
          </Field>
          <Field label="Divide prices by" problem={divisorProblem()}>
            {(attributes) => (
              <input
                {...attributes}
                type="text"
                inputmode="decimal"
                placeholder="as the content tells"
                value={form.priceDivisor}
                onInput={(event) => set({ priceDivisor: event.currentTarget.value })}
              />
            )}
          </Field>
          <Field label="Symbol">
            {(attributes) => (
              <input
                {...attributes}
                type="text"
                placeholder="from a column or the file’s name"
                spellcheck={false}
                value={form.symbol}
                onInput={(event) => set({ symbol: event.currentTarget.value })}
              />
            )}
          </Field>
        </div>
        <div class="inline">
          <label>
            <input
              type="checkbox"
              checked={form.header}
              onChange={(event) => set({ header: event.currentTarget.checked })}
            />
            The first line names the columns
          </label>
          <label>
            <input
              type="checkbox"
              checked={form.oneSided}
              onChange={(event) => set({ oneSided: event.currentTarget.checked })}
            />
            A row tells of one side only: blank or 0 leaves the other as it was
          </label>
        </div>
        <section class="stack tight" aria-label="What comes of it" aria-live="polite">
          <Show when={tried()?.problem}>{(problem) => <ProblemNote problem={problem()} />}</Show>
          <Show when={!tried()?.problem && tried()?.preview}>
            {(preview) => (
              <>
                <p class="small">
                  {preview().symbols.slice(0, 5).join(', ')}
                  {preview().symbols.length > 5 ? ' …' : ''} · stamps: {preview().timeUnit}, {preview().timeZone}
                </p>
                <Show
                  when={preview().quotes.length > 0}
                  fallback={<p class="soft small">Half of a pair: it waits for the file with the other side.</p>}
                >
                  <table class="compact">
                    <thead>
                      <tr>
                        <th scope="col">UTC</th>
                        <th scope="col">Bid</th>
                        <th scope="col">Ask</th>
                      </tr>
                    </thead>
                    <tbody>
                      <For each={preview().quotes.slice(0, 3)}>
                        {({ timeMs, bid, ask }) => (
                          <tr>
                            <td>{formatInstant(timeMs, 'UTC')}</td>
                            <td>{formatPrice(bid)}</td>
                            <td>{formatPrice(ask)}</td>
                          </tr>
                        )}
                      </For>
                    </tbody>
                  </table>
                </Show>
              </>
            )}
          </Show>
        </section>
        <div class="inline">
          <button
            type="button"
            class="primary"
            disabled={tried()?.preview === undefined || divisorProblem() !== undefined}
            onClick={use}
          >
            Use these columns
          </button>
          <label class="small">
            <input
              type="checkbox"
              checked={remember()}
              onChange={(event) => setRemember(event.currentTarget.checked)}
            />
            Remember for files of this layout
          </label>
        </div>
      </div>
    </Dialog>
  );
}

const roleOptions: readonly Option<ColumnRole | 'none'>[] = [
  { value: 'none', label: '–' },
  ...columnRoles.map(({ role, label }) => ({ value: role, label })),
];

/** The first rows under a choice for each column. */
function ColumnTable(props: {
  look: TableLook;
  header: boolean;
  roleOf: (column: number) => ColumnRole | undefined;
  setRole: (column: number, role: ColumnRole | undefined) => void;
}) {
  const columns = () => [...props.look.kinds.keys()];
  const nameOf = (column: number) =>
    props.header ? (props.look.rows[0]?.[column] ?? `column ${column + 1}`) : `column ${column + 1}`;
  return (
    <section class="scroll" aria-label="First rows of the table" tabindex="0">
      <table class="compact">
        <thead>
          <tr>
            <For each={columns()}>
              {(column) => (
                <th scope="col">
                  <Select
                    label={`What ${nameOf(column)} holds`}
                    options={roleOptions}
                    value={props.roleOf(column) ?? 'none'}
                    onChange={(role) => props.setRole(column, role === 'none' ? undefined : role)}
                  />
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={props.look.rows}>
            {(row, index) => (
              <tr classList={{ soft: props.header && index() === 0 }}>
                <For each={columns()}>{(column) => <td>{row[column] ?? ''}</td>}</For>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </section>
  );
}
