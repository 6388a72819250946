/** Sliders of a step, and the seed as a button that draws anew. */

import { createUniqueId, For, Show } from 'solid-js';
import { formatShort } from '../format.ts';
import type { LessonControl, LessonSetup } from './lesson.ts';

export function LessonControls(props: {
  controls: readonly LessonControl[];
  setup: LessonSetup;
  onChange: (id: string, value: number) => void;
}) {
  return (
    <div class="lesson-controls">
      <For each={props.controls.filter(({ id }) => !props.setup.hidden.has(id))}>
        {(control) => {
          const id = createUniqueId();
          const value = () => props.setup.values[control.id] ?? control.start;
          const fixed = () => props.setup.fixed.has(control.id);
          return (
            <Show
              when={control.id !== 'seed'}
              fallback={
                <button
                  type="button"
                  disabled={fixed()}
                  onClick={() => props.onChange('seed', (value() % control.max) + 1)}
                >
                  Draw anew (draw {value()})
                </button>
              }
            >
              <div class="slider">
                <label for={id}>{control.label}</label>
                <output for={id}>
                  {formatShort(value())} {control.unit}
                </output>
                <input
                  id={id}
                  type="range"
                  min={control.min}
                  max={control.max}
                  step={control.step}
                  value={value()}
                  disabled={fixed()}
                  aria-valuetext={`${formatShort(value())} ${control.unit}`}
                  onInput={(event) => props.onChange(control.id, Number(event.currentTarget.value))}
                />
              </div>
            </Show>
          );
        }}
      </For>
    </div>
  );
}
