/** Step 2: the model in use, where others come from, and what executes it. */

import { lazy, Show } from 'solid-js';
import type { ProviderPreference } from '../../../../workers/model/client.ts';
import { describeBackend } from '../../../models/backend.ts';
import type { Precision } from '../../../models/types.ts';
import { Choice } from '../../components/Choice.tsx';
import { DropZone } from '../../components/DropZone.tsx';
import { Field } from '../../components/Field.tsx';
import { Fold } from '../../components/Fold.tsx';
import { Part } from '../../components/Part.tsx';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { Section } from '../../components/Section.tsx';
import { Select } from '../../components/Select.tsx';
import { formatInstant } from '../../format.ts';
import { useLab } from '../lab.ts';
import { FineTuneBox } from '../tuning/FineTuneBox.tsx';
import { embeddedCheckpoints } from './checkpointFiles.ts';
import { HubBrowser } from './HubBrowser.tsx';
import { KeptCheckpoints } from './KeptCheckpoints.tsx';
import { ModelFacts } from './ModelFacts.tsx';

const TryBox = lazy(async () => ({ default: (await import('./TryBox.tsx')).TryBox }));
const OnnxDialog = lazy(async () => ({ default: (await import('./OnnxDialog.tsx')).OnnxDialog }));

const preferences: readonly { value: ProviderPreference; label: string }[] = [
  { value: 'auto', label: 'Automatic' },
  { value: 'webgpu', label: 'WebGPU' },
  { value: 'wasm', label: 'WASM' },
];

const precisions: readonly { value: Precision; label: string }[] = [
  { value: 'f32', label: 'float32' },
  { value: 'f16', label: 'float16' },
  { value: 'int8', label: 'int8' },
  { value: 'int4', label: 'int4' },
];

const embedded = embeddedCheckpoints.map(({ name, title }) => ({ value: name, label: `${title} (${name})` }));

export function ModelPanel() {
  const { model, hub, run, dropFiles, tradedFromMs } = useLab();
  const loading = () => model.state.status === 'loading';
  const disabled = () => run.running() || loading();
  /** float16 is worth offering only where the GPU computes in it. */
  const offered = () => precisions.filter(({ value }) => value !== 'f16' || hub.state.device?.half);
  return (
    <Section
      id="model"
      step={2}
      title="Model"
      intro="A pretrained forecaster. The embedded ones, small ones of every family, were trained by this project on simulated series; drop a checkpoint or fetch one from a hub to use another."
    >
      <div class="columns">
        <div class="stack" aria-busy={loading()}>
          <Show when={model.state.problem}>{(problem) => <ProblemNote problem={problem()} />}</Show>
          <Show when={model.state.problem?.code === 'checkpoint/unused-tensors'}>
            <button type="button" class="quiet" disabled={disabled()} onClick={() => void model.openWithoutUnused()}>
              Open it without these tensors
            </button>
          </Show>
          <Show
            when={model.state.loaded}
            fallback={<p class="soft">{loading() ? 'Loading the model …' : 'No model is loaded.'}</p>}
          >
            {(loaded) => (
              <>
                <h3>{loaded().card.name}</h3>
                <ModelFacts
                  loaded={loaded()}
                  disabled={disabled()}
                  onAnswer={(field, value) => void model.answer(field, value)}
                />
                <Show when={tradedFromMs()}>
                  {(startMs) => (
                    <p class="note">
                      Tuned here on quotes from before: studies with this model begin at{' '}
                      {formatInstant(startMs(), 'UTC')} UTC.
                    </p>
                  )}
                </Show>
                <p>
                  Runs on <strong>{describeBackend(loaded().backend)}</strong>.
                  <Show when={loaded().backend.fallbackReason}>
                    {(reason) => <span class="soft"> Not on the GPU: {reason()}.</span>}
                  </Show>
                </p>
              </>
            )}
          </Show>
        </div>
        <div class="stack">
          <Field label="Embedded model">
            {({ id }) => (
              <Select
                id={id}
                options={embedded}
                value={model.state.embedded}
                disabled={disabled()}
                onChange={(name) => void model.openEmbedded(name)}
              />
            )}
          </Field>
          <DropZone
            label="Choose a checkpoint"
            hint="or drop its files here, together or one by one: config.json with model.safetensors, pytorch_model.bin or shards; torch_model.ckpt; or an ONNX forecaster"
            disabled={run.running()}
            onFiles={dropFiles}
          />
          <Show when={model.state.waitingFor}>
            {(part) => (
              <div class="note stack tight" role="status">
                <p>
                  Half of a checkpoint is here. Now drop its <code>{part()}</code> too.
                </p>
                <Show when={part() === 'config.json'}>
                  <button type="button" class="quiet" onClick={() => void model.openWithoutConfig()}>
                    There is none: tell the architecture from the weights
                  </button>
                </Show>
              </div>
            )}
          </Show>
          <Show when={model.state.mapping}>
            {(inspection) => (
              <Part name="ONNX model">
                <OnnxDialog
                  inspection={inspection()}
                  onUse={(mapping) => void model.mapOnnx(mapping)}
                  onCancel={() => model.cancelMapping()}
                />
              </Part>
            )}
          </Show>
          <KeptCheckpoints disabled={disabled()} />
          <HubBrowser disabled={disabled()} />
          <Choice
            label="Execute on"
            options={preferences}
            value={model.state.preference}
            disabled={disabled()}
            onChange={(preference) => void model.prefer(preference)}
          />
          <Choice
            label="Store weights as"
            options={offered()}
            value={model.state.precision}
            disabled={disabled()}
            onChange={(precision) => void model.usePrecision(precision)}
          />
          <Show when={model.state.source !== 'embedded'}>
            <button type="button" disabled={disabled()} onClick={() => void model.openEmbedded()}>
              Back to the embedded model
            </button>
          </Show>
        </div>
      </div>
      <Fold title="Try it: latency, and a forecast with its fan" testId="fold-try">
        <Part name="Try it">
          <TryBox disabled={run.running() || loading() || !model.state.loaded} />
        </Part>
      </Fold>
      <FineTuneBox disabled={run.running() || loading()} />
    </Section>
  );
}
