/** Makes a link to a step as it stands, with chosen settings fixed or hidden for whoever opens it. */

import { createSignal, createUniqueId, For, Show } from 'solid-js';
import { Fold } from '../components/Fold.tsx';
import { type Lesson, type LessonValues, queryOf } from './lesson.ts';

type Treatment = 'free' | 'fix' | 'hide';

export function TeacherBox(props: { lesson: Lesson; values: LessonValues }) {
  const [treatments, setTreatments] = createSignal<Readonly<Record<string, Treatment>>>({});
  const [copied, setCopied] = createSignal(false);
  const field = createUniqueId();
  const having = (treatment: Treatment) =>
    new Set(props.lesson.controls.map(({ id }) => id).filter((id) => treatments()[id] === treatment));
  const link = (): string => {
    const { lesson, values } = props;
    const query = queryOf(lesson.controls, { values, fixed: having('fix'), hidden: having('hide') });
    return `${location.href.replace(/#.*$/, '')}#learn/${lesson.id}${query && `?${query}`}`;
  };
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(link());
    setCopied(true);
  };
  return (
    <Fold title="For teachers: a link to this step" testId="teacher">
      <div class="lesson-controls">
        <For each={props.lesson.controls}>
          {(control) => (
            <label class="inline">
              {control.label}
              <select
                onChange={(event) => {
                  setCopied(false);
                  const treatment = (['free', 'fix', 'hide'] as const)[event.currentTarget.selectedIndex] ?? 'free';
                  setTreatments((before) => ({ ...before, [control.id]: treatment }));
                }}
              >
                <option>can be changed</option>
                <option>is fixed</option>
                <option>is hidden</option>
              </select>
            </label>
          )}
        </For>
      </div>
      <div class="field">
        <label class="small" for={field}>
          Link
        </label>
        <input id={field} type="text" readOnly value={link()} onFocus={(event) => event.currentTarget.select()} />
      </div>
      <div class="inline">
        <button type="button" onClick={() => void copy()}>
          Copy link
        </button>
        <span role="status">
          <Show when={copied()}>Copied.</Show>
        </span>
      </div>
    </Fold>
  );
}
