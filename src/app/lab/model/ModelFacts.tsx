/** The model in use: what it is, what was assumed about it, and where it came from. */

import { For, Show } from 'solid-js';
import type { ReadyModel } from '../../../models/service.ts';
import type { ModelCard, PrecisionReport } from '../../../models/types.ts';
import { Choice } from '../../components/Choice.tsx';
import { formatBytes, formatCount, formatPercent, formatQuantity } from '../../format.ts';

export function ModelFacts(props: {
  loaded: ReadyModel;
  disabled: boolean;
  onAnswer: (field: string, value: string) => void;
}) {
  const card = () => props.loaded.card;
  return (
    <>
      <Show when={card().metadata.description}>{(text) => <p>{text()}</p>}</Show>
      <dl class="facts">
        <dt>Family</dt>
        <dd>{card().title}</dd>
        <dt>Parameters</dt>
        <dd>{formatCount(card().parameters)}</dd>
        <dt>Context</dt>
        <dd>{formatQuantity(card().contextLength, 'tick')}</dd>
        <dt>Horizon</dt>
        <dd>{formatQuantity(card().horizon, 'tick')}</dd>
        <dt>Dropout sites</dt>
        <dd>{formatCount(card().sites.length)}</dd>
        <Show when={props.loaded.precision}>{(report) => <PrecisionFacts report={report()} />}</Show>
        <Show when={card().metadata.heldOut}>
          {(text) => (
            <>
              <dt>Held out</dt>
              <dd>{text()}</dd>
            </>
          )}
        </Show>
      </dl>
      <Show when={card().notes}>
        {(notes) => (
          <ul class="note small">
            <For each={notes()}>{(note) => <li>{note}</li>}</For>
          </ul>
        )}
      </Show>
      <For each={card().questions}>
        {(question) => (
          <Choice
            label={question.question}
            options={question.options}
            value={question.taken}
            disabled={props.disabled}
            onChange={(value) => props.onAnswer(question.field, value)}
          />
        )}
      </For>
      <Provenance card={card()} />
    </>
  );
}

/** Memory of the weights, and what fewer bits do to the forecasts. */
function PrecisionFacts(props: { report: PrecisionReport }) {
  const saved = () => 1 - props.report.weightBytes / props.report.fullBytes;
  return (
    <>
      <dt>Weights</dt>
      <dd>
        {formatBytes(props.report.weightBytes)}
        <Show when={saved() > 0.005}>, {formatPercent(saved())} less than in float32</Show>
      </dd>
      <Show when={props.report.precision !== 'f32'}>
        <dt>Error</dt>
        <dd>
          <Show when={props.report.error !== undefined} fallback={props.report.notMeasured}>
            {formatPercent(props.report.error ?? 0)} of what forecasts move, against float32
          </Show>
        </dd>
      </Show>
    </>
  );
}

function Provenance(props: { card: ModelCard }) {
  return (
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
  );
}

/** The weights file's own notes, less what the card shows already, what says nothing, and lists of numbers. */
function provenanceOf({ metadata }: ModelCard): [string, string][] {
  const shown = ['description', 'heldOut', 'format', 'name'];
  return Object.entries(metadata).filter(([key, value]) => !shown.includes(key) && !value.startsWith('['));
}
