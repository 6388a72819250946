/** Step 2: the model in use, where it came from, and what executes it. */

import { For, Show } from 'solid-js';
import type { ModelCard } from '../../models/types.ts';
import { Choice } from '../components/Choice.tsx';
import { DropZone } from '../components/DropZone.tsx';
import { ProblemNote } from '../components/ProblemNote.tsx';
import { Section } from '../components/Section.tsx';
import type { ProviderPreference } from '../engine/modelEngine.ts';
import { formatCount, formatQuantity } from '../format.ts';
import { useLab } from '../state/lab.ts';
import { describeBackend } from '../state/model.ts';

const preferences: readonly { value: ProviderPreference; label: string }[] = [
  { value: 'auto', label: 'Automatic' },
  { value: 'webgpu', label: 'WebGPU' },
  { value: 'wasm', label: 'WASM' },
];

export function ModelPanel() {
  const { model, run, dropFiles } = useLab();
  const loading = () => model.state.status === 'loading';
  return (
    <Section
      id="model"
      step={2}
      title="Model"
      intro="A pretrained forecaster. The embedded one was trained by this project on simulated series; drop a checkpoint to use your own."
    >
      <div class="columns">
        <div class="stack" aria-busy={loading()}>
          <Show when={model.state.problem}>{(problem) => <ProblemNote problem={problem()} />}</Show>
          <Show
            when={model.state.loaded}
            fallback={<p class="soft">{loading() ? 'Loading the model …' : 'No model is loaded.'}</p>}
          >
            {(loaded) => (
              <>
                <h3>{loaded().card.name}</h3>
                <CardTable card={loaded().card} />
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
          <DropZone
            label="Choose a checkpoint"
            hint="or drop config.json and model.safetensors here, together or one by one: Tiny Time Mixers, TimesFM, Chronos-Bolt or Timer"
            disabled={run.running()}
            onFiles={dropFiles}
          />
          <Show when={model.state.waitingFor}>
            {(part) => (
              <p class="note" role="status">
                Half of a checkpoint is here. Now drop its <code>{part()}</code> too.
              </p>
            )}
          </Show>
          <Choice
            label="Execute on"
            options={preferences}
            value={model.state.preference}
            disabled={run.running() || loading()}
            onChange={(preference) => void model.prefer(preference)}
          />
          <Show when={model.state.source === 'dropped'}>
            <button type="button" disabled={run.running() || loading()} onClick={() => void model.openEmbedded()}>
              Back to the embedded model
            </button>
          </Show>
        </div>
      </div>
    </Section>
  );
}

function CardTable(props: { card: ModelCard }) {
  return (
    <>
      <Show when={props.card.metadata.description}>{(text) => <p>{text()}</p>}</Show>
      <dl class="facts">
        <dt>Family</dt>
        <dd>{props.card.title}</dd>
        <dt>Parameters</dt>
        <dd>{formatCount(props.card.parameters)}</dd>
        <dt>Context</dt>
        <dd>{formatQuantity(props.card.contextLength, 'tick')}</dd>
        <dt>Horizon</dt>
        <dd>{formatQuantity(props.card.horizon, 'tick')}</dd>
        <dt>Dropout sites</dt>
        <dd>{formatCount(props.card.sites.length)}</dd>
        <Show when={props.card.metadata.heldOut}>
          {(text) => (
            <>
              <dt>Held out</dt>
              <dd>{text()}</dd>
            </>
          )}
        </Show>
      </dl>
      <details>
        <summary>Provenance</summary>
        <dl class="facts small">
          <For each={provenanceOf(props.card)}>
            {([key, value]) => (
              <>
                <dt>{key}</dt>
                <dd>{value}</dd>
              </>
            )}
          </For>
          <dt>SHA-256 of the weights</dt>
          <dd>
            <code>{props.card.weightsSha256}</code>
          </dd>
          <dt>SHA-256 of the config</dt>
          <dd>
            <code>{props.card.configSha256}</code>
          </dd>
        </dl>
      </details>
    </>
  );
}

/** The weights file's own notes, less what the card shows already, what says nothing, and lists of numbers. */
function provenanceOf({ metadata }: ModelCard): [string, string][] {
  const shown = ['description', 'heldOut', 'format', 'name'];
  return Object.entries(metadata).filter(([key, value]) => !shown.includes(key) && !value.startsWith('['));
}
