/** A family of fine-tunings: which controls are drawn from what, the members with what came of each, and their run as one S(θ). */

import { For, Show } from 'solid-js';
import { familySpecs } from '../../../training/fineTuning/family.ts';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { SettingField } from '../../components/SettingField.tsx';
import { TableBox } from '../../components/TableBox.tsx';
import { formatFixed3, formatQuantity, formatShort } from '../../format.ts';
import { useLab } from '../lab.ts';
import type { SettingsForm } from '../settings/settings.ts';
import type { FamilyMember } from './family.ts';

export function FamilyBox(props: { disabled: boolean }) {
  const { family, run, tuning } = useLab();
  const { state, form } = family;
  const disabled = () => props.disabled || state.running !== undefined;
  const kept = () => state.members.length - family.waiting().length;
  const faults = () => Object.keys(form.problems()).length > 0 || Object.keys(tuning.form.problems()).length > 0;
  return (
    <details id="family" onToggle={(event) => family.setOpen(event.currentTarget.open)}>
      <summary>A family of fine-tunings, S(θ)</summary>
      <div class="stack">
        <p class="soft">
          Several trainings, each with settings drawn from the values below and otherwise those above. What is trained
          is kept on this device; members that are kept already are not trained again. In a run, every strategy of every
          member is a point.
        </p>
        <div class="fields">
          <For each={familySpecs}>
            {([id, spec]) => <SettingField id={id} spec={spec} disabled={disabled()} form={form as SettingsForm} />}
          </For>
        </div>
        <Show when={state.obstacle}>{(problem) => <ProblemNote problem={problem()} />}</Show>
        <Show when={state.members.length > 0}>
          <TableBox caption="Members" testId="family-members">
            <thead>
              <tr>
                <th scope="col">Member</th>
                <th scope="col">State</th>
                <th scope="col">Validation loss</th>
                <th scope="col" title="Squared error on the range left for studies; persistence is 1">
                  Error
                </th>
                <th scope="col" title="Correlation of surprise with what came">
                  Correlation
                </th>
                <th scope="col">Drawn</th>
              </tr>
            </thead>
            <tbody>
              <For each={state.members}>{(member, i) => <MemberRow member={member} index={i()} />}</For>
            </tbody>
          </TableBox>
        </Show>
        <div class="inline">
          <button
            type="button"
            class="primary"
            disabled={disabled() || faults() || family.waiting().length === 0}
            onClick={() => void family.train()}
          >
            {family.waiting().length > 0 || state.members.length === 0
              ? `Train ${formatQuantity(family.waiting().length, 'fine-tuning')}`
              : 'All are trained'}
          </button>
          <Show
            when={state.running !== undefined}
            fallback={
              <button
                type="button"
                disabled={disabled() || run.running() || kept() === 0}
                onClick={() => void family.run()}
              >
                Run the {formatQuantity(kept(), 'kept member')} in the Lab
              </button>
            }
          >
            <button type="button" onClick={() => family.cancelRun()}>
              Cancel the run
            </button>
          </Show>
        </div>
        <Show when={state.running}>
          {(at) => (
            <p role="status">
              Running member {at()} of {kept()}: the progress is shown under Run.
            </p>
          )}
        </Show>
        <Show when={state.problem}>{(problem) => <ProblemNote problem={problem()} />}</Show>
        <Show when={state.joined}>
          {(members) => (
            <p role="status">
              The strategies of {formatQuantity(members(), 'member')} are one run on the plane and in the table of runs
              now.
            </p>
          )}
        </Show>
      </div>
    </details>
  );
}

function MemberRow(props: { member: FamilyMember; index: number }) {
  const { family, tuning } = useLab();
  const result = () => family.state.results[props.member.name];
  const found = () => {
    const known = result();
    return known && !('code' in known) ? known : undefined;
  };
  const after = () => found()?.comparison?.after;
  const stateOf = (): string => {
    const known = result();
    if (known && 'code' in known) return known.message;
    if (family.checkpointOf(props.member)) return 'kept';
    const next = family.waiting().find(({ name }) => !(name in family.state.results));
    return tuning.state.turn && next === props.member ? 'in training' : 'to be trained';
  };
  return (
    <tr>
      <th scope="row">{props.index + 1}</th>
      <td>{stateOf()}</td>
      <td class="number">{shown(found()?.best.loss, formatShort)}</td>
      <td class="number">{shown(after()?.errorRatio, formatFixed3)}</td>
      <td class="number">{shown(after()?.surpriseCorrelation, formatFixed3)}</td>
      <td>{props.member.drawn}</td>
    </tr>
  );
}

/** Nothing of members that were trained before this session. */
function shown(figure: number | undefined, format: (value: number) => string): string {
  return figure === undefined ? '' : format(figure);
}
