/** Fine-tuning of the model in use on the quotes in use: settings, what it will take, progress, and what came of it. */

import { createSignal, For, lazy, Show } from 'solid-js';
import type { SettingSpec } from '../../../core/settingSpecs.ts';
import { factsOf } from '../../../models/familyFacts.ts';
import {
  baselineOf,
  type FineTuneSettingId,
  type FineTuneSettings,
  fineTuneSpecs,
  trainsAfresh,
} from '../../../training/fineTuning/settings.ts';
import type { FineTuneGroup } from '../../../training/fineTuning/settingsTable.ts';
import { lossesOf } from '../../../training/objectives/familyLosses.ts';
import type { EngineId } from '../../../training/trainer.ts';
import { Choice } from '../../components/Choice.tsx';
import { Part } from '../../components/Part.tsx';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { SettingField } from '../../components/SettingField.tsx';
import { useLab } from '../lab.ts';
import type { SettingsForm } from '../settings/settings.ts';
import { FamilyBox } from './FamilyBox.tsx';
import { FineTunePlanNote } from './FineTunePlanNote.tsx';

const LossChart = lazy(async () => ({ default: (await import('../../charts/LossChart.tsx')).LossChart }));
const FineTuneResult = lazy(async () => ({ default: (await import('./FineTuneResult.tsx')).FineTuneResult }));

const groups: readonly { id: FineTuneGroup; title: string }[] = [
  { id: 'start', title: 'Start' },
  { id: 'run', title: 'Run' },
  { id: 'data', title: 'Quotes' },
  { id: 'what', title: 'Weights' },
  { id: 'objective', title: 'Loss' },
  { id: 'optimiser', title: 'Optimiser' },
];

const engines: readonly { value: 'auto' | EngineId; label: string }[] = [
  { value: 'auto', label: 'The faster' },
  { value: 'graph', label: 'Training graph' },
  { value: 'tensorflow', label: 'TensorFlow.js' },
];

/** Settings that mean something only beside others. */
const shownWith: Partial<Record<FineTuneSettingId, (settings: FineTuneSettings) => boolean>> = {
  contextTicks: (settings) => baselineOf(settings) !== undefined,
  targetTicks: (settings) => baselineOf(settings) !== undefined,
  hiddenWidth: (settings) => baselineOf(settings) !== undefined,
  layers: ({ start }) => factsOf(start)?.fresh?.stacked === true,
  trainable: (settings) => !trainsAfresh(settings),
  huberDelta: ({ loss }) => loss === 'huber',
  quantileLevel: ({ loss }) => loss === 'quantile',
  lastBlocks: ({ trainable, start }) => trainable === 'blocks' && start === 'checkpoint',
  loraRank: ({ trainable, start }) => trainable === 'lora' && start === 'checkpoint',
  loraAlpha: ({ trainable, start }) => trainable === 'lora' && start === 'checkpoint',
};

export function FineTuneBox(props: { disabled: boolean }) {
  const { tuning, model } = useLab();
  const { state, form } = tuning;
  /** Its many fields are made when they are first looked for. */
  const [opened, setOpened] = createSignal(false);
  const disabled = () => props.disabled || tuning.busy();
  const specsOf = (group: FineTuneGroup) =>
    fineTuneSpecs.filter(([id, spec]) => spec.group === group && (shownWith[id]?.(form.values()) ?? true));
  /** Only the losses that the family of what is trained has. */
  const offered = (id: FineTuneSettingId, spec: SettingSpec): SettingSpec => {
    const family = baselineOf(form.values()) ?? model.state.loaded?.card.family;
    if (id !== 'loss' || spec.kind !== 'choice' || !family) return spec;
    const losses: readonly (string | number)[] = lossesOf(family);
    return { ...spec, options: spec.options.filter(({ value }) => losses.includes(value)) };
  };
  const progress = () => {
    const { step = 0, steps = form.values().steps, posterior } = state.progress ?? {};
    if (posterior && state.status === 'running') return { stage: 'Finding the posterior', ...posterior };
    const training = state.turn ? `Training ${state.turn.at} of ${state.turn.of}` : 'Training';
    const stage = state.status === 'measuring' ? 'Measuring both engines' : training;
    return { stage: state.status === 'stopping' ? 'Stopping' : stage, done: step, total: steps, unit: 'steps' };
  };

  return (
    <details
      id="fine-tune"
      onToggle={({ currentTarget }) => {
        tuning.setOpen(currentTarget.open);
        if (currentTarget.open) setOpened(true);
      }}
    >
      <summary>Fine-tune on these quotes, or train a new baseline</summary>
      <Show when={opened()}>
        <div class="stack">
          <p class="soft">
            The model in use learns more, or one of the paper’s baselines is trained from nothing. The earliest sessions
            train it, the next ones say when to stop, and only what comes after is left for studies with it.
          </p>
          <For each={groups}>
            {(group) => (
              <fieldset class="group">
                <legend>
                  <h3>{group.title}</h3>
                </legend>
                <div class="fields">
                  <For each={specsOf(group.id)}>
                    {([id, spec]) => (
                      <SettingField
                        id={id}
                        spec={offered(id, spec)}
                        disabled={disabled()}
                        // Its ids are those of the table's rows.
                        form={form as SettingsForm}
                      />
                    )}
                  </For>
                </div>
              </fieldset>
            )}
          </For>
          <Choice
            label="Engine"
            options={engines}
            value={state.engine}
            disabled={disabled()}
            onChange={tuning.chooseEngine}
          />
          <FineTunePlanNote />
          <div class="inline">
            <Show
              when={tuning.busy()}
              fallback={
                <>
                  <button
                    type="button"
                    class="primary"
                    disabled={props.disabled || !tuning.canStart()}
                    onClick={() => void tuning.start()}
                  >
                    {state.outline?.savedStep ? `Resume from step ${state.outline.savedStep}` : 'Start training'}
                  </button>
                  <Show when={state.outline?.savedStep}>
                    <button type="button" onClick={() => void tuning.forget()}>
                      Discard what was trained
                    </button>
                  </Show>
                  <Show when={!state.measured}>
                    <button
                      type="button"
                      disabled={props.disabled || !tuning.canStart()}
                      onClick={() => void tuning.measure()}
                    >
                      Measure the time
                    </button>
                  </Show>
                </>
              }
            >
              <button type="button" disabled={state.status === 'stopping'} onClick={() => tuning.cancel()}>
                Cancel training
              </button>
            </Show>
          </div>
          <Show when={tuning.busy()}>
            <ProgressBar progress={progress()} secondsLeft={state.secondsLeft} />
          </Show>
          <Show when={state.problem}>{(problem) => <ProblemNote problem={problem()} />}</Show>
          <Show when={state.status === 'cancelled'}>
            <p role="status">Training cancelled. What was trained is kept on this device and can be resumed.</p>
          </Show>
          <Show when={state.progress?.storageProblem}>{(problem) => <ProblemNote problem={problem()} />}</Show>
          <Show when={state.progress}>
            {(now) => (
              <Part name="Losses">
                <LossChart losses={now().losses} validations={now().validations} steps={now().steps} />
              </Part>
            )}
          </Show>
          <Show when={state.answer}>
            {(answer) => (
              <Part name="Fine-tuning">
                <FineTuneResult answer={answer()} disabled={disabled()} />
              </Part>
            )}
          </Show>
          <FamilyBox disabled={disabled()} />
        </div>
      </Show>
    </details>
  );
}
