/** Learn: the idea in ten short steps, each a live simulation that comes out the same on every machine, and a question. */

import { createEffect, createMemo, createSignal, For, on, Show } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import { version } from '../../../package.json';
import { ProvenanceProvider } from '../export/provenance.ts';
import { LessonControls } from './LessonControls.tsx';
import { type LessonSetup, type LessonValues, setupOf } from './lesson.ts';
import { lessons } from './lessons/index.ts';
import { QuestionBox } from './QuestionBox.tsx';
import { TeacherBox } from './TeacherBox.tsx';
import '../styles/learn.css';

/** @param props.step id of a step; unknown or absent: the first. @param props.query of the address, see `lesson.ts` */
export function LearnPage(props: { step: string | undefined; query: string }) {
  const index = createMemo(() => {
    const found = lessons.findIndex(({ id }) => id === props.step);
    return found < 0 ? 0 : found;
  });
  const lesson = () => lessons[index()] ?? lessons[0]!;
  const asked = createMemo(() => setupOf(lesson().controls, new URLSearchParams(props.query)));
  /** What was changed since the address asked; of another address it means nothing. */
  const [edits, setEdits] = createSignal<{ of: LessonSetup; values: LessonValues }>({ of: asked(), values: {} });
  const setup = createMemo((): LessonSetup => {
    const [now, { of, values }] = [asked(), edits()];
    return of === now ? { ...now, values: { ...now.values, ...values } } : now;
  });
  const [answered, setAnswered] = createSignal<ReadonlySet<string>>(new Set());
  const current = (): Element | undefined => steps?.querySelectorAll('a')[index()];
  let steps: HTMLElement | undefined;
  let heading: HTMLHeadingElement | undefined;
  // A step that is gone to begins at its heading, for eyes and for screen readers.
  createEffect(on(index, () => heading?.focus(), { defer: true }));
  createEffect(() => current()?.scrollIntoView({ block: 'nearest', inline: 'center' }));

  const value = (id: string): number => setup().values[id] ?? Number.NaN;
  return (
    <div class="learn">
      <nav aria-label="Steps" class="learn-steps" ref={steps}>
        <ol>
          <For each={lessons}>
            {({ id, title }) => (
              <li>
                <a href={`#learn/${id}`} aria-current={id === lesson().id ? 'step' : undefined}>
                  {title}
                  <Show when={answered().has(id)}>
                    <span class="done"> (answered)</span>
                  </Show>
                </a>
              </li>
            )}
          </For>
        </ol>
      </nav>
      <article class="card" aria-labelledby="lesson-title">
        <p class="soft small">
          Step {index() + 1} of {lessons.length}
        </p>
        <h2 id="lesson-title" tabindex="-1" ref={heading}>
          {lesson().title}
        </h2>
        <Show when={props.step !== undefined && props.step !== lesson().id}>
          <p class="note warn">There is no step “{props.step}”; this is the first one.</p>
        </Show>
        <For each={setup().notes}>{(note) => <p class="note warn">{note}</p>}</For>
        <ProvenanceProvider value={() => ({ appVersion: version, lesson: lesson().id, ...setup().values })}>
          <div class="lesson-body">
            <Dynamic component={lesson().Body} value={value} />
          </div>
        </ProvenanceProvider>
        <LessonControls
          controls={lesson().controls}
          setup={setup()}
          onChange={(id, now) => setEdits({ of: asked(), values: { ...setup().values, [id]: now } })}
        />
        <QuestionBox
          question={lesson().question}
          onRight={() => setAnswered((before) => new Set([...before, lesson().id]))}
        />
        <div class="inline lesson-turn">
          <Show when={lessons[index() - 1]}>
            {(before) => <a href={`#learn/${before().id}`}>Back: {before().title}</a>}
          </Show>
          <Show when={lessons[index() + 1]} fallback={<a href="#lab">Go on in the Lab, on your own quotes</a>}>
            {(next) => <a href={`#learn/${next().id}`}>Next: {next().title}</a>}
          </Show>
        </div>
        <TeacherBox lesson={lesson()} values={setup().values} />
      </article>
    </div>
  );
}
