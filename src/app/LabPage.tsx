/** The Lab: one scrolling page along the path data → model → settings → run → results. */

import { createEffect, onCleanup, Show } from 'solid-js';
import { PathNav } from './components/PathNav.tsx';
import { listenForDrops } from './engine/droppedFiles.ts';
import { keepRuntime } from './engine/offline.ts';
import { DataPanel } from './panels/DataPanel.tsx';
import { LinkNote } from './panels/LinkNote.tsx';
import { ModelPanel } from './panels/ModelPanel.tsx';
import { ResultsPanel } from './panels/ResultsPanel.tsx';
import { RunPanel } from './panels/RunPanel.tsx';
import { SettingsPanel } from './panels/SettingsPanel.tsx';
import { createLab, LabProvider } from './state/lab.ts';

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
        <Show when={lab.openedStudy.study()}>{(study) => <LinkNote study={study()} />}</Show>
        <DataPanel />
        <ModelPanel />
        <SettingsPanel />
        <RunPanel />
        <ResultsPanel />
      </main>
    </LabProvider>
  );
}
