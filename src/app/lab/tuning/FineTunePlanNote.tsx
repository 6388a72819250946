/** What a fine-tuning would be and take, before it starts. */

import { For, Show } from 'solid-js';
import type { FineTunePlan } from '../../../training/fineTuning/prepare.ts';
import type { EngineId } from '../../../training/trainer.ts';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { formatBytes, formatCount, formatDuration, formatInstant, formatQuantity, formatShort } from '../../format.ts';
import { useLab } from '../lab.ts';

const engineNames: Readonly<Record<EngineId, string>> = { graph: 'The training graph', tensorflow: 'TensorFlow.js' };

export function FineTunePlanNote() {
  const { tuning } = useLab();
  const { state } = tuning;
  return (
    <>
      <Show when={state.obstacle}>{(problem) => <ProblemNote problem={problem()} />}</Show>
      <Show when={state.outline}>
        {(outline) => (
          <p data-testid="tuning-plan">
            {trains(outline().plan)} The ranges: training to {instant(outline().plan.trainingEndMs)}, validation from{' '}
            {instant(outline().plan.validationStartMs)}, studies from {instant(outline().plan.backtestStartMs)} (UTC).
          </p>
        )}
      </Show>
      <Show when={state.measured}>
        {(measured) => (
          <ul class="soft small" data-testid="tuning-speed">
            <For each={['graph', 'tensorflow'] as const}>
              {(engine) => {
                const one = measured()[engine];
                if ('problem' in one) {
                  return (
                    <li>
                      {engineNames[engine]} cannot be used here: {one.problem.message}
                    </li>
                  );
                }
                const seconds = one.secondsPerStep * tuning.form.values().steps;
                return (
                  <li>
                    {engineNames[engine]} ({one.device}): {formatShort(1000 * one.secondsPerStep)} ms a step, about{' '}
                    {formatDuration(seconds)} in all{tuning.engineInUse() === engine ? '; this one is used' : ''}.
                    <Show when={one.fallbackReason}>{(reason) => <> Not on WebGPU: {reason()}</>}</Show>
                  </li>
                );
              }}
            </For>
          </ul>
        )}
      </Show>
    </>
  );
}

function trains(plan: FineTunePlan): string {
  const part =
    plan.trainedParameters === plan.parameters ? 'all' : `${formatCount(plan.trainedParameters)} new or chosen`;
  return (
    `Trains ${part} of ${formatQuantity(plan.parameters, 'parameter')} on ` +
    `${formatQuantity(plan.trainingWindows, 'window')}, looks at ${formatQuantity(plan.validationWindows, 'window')} ` +
    `of a later time, and takes up to ${formatBytes(plan.memoryBytes)} of memory.`
  );
}

function instant(timeMs: number): string {
  return formatInstant(timeMs, 'UTC');
}
