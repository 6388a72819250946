/** What a person says of a table's columns, as the form holds it, and what it means for the reader. */

import { createStore } from 'solid-js/store';
import type { ColumnRoles, DayOrder, FileOverrides, TableLook, TimeUnit } from '../../../quotes/types.ts';

/** What a column may be; several may tell instruments apart. */
export type ColumnRole = keyof ColumnRoles | 'split';

export interface MappingForm {
  readonly columns: Readonly<Partial<Record<keyof ColumnRoles, number | undefined>>>;
  readonly split: readonly number[];
  readonly header: boolean;
  /** Empty: as the content tells. */
  readonly delimiter: string;
  readonly timeUnit: TimeUnit | 'auto';
  /** Empty: as the content tells, else UTC. */
  readonly timeZone: string;
  /** Empty: times hold their own day. */
  readonly day: string;
  /** Empty: as the content tells. */
  readonly priceDivisor: string;
  readonly dayOrder: DayOrder | '';
  readonly decimalMark: '.' | ',' | '';
  readonly encoding: string;
  readonly timeOfDay: 'digits' | TimeUnit | '';
  readonly oneSided: boolean;
  /** Empty: from the file's name. */
  readonly symbol: string;
}

export const columnRoles: readonly { readonly role: ColumnRole; readonly label: string }[] = [
  { role: 'time', label: 'Time' },
  { role: 'date', label: 'Day' },
  { role: 'bid', label: 'Bid' },
  { role: 'ask', label: 'Ask' },
  { role: 'bidSize', label: 'Bid size' },
  { role: 'askSize', label: 'Ask size' },
  { role: 'symbol', label: 'Symbol' },
  { role: 'split', label: 'Tells instruments apart' },
  { role: 'subsecond', label: 'Fraction of the time' },
  { role: 'offset', label: 'Hours ahead of UTC' },
  { role: 'side', label: 'Side' },
  { role: 'price', label: 'Price of the side' },
  { role: 'size', label: 'Size of the side' },
  { role: 'action', label: 'What happens to an order' },
  { role: 'order', label: 'Order' },
  { role: 'sequence', label: 'Sequence number' },
];

/** The form begins with what was set before, else with the guess. */
export function createMappingForm(look: TableLook, before: FileOverrides) {
  const { mapping, timeUnit = 'auto', timeZone = '', symbol = '' } = before;
  const { dayOrder = '', decimalMark = '', encoding = '', timeOfDay = '' } = before;
  const [form, setForm] = createStore<MappingForm>({
    columns: { ...(mapping?.columns ?? look.guess) },
    header: mapping?.header ?? look.header,
    delimiter: mapping?.delimiter ?? '',
    timeUnit,
    timeZone,
    day: mapping?.day ?? '',
    split: mapping?.split ?? look.split ?? [],
    priceDivisor: String(mapping?.priceDivisor ?? before.priceDivisor ?? ''),
    ...{ dayOrder, decimalMark, encoding, timeOfDay },
    oneSided: mapping?.oneSided ?? false,
    symbol,
  });
  return {
    form,
    set: (changed: Partial<MappingForm>): void => setForm(changed),
    roleOf: (column: number): ColumnRole | undefined =>
      form.split.includes(column)
        ? 'split'
        : columnRoles.find(({ role }) => role !== 'split' && form.columns[role] === column)?.role,
    /** A role is one column's: the one that had it before loses it, and a column has one role. */
    setRole: (column: number, role: ColumnRole | undefined): void => {
      const kept = Object.entries(form.columns).filter(([name, at]) => name !== role && at !== column);
      // The column's former role goes: the store keeps an object's fields unless the object is another.
      const split = form.split.filter((at) => at !== column);
      setForm({
        columns: { ...Object.fromEntries(kept), ...(role && role !== 'split' && { [role]: column }) },
        split: role === 'split' ? [...split, column] : split,
      });
    },
  };
}

/** The divisor that is typed, 0 where none is; undefined where it is no divisor. */
export function divisorOf({ priceDivisor }: MappingForm): number | undefined {
  if (priceDivisor.trim() === '') return 0;
  const value = Number(priceDivisor.trim().replace(',', '.'));
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

/** The settings the form stands for. */
export function overridesOf(form: MappingForm): FileOverrides {
  const columns = Object.fromEntries(Object.entries(form.columns).filter(([, at]) => at !== undefined));
  const divisor = divisorOf(form) ?? 0;
  const symbol = form.symbol.trim();
  const timeZone = form.timeZone.trim();
  return {
    mapping: {
      columns,
      header: form.header,
      ...(form.delimiter !== '' && { delimiter: form.delimiter }),
      ...(form.day !== '' && { day: form.day }),
      ...(form.split.length > 0 && { split: [...form.split] }),
      ...(divisor > 0 && { priceDivisor: divisor }),
      ...(form.oneSided && { oneSided: true }),
    },
    ...(form.timeUnit !== 'auto' && { timeUnit: form.timeUnit }),
    ...(timeZone !== '' && { timeZone }),
    ...(form.dayOrder !== '' && { dayOrder: form.dayOrder }),
    ...(form.decimalMark !== '' && { decimalMark: form.decimalMark }),
    ...(form.encoding !== '' && { encoding: form.encoding }),
    ...(form.timeOfDay !== '' && { timeOfDay: form.timeOfDay }),
    ...(symbol !== '' && { symbol }),
  };
}
