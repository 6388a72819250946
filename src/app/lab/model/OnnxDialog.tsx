/** What the inputs and outputs of a dropped ONNX model stand for: a form, filled in as their names and shapes suggest. */

import { createSignal, For } from 'solid-js';
import type { OnnxInspection } from '../../../models/onnxFile/open.ts';
import type { OnnxMapping } from '../../../models/types.ts';
import type { Option } from '../../components/Choice.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { Field } from '../../components/Field.tsx';
import { Select } from '../../components/Select.tsx';
import { formatQuantity } from '../../format.ts';

const scalings: readonly Option<OnnxMapping['scaling']>[] = [
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
            {({ id }) => (
              <Select
                id={id}
                options={props.inspection.inputs.map(optionOf)}
                value={mapping().input}
                onChange={chooseInput}
              />
            )}
          </Field>
          <Field label="Context length">
            {({ id }) => (
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
            {({ id }) => (
              <Select id={id} options={scalings} value={mapping().scaling} onChange={(scaling) => edit({ scaling })} />
            )}
          </Field>
          <Field label="Forecast output">
            {({ id }) => (
              <Select
                id={id}
                options={props.inspection.outputs.map(optionOf)}
                value={mapping().output}
                onChange={(name) => edit({ output: name, stepAxis: -1, index: 0 })}
              />
            )}
          </Field>
          <Field label="Axis of future steps">
            {({ id }) => (
              <Select
                id={id}
                options={axesOf(output()?.dims ?? [])}
                value={mapping().stepAxis}
                onChange={(stepAxis) => edit({ stepAxis })}
              />
            )}
          </Field>
          <Field label="Index on other axes">
            {({ id }) => (
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
                {({ id }) => (
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

type Value = OnnxInspection['inputs'][number];

function optionOf(value: Value): Option<string> {
  return { value: value.name, label: describe(value) };
}

/** Axes counted from the end, as a mapping names them. */
function axesOf(dims: Value['dims']): Option<number>[] {
  return dims.map((dim, axis) => ({ value: axis - dims.length, label: `${axis + 1}: ${dim ?? '?'}` }));
}

function describe({ name, type, dims }: Value): string {
  return `${name} · ${type} [${dims.map((dim) => dim ?? '?').join(', ')}]`;
}
