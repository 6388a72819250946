/** What a person says of a table's columns, as the form holds it, and what it means for the reader. */

import { createStore } from 'solid-js/store';
import type { ColumnRoles, FileOverrides, TableLook, TimeUnit } from '../../../quotes/types.ts';

export type ColumnRole = keyof ColumnRoles;

export interface MappingForm {
  readonly columns: Readonly<Partial<Record<ColumnRole, number | undefined>>>;
  readonly header: boolean;
  /** Empty: as the content tells. */
  readonly delimiter: string;
  readonly timeUnit: TimeUnit | 'auto';
  /** Empty: as the content tells, else UTC. */
  readonly timeZone: string;
  /** Empty: times hold their own day. */
  readonly day: string;
  readonly priceDivisor: string;
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
];

/** The form begins with what was set before, else with the guess. */
export function createMappingForm(look: TableLook, before: FileOverrides) {
  const { mapping, timeUnit = 'auto', timeZone = '', symbol = '' } = before;
  const [form, setForm] = createStore<MappingForm>({
    columns: { ...(mapping?.columns ?? look.guess) },
    header: mapping?.header ?? look.header,
    delimiter: mapping?.delimiter ?? '',
    timeUnit,
    timeZone,
    day: mapping?.day ?? '',
    priceDivisor: String(mapping?.priceDivisor ?? 1),
    oneSided: mapping?.oneSided ?? false,
    symbol,
  });
  return {
    form,
    set: (changed: Partial<MappingForm>): void => setForm(changed),
    roleOf: (column: number): ColumnRole | undefined =>
      columnRoles.find(({ role }) => form.columns[role] === column)?.role,
    /** A role is one column's: the one that had it before loses it, and a column has one role. */
    setRole: (column: number, role: ColumnRole | undefined): void => {
      const kept = Object.entries(form.columns).filter(([name, at]) => name !== role && at !== column);
      // The column's former role goes: the store keeps an object's fields unless the object is another.
      setForm({ columns: { ...Object.fromEntries(kept), ...(role && { [role]: column }) } });
    },
  };
}

/** The divisor that is typed, if it is one. */
export function divisorOf({ priceDivisor }: MappingForm): number | undefined {
  const value = Number(priceDivisor.trim().replace(',', '.'));
  return priceDivisor.trim() !== '' && Number.isFinite(value) && value > 0 ? value : undefined;
}

/** The settings the form stands for. */
export function overridesOf(form: MappingForm): FileOverrides {
  const columns = Object.fromEntries(Object.entries(form.columns).filter(([, at]) => at !== undefined));
  const divisor = divisorOf(form) ?? 1;
  const symbol = form.symbol.trim();
  const timeZone = form.timeZone.trim();
  return {
    mapping: {
      columns,
      header: form.header,
      ...(form.delimiter !== '' && { delimiter: form.delimiter }),
      ...(form.day !== '' && { day: form.day }),
      ...(divisor !== 1 && { priceDivisor: divisor }),
      ...(form.oneSided && { oneSided: true }),
    },
    ...(form.timeUnit !== 'auto' && { timeUnit: form.timeUnit }),
    ...(timeZone !== '' && { timeZone }),
    ...(symbol !== '' && { symbol }),
  };
}
