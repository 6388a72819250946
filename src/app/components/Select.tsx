/** A list to choose from. The chosen option is marked itself: a value of the list would be set before there are options. */

import { For } from 'solid-js';
import type { Option } from './Choice.tsx';

export function Select<T extends string | number>(props: {
  options: readonly Option<T>[];
  value: T;
  onChange: (value: T) => void;
  disabled?: boolean;
  id?: string;
  /** Where no label points at it. */
  label?: string;
}) {
  return (
    <select
      id={props.id}
      aria-label={props.label}
      disabled={props.disabled ?? false}
      onChange={(event) => {
        const option = props.options[event.currentTarget.selectedIndex];
        if (option) props.onChange(option.value);
      }}
    >
      <For each={props.options}>
        {({ value, label }) => (
          <option value={value} selected={value === props.value}>
            {label}
          </option>
        )}
      </For>
    </select>
  );
}
