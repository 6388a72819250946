/** What the inputs and outputs of a dropped ONNX model stand for: a form, filled in as their names and shapes suggest. */

import { createSignal, createUniqueId, For, type JSX } from 'solid-js';
import type { OnnxInspection } from '../../../models/onnxFile/open.ts';
import type { OnnxMapping } from '../../../models/types.ts';
import { Dialog } from '../../components/Dialog.tsx';
import { formatQuantity } from '../../format.ts';

const scalings: readonly { value: OnnxMapping['scaling']; label: string }[] = [
  { value: 'standardise', label: 'Less its mean, over its standard deviation' },
  { value: 'meanAbsolute', label: 'Over its mean magnitude' },
  { value: 'none', label: 'As it is: the graph scales for itself' },
];

export function OnnxDialog(props: {
  inspection: OnnxInspection;
  onUse: (mapping: OnnxMapping) => void;
  onCancel: () => void;
}) {
  const [mapping, setMapping] = createSignal(props.inspection.suggestion);
  const edit = (changes: Partial<OnnxMapping>): void => void setMapping((now) => ({ ...now, ...changes }));

  const output = () => props.inspection.outputs.find(({ name }) => name === mapping().output);
  const others = () => props.inspection.inputs.filter(({ name }) => name !== mapping().input);
  const chooseInput = (name: string): void => {
    // What had been the context now needs a value, as the others do.
    const fill = Object.fromEntries(props.inspection.inputs.map((each) => [each.name, mapping().fill[each.name] ?? 0]));
    edit({ input: name, fill });
  };

  return (
    <Dialog title="How is this ONNX model used?" onClose={() => props.onCancel()}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          props.onUse(mapping());
        }}
      >
        <p class="soft small">
          Dropout can be inserted at {formatQuantity(props.inspection.sites, 'place')} in a copy of its graph. The file
          itself is left as it is.
        </p>
        <div class="fields">
          <Field label="Context input">
            {(id) => (
              <select id={id} onChange={(event) => chooseInput(event.currentTarget.value)}>
                <For each={props.inspection.inputs}>
                  {(input) => (
                    <option value={input.name} selected={input.name === mapping().input}>
                      {describe(input)}
                    </option>
                  )}
                </For>
              </select>
            )}
          </Field>
          <Field label="Context length">
            {(id) => (
              <input
                id={id}
                type="number"
                min="2"
                value={mapping().contextLength}
                onInput={(event) => edit({ contextLength: event.currentTarget.valueAsNumber })}
              />
            )}
          </Field>
          <Field label="Scaling of the context">
            {(id) => (
              <select
                id={id}
                onChange={(event) => edit({ scaling: scalings[event.currentTarget.selectedIndex]?.value ?? 'none' })}
              >
                <For each={scalings}>
                  {({ value, label }) => <option selected={value === mapping().scaling}>{label}</option>}
                </For>
              </select>
            )}
          </Field>
          <Field label="Forecast output">
            {(id) => (
              <select id={id} onChange={(event) => edit({ output: event.currentTarget.value, stepAxis: -1, index: 0 })}>
                <For each={props.inspection.outputs}>
                  {(each) => (
                    <option value={each.name} selected={each.name === mapping().output}>
                      {describe(each)}
                    </option>
                  )}
                </For>
              </select>
            )}
          </Field>
          <Field label="Axis of future steps">
            {(id) => (
              <select id={id} onChange={(event) => edit({ stepAxis: Number(event.currentTarget.value) })}>
                <For each={output()?.dims ?? []}>
                  {(dim, axis) => {
                    const fromEnd = () => axis() - (output()?.dims.length ?? 0);
                    return (
                      <option value={fromEnd()} selected={fromEnd() === mapping().stepAxis}>
                        {axis() + 1}: {dim ?? '?'}
                      </option>
                    );
                  }}
                </For>
              </select>
            )}
          </Field>
          <Field label="Index on other axes">
            {(id) => (
              <input
                id={id}
                type="number"
                min="0"
                value={mapping().index}
                onInput={(event) => edit({ index: event.currentTarget.valueAsNumber || 0 })}
              />
            )}
          </Field>
          <For each={others()}>
            {(input) => (
              <Field label={`Fill ${input.name} with`}>
                {(id) => (
                  <input
                    id={id}
                    type="number"
                    step="any"
                    value={mapping().fill[input.name] ?? 0}
                    onInput={(event) =>
                      edit({ fill: { ...mapping().fill, [input.name]: event.currentTarget.valueAsNumber || 0 } })
                    }
                  />
                )}
              </Field>
            )}
          </For>
        </div>
        <div class="inline">
          <button type="submit" class="primary">
            Use this model
          </button>
          <button type="button" onClick={() => props.onCancel()}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Field(props: { label: string; children: (id: string) => JSX.Element }) {
  const id = createUniqueId();
  return (
    <div class="field">
      <div class="field-head">
        <label for={id}>{props.label}</label>
      </div>
      {props.children(id)}
    </div>
  );
}

function describe({ name, type, dims }: OnnxInspection['inputs'][number]): string {
  return `${name} · ${type} [${dims.map((dim) => dim ?? '?').join(', ')}]`;
}
