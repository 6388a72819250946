/** Step 6: a study of several models with all of the paper's figures, on the quotes in use or from a manifest. */

import { For, Match, Show, Switch } from 'solid-js';
import { definitionOf, figureKinds, modelsOf } from '../../../studies/figures/index.ts';
import { figureProblem } from '../../../studies/machine/compose.ts';
import { Field } from '../../components/Field.tsx';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { Section } from '../../components/Section.tsx';
import { saveAs } from '../../export/download.ts';
import { formatBytes, formatCompact, formatDuration, formatQuantity, formatStep } from '../../format.ts';
import { exploreHash } from '../../routes.ts';
import { useLab } from '../lab.ts';

/** Resolutions of the paper's figure 2. */
const paperSteps = [1_000, 300_000, 900_000, 86_400_000] as const;

export function StudyPanel() {
  const { studies } = useLab();
  return (
    <Section
      id="study"
      step={6}
      title="Study"
      intro="Several models at once, with all of the paper’s figures. Done job by job: what is finished is kept, and a study that was stopped goes on from there."
    >
      <Show when={studies.opened()} fallback={<Choices />}>
        <OpenedManifest />
      </Show>
      <Plan />
      <Actions />
      <Progress />
    </Section>
  );
}

function Choices() {
  const { studies, settings } = useLab();
  const coarser = () => paperSteps.filter((step) => step > settings.values().stepMs);
  return (
    <>
      <fieldset class="checks" disabled={studies.busy()}>
        <legend>Models</legend>
        <For each={studies.choices()}>
          {({ name, label }) => (
            <label>
              <input
                type="checkbox"
                checked={studies.models().has(name)}
                onChange={(event) => studies.chooseModel(name, event.currentTarget.checked)}
              />
              {label}
            </label>
          )}
        </For>
      </fieldset>
      <fieldset class="checks" disabled={studies.busy()}>
        <legend>Figures</legend>
        <For each={figureKinds}>
          {(kind) => {
            const problem = () => figureProblem(kind, studies.models().size);
            return (
              <label>
                <input
                  type="checkbox"
                  disabled={problem() !== undefined}
                  checked={studies.figures().has(kind) && problem() === undefined}
                  onChange={(event) => studies.chooseFigure(kind, event.currentTarget.checked)}
                />
                {definitionOf(kind).name}
                <Show when={problem()}>{(reason) => <span class="soft small"> ({reason()})</span>}</Show>
              </label>
            );
          }}
        </For>
      </fieldset>
      <Show when={studies.figures().has('lead-lag') && coarser().length > 0}>
        <fieldset class="checks" disabled={studies.busy()}>
          <legend>Lead and lag also at</legend>
          <For each={coarser()}>
            {(step) => (
              <label>
                <input
                  type="checkbox"
                  checked={studies.coarser().has(step)}
                  onChange={(event) => studies.chooseCoarser(step, event.currentTarget.checked)}
                />
                {formatStep(step)}
              </label>
            )}
          </For>
        </fieldset>
      </Show>
      <Show when={studies.figures().has('decay')}>
        <Field label="Weeks behind each line of the decay">
          {(attributes) => (
            <input
              {...attributes}
              type="number"
              min="1"
              max="520"
              disabled={studies.busy()}
              value={studies.windowWeeks()}
              onChange={(event) => {
                const weeks = Math.round(event.currentTarget.valueAsNumber);
                if (weeks >= 1 && weeks <= 520) studies.useWindowWeeks(weeks);
                event.currentTarget.value = String(studies.windowWeeks());
              }}
            />
          )}
        </Field>
      </Show>
      <p class="soft small">
        Quotes and settings are those of steps 1 and 3. Figures take the same forecasts, so that more figures cost
        little.
      </p>
    </>
  );
}

function OpenedManifest() {
  const { studies } = useLab();
  return (
    <div class="note stack tight">
      <div class="inline spread">
        <strong>{studies.opened()?.title}</strong>
        <button type="button" class="quiet" disabled={studies.busy()} onClick={studies.close}>
          Back to choosing
        </button>
      </div>
      <p class="small">
        From its manifest:{' '}
        {studies
          .manifest()
          .figures.map(({ kind }) => definitionOf(kind).name)
          .join('; ')}
        ; models {[...new Set(studies.manifest().figures.flatMap((study) => [...modelsOf(study)]))].join(', ')}. Quote
        files it names are those in use in step 1.
      </p>
      <Show when={studies.differences().length > 0}>
        <ul class="small">
          <For each={studies.differences()}>
            {({ where, message }) => (
              <li>
                <code>{where}</code>: {message}
              </li>
            )}
          </For>
        </ul>
      </Show>
    </div>
  );
}

function Plan() {
  const { studies } = useLab();
  return (
    <Show when={studies.state.outline}>
      {(outline) => (
        <div class="stack tight" data-testid="study-plan">
          <p>
            {formatQuantity(outline().jobs, 'job')}
            {outline().kept > 0 ? `, ${outline().kept} of them done before` : ''}:{' '}
            {formatCompact(outline().forwardPasses)} forward passes, about{' '}
            <strong>{formatDuration(outline().estimatedSeconds)}</strong> and {formatBytes(outline().bytes)}.
          </p>
          <Show when={outline().differences.length > 0}>
            <ul class="note warn">
              <For each={outline().differences}>
                {({ where, message }) => (
                  <li>
                    <code>{where}</code> {message}
                  </li>
                )}
              </For>
            </ul>
          </Show>
        </div>
      )}
    </Show>
  );
}

function Actions() {
  const { studies, data } = useLab();
  let input!: HTMLInputElement;
  const ready = () => studies.manifest().figures.length > 0 && data.ready();
  const save = (): void =>
    saveAs(
      'pml-manifest.json',
      new Blob([`${JSON.stringify(studies.manifest(), null, 1)}\n`], { type: 'application/json' }),
    );
  return (
    <div class="inline">
      <Show
        when={studies.busy()}
        fallback={
          <>
            <button type="button" class="primary" disabled={!ready()} onClick={() => void studies.run()}>
              {studies.state.status === 'stopped' ? 'Go on with the study' : 'Run the study'}
            </button>
            <button type="button" disabled={!ready()} onClick={() => void studies.plan()}>
              Plan it
            </button>
            <button type="button" class="quiet" disabled={!ready()} onClick={save}>
              Save its manifest
            </button>
            <button type="button" class="quiet" onClick={() => input.click()}>
              Open a manifest …
            </button>
            <input
              ref={input}
              type="file"
              hidden
              accept=".json,application/json"
              onChange={(event) => {
                const [file] = event.currentTarget.files ?? [];
                event.currentTarget.value = '';
                if (file) void studies.openFile(file);
              }}
            />
          </>
        }
      >
        <button type="button" onClick={studies.stop}>
          Stop
        </button>
      </Show>
    </div>
  );
}

function Progress() {
  const { studies } = useLab();
  const { state } = studies;
  return (
    <Switch>
      <Match when={state.status === 'planning'}>
        <p role="status">Opening quotes and models, and measuring this device …</p>
      </Match>
      <Match when={state.status === 'running'}>
        <ProgressBar
          progress={{ stage: state.stage, done: state.done, total: state.total, unit: state.unit }}
          secondsLeft={state.secondsLeft}
        />
      </Match>
      <Match when={state.status === 'stopped'}>
        <p role="status">Stopped. Finished jobs are kept, also when this page is closed.</p>
      </Match>
      <Match when={state.problem}>{(problem) => <ProblemNote problem={problem()} />}</Match>
      <Match when={state.status === 'finished' && state.finished}>
        {(id) => (
          <p role="status">
            Finished in {formatDuration(state.seconds)}. <a href={exploreHash('plane', [id()])}>Show it in Explore</a>.
            It is listed under the earlier runs.
          </p>
        )}
      </Match>
    </Switch>
  );
}
