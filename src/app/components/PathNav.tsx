/** The path of the page, always in sight: the six steps with what each holds now. */

import { For } from 'solid-js';
import { formatQuantity, formatShare } from '../format.ts';
import { type Lab, useLab } from '../lab/lab.ts';

interface Step {
  readonly id: string;
  readonly title: string;
  readonly state: (lab: Lab) => string;
}

const steps: readonly Step[] = [
  {
    id: 'data',
    title: 'Quotes',
    state: ({ data }) => data.state.busy ?? formatQuantity(data.grids().length, 'symbol'),
  },
  { id: 'model', title: 'Model', state: ({ model }) => model.state.loaded?.card.name ?? model.state.status },
  {
    id: 'settings',
    title: 'Settings',
    state: ({ settings }) => `${settings.values().configurations} strategies, K = ${settings.values().variants}`,
  },
  {
    id: 'run',
    title: 'Run',
    state: runState,
  },
  {
    id: 'results',
    title: 'Results',
    state: ({ run }) => {
      const outcome = run.outcome();
      return outcome ? formatQuantity(outcome.result.configurations.length, 'point') : 'none yet';
    },
  },
  { id: 'study', title: 'Study', state: studyState },
];

function studyState({ studies }: Lab): string {
  const { status, done, total } = studies.state;
  if (status === 'running') return total > 0 ? formatShare(done / total) : 'starting';
  return status === 'idle' ? formatQuantity(studies.manifest().models.length, 'model') : status;
}

function runState({ run, canRun }: Lab): string {
  const { status, progress } = run.state;
  if (status === 'idle') return canRun() ? 'ready' : 'not ready';
  if (status !== 'running' || !progress) return status;
  return formatShare(progress.done / progress.total);
}

export function PathNav() {
  const lab = useLab();
  return (
    <nav class="path" aria-label="Steps">
      <ol>
        <For each={steps}>
          {(step) => (
            <li>
              <a href={`#${step.id}`}>
                <span>{step.title}</span> <small>{step.state(lab)}</small>
              </a>
            </li>
          )}
        </For>
      </ol>
    </nav>
  );
}
