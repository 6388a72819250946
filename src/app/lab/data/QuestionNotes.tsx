/** What files leave open, each question once for all files that ask it, with the ways in which they may be read. */

import { For, Show } from 'solid-js';
import type { FileReport, Question, Reading } from '../../../quotes/types.ts';
import { formatQuantity } from '../../format.ts';
import { useLab } from '../lab.ts';

const MOST_NAMED = 3;

interface Asked {
  readonly question: Question;
  readonly files: readonly string[];
}

export function QuestionNotes(props: { reports: readonly FileReport[] }) {
  const { data, run } = useLab();
  const asked = () => gather(props.reports);
  const blocked = () => run.running() || data.state.busy !== undefined;
  return (
    <For each={asked()}>
      {({ question, files }) => (
        // biome-ignore lint/a11y/useSemanticElements: a legend would stand on the border of the note.
        <div class="note warn stack tight" role="group" aria-label={named(files)}>
          <p role={question.assumed === undefined ? 'alert' : 'status'}>
            <strong>{named(files)}: </strong>
            {question.text}
          </p>
          <div class="inline">
            <For each={question.readings}>
              {(reading, i) => (
                <Show
                  when={i() !== question.assumed || Object.keys(reading.overrides).length > 0}
                  fallback={<span class="soft small">Read as: {reading.label}</span>}
                >
                  <button
                    type="button"
                    disabled={blocked()}
                    onClick={() => void data.answer(answersOf(reading, files))}
                  >
                    {reading.label}
                    {i() === question.assumed ? ' (as read)' : ''}
                  </button>
                </Show>
              )}
            </For>
          </div>
        </div>
      )}
    </For>
  );
}

function answersOf({ overrides, files: own }: Reading, files: readonly string[]) {
  return own ?? Object.fromEntries(files.map((file) => [file, overrides]));
}

function gather(reports: readonly FileReport[]): Asked[] {
  const byText = new Map<string, { question: Question; files: string[] }>();
  for (const { file, questions = [] } of reports) {
    for (const question of questions) {
      const key = `${question.kind} ${question.text}`;
      const known = byText.get(key) ?? { question, files: [] };
      byText.set(key, known);
      if (!known.files.includes(file)) known.files.push(file);
    }
  }
  return [...byText.values()];
}

function named(files: readonly string[]): string {
  const shown = files.slice(0, MOST_NAMED).join(', ');
  return files.length > MOST_NAMED ? `${shown} and ${formatQuantity(files.length - MOST_NAMED, 'more file')}` : shown;
}
