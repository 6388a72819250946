/** One of a few options, all visible: a radio group drawn as a row of buttons. */

import { createUniqueId, For } from 'solid-js';

export interface Option<T> {
  readonly value: T;
  readonly label: string;
}

export function Choice<T extends string | number>(props: {
  label: string;
  options: readonly Option<T>[];
  value: T;
  disabled?: boolean;
  onChange: (value: T) => void;
}) {
  const name = createUniqueId();
  return (
    <fieldset class="choice" disabled={props.disabled ?? false}>
      <legend>{props.label}</legend>
      <div class="choice-row">
        <For each={props.options}>
          {(option) => (
            <label>
              <input
                type="radio"
                name={name}
                checked={option.value === props.value}
                onChange={() => props.onChange(option.value)}
              />
              <span>{option.label}</span>
            </label>
          )}
        </For>
      </div>
    </fieldset>
  );
}
