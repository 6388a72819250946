/** What is done about dirt: a switch for each kind that leaves a choice. */

import { createUniqueId, For, Show } from 'solid-js';
import { type PolicySwitch, policyOptions } from '../../../quotes/cleaning/findings.ts';
import { Select } from '../../components/Select.tsx';
import { useLab } from '../lab.ts';

const switches = policyOptions.filter(({ options }) => options.length > 1);

export function PolicyBox() {
  const { data } = useLab();
  const changed = () => switches.filter((each) => chosen(data.state.policies[each.kind], each) !== each.default).length;
  return (
    <details>
      <summary>
        What is done about dirt{changed() > 0 ? ` (${changed()} of ${switches.length} not the default)` : ''}
      </summary>
      <div class="stack">
        <p class="soft small">
          Files in use are read again when you change one of these.
          <Show when={data.inUse().storedKeys.length > 0}>
            {' '}
            Remembered quotes keep what they were read by; drop their files to read them anew.
          </Show>
        </p>
        <div class="fields">
          <For each={switches}>{(each) => <PolicyField policy={each} />}</For>
        </div>
      </div>
    </details>
  );
}

function PolicyField(props: { policy: PolicySwitch }) {
  const { data, run } = useLab();
  const id = createUniqueId();
  const action = () => chosen(data.state.policies[props.policy.kind], props.policy);
  const options = () =>
    props.policy.options.map((option) => ({
      value: option.action,
      label: `${words[option.action] ?? option.action}${option.action === props.policy.default ? ' (default)' : ''}`,
    }));
  const sentence = () => props.policy.options.find((option) => option.action === action())?.sentence;
  return (
    <div class="field" classList={{ changed: action() !== props.policy.default }}>
      <label class="small sentence" for={id}>
        {props.policy.label}
      </label>
      <Select
        id={id}
        disabled={run.running()}
        options={options()}
        value={action()}
        onChange={(chosenAction) => void data.setPolicy(props.policy.kind, chosenAction)}
      />
      <p class="soft small">{sentence()}</p>
    </div>
  );
}

/** The actions as a person would say them. */
const words: Readonly<Record<string, string>> = {
  drop: 'drop',
  keep: 'keep',
  carry: 'carry the last price forward',
  swap: 'swap bid and ask',
  last: 'the last one counts',
  first: 'the first one counts',
  sort: 'sort in',
};

function chosen<Action>(set: Action | undefined, { default: standard }: { readonly default: Action }): Action {
  return set ?? standard;
}
