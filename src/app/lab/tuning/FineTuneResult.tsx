/** What a fine-tuning gave: better or worse than before on later quotes, and what can be done with the tuned model. */

import { createSignal, Show } from 'solid-js';
import { unwrap } from 'solid-js/store';
import type { FineTuneAnswer } from '../../../../workers/training/client.ts';
import { toProblem, type UserProblem } from '../../../core/errors.ts';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { TableBox } from '../../components/TableBox.tsx';
import { saveAs } from '../../export/download.ts';
import { formatCount, formatFixed3, formatQuantity, formatShort } from '../../format.ts';
import { useLab } from '../lab.ts';

const endings: Readonly<Record<FineTuneAnswer['ended'], string>> = {
  'all steps': 'All steps were taken',
  early: 'Stopped early, because the validation range got no better',
  'not finite': 'Stopped at a loss that is no number',
};

export function FineTuneResult(props: { answer: FineTuneAnswer; disabled: boolean }) {
  const { hub, model } = useLab();
  const [problem, setProblem] = createSignal<UserProblem>();
  const [kept, setKept] = createSignal<FineTuneAnswer>();
  const firstLoss = () => props.answer.validations[0]?.loss ?? Number.NaN;

  /** Kept on the device where there is room, and in use for studies. */
  const keep = async (): Promise<void> => {
    const { answer } = props;
    setProblem(undefined);
    try {
      // What comes out of the store cannot be sent to a worker.
      const { id } = await hub.keep(unwrap(answer.files));
      setKept(answer);
      await model.openKept(() => hub.open(id));
    } catch (caught) {
      setProblem(toProblem(caught));
    }
  };
  const save = (): void => {
    const { configJson, weights, posterior } = props.answer.files;
    saveAs('model.safetensors', new Blob([weights as Uint8Array<ArrayBuffer>]));
    if (posterior) saveAs('posterior.safetensors', new Blob([posterior as Uint8Array<ArrayBuffer>]));
    saveAs('config.json', new Blob([configJson], { type: 'application/json' }));
  };

  return (
    <section class="stack" aria-label="Result of the training" data-testid="tuning-result">
      <p role="status">
        {endings[props.answer.ended]}: {formatQuantity(props.answer.losses.length, 'step')} by {props.answer.device}
        {Number.isNaN(props.answer.secondsPerStep)
          ? ''
          : `, ${formatShort(1000 * props.answer.secondsPerStep)} ms each`}
        . Kept are the weights after step {formatCount(props.answer.best.step)}: validation loss{' '}
        {formatShort(props.answer.best.loss)}, before {formatShort(firstLoss())}.
      </p>
      <Show when={props.answer.files.posterior}>
        <p>
          A posterior lies beside the weights. Once the model is kept, choose “From the model’s posterior” under
          “Variants are” to draw a study’s variants from it.
        </p>
      </Show>
      <Show when={props.answer.problem}>{(text) => <ProblemNote problem={text()} />}</Show>
      <Show
        when={props.answer.comparison}
        fallback={<p class="note">No quotes are left after the validation range to compare before and after on.</p>}
      >
        {(both) => (
          <TableBox
            caption={`On ${formatCount(both().after.windows)} windows of the range left for studies, which neither training nor validation has read.`}
            testId="tuning-comparison"
          >
            <thead>
              <tr>
                <th scope="col">Forecasts</th>
                <th scope="col" title="“The price stays”">
                  Persistence
                </th>
                <Show when={both().before}>
                  <th scope="col">Before</th>
                </Show>
                <th scope="col">After</th>
              </tr>
            </thead>
            <tbody>
              <tr>
                <th scope="row">Squared error, relative</th>
                <td class="number">{formatFixed3(1)}</td>
                <Show when={both().before}>
                  {(before) => <td class="number">{formatFixed3(before().errorRatio)}</td>}
                </Show>
                <td class="number">{formatFixed3(both().after.errorRatio)}</td>
              </tr>
              <tr>
                <th scope="row">Correlation of surprise with what came</th>
                <td class="number">none</td>
                <Show when={both().before}>
                  {(before) => <td class="number">{formatFixed3(before().surpriseCorrelation)}</td>}
                </Show>
                <td class="number">{formatFixed3(both().after.surpriseCorrelation)}</td>
              </tr>
            </tbody>
          </TableBox>
        )}
      </Show>
      <Show when={problem()}>{(text) => <ProblemNote problem={text()} />}</Show>
      <div class="inline">
        <button
          type="button"
          class="primary"
          disabled={props.disabled || kept() === props.answer}
          onClick={() => void keep()}
        >
          {kept() === props.answer ? 'Kept, and in use' : 'Keep it and use it for studies'}
        </button>
        <button type="button" onClick={save}>
          Save as safetensors
        </button>
      </div>
    </section>
  );
}
