/** The Lab: one scrolling page along the path data → model → settings → run → results → study. */

import { createEffect, lazy, onCleanup, Show } from 'solid-js';
import { keepRuntime } from '../../../workers/offline/client.ts';
import { Part } from '../components/Part.tsx';
import { PathNav } from '../components/PathNav.tsx';
import { ProblemNote } from '../components/ProblemNote.tsx';
import { DataPanel } from './data/DataPanel.tsx';
import { listenForDrops } from './data/droppedFiles.ts';
import { createLab, LabProvider } from './lab.ts';
import { ModelPanel } from './model/ModelPanel.tsx';
import { ResultsPanel } from './results/ResultsPanel.tsx';
import { LinkNote } from './run/LinkNote.tsx';
import { RunPanel } from './run/RunPanel.tsx';
import { SettingsPanel } from './settings/SettingsPanel.tsx';

const StudyPanel = lazy(async () => ({ default: (await import('./study/StudyPanel.tsx')).StudyPanel }));

export function LabPage() {
  const lab = createLab();
  onCleanup(listenForDrops(lab.dropFiles));
  createEffect(() => {
    const provider = lab.model.state.loaded?.backend.provider;
    if (provider) void keepRuntime(provider);
  });
  return (
    <LabProvider value={lab}>
      <PathNav />
      <main>
        <Show when={lab.notTaken()}>{(problem) => <ProblemNote problem={problem()} />}</Show>
        <Show when={lab.openedStudy.study()}>{(study) => <LinkNote study={study()} />}</Show>
        <Part name="Quotes">
          <DataPanel />
        </Part>
        <Part name="Model">
          <ModelPanel />
        </Part>
        <Part name="Settings">
          <SettingsPanel />
        </Part>
        <Part name="Run">
          <RunPanel />
        </Part>
        <Part name="Results">
          <ResultsPanel />
        </Part>
        <Part name="Study">
          <StudyPanel />
        </Part>
      </main>
    </LabProvider>
  );
}
