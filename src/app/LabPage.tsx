/** The Lab: one scrolling page along the path data → model → settings → run → results. */

import { onCleanup } from 'solid-js';
import { PathNav } from './components/PathNav.tsx';
import { listenForDrops } from './engine/droppedFiles.ts';
import { DataPanel } from './panels/DataPanel.tsx';
import { ModelPanel } from './panels/ModelPanel.tsx';
import { ResultsPanel } from './panels/ResultsPanel.tsx';
import { RunPanel } from './panels/RunPanel.tsx';
import { SettingsPanel } from './panels/SettingsPanel.tsx';
import { createLab, LabProvider } from './state/lab.ts';

export function LabPage() {
  const lab = createLab();
  onCleanup(listenForDrops(lab.dropFiles));
  return (
    <LabProvider value={lab}>
      <PathNav />
      <main>
        <DataPanel />
        <ModelPanel />
        <SettingsPanel />
        <RunPanel />
        <ResultsPanel />
      </main>
    </LabProvider>
  );
}
