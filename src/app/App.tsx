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

export function App() {
  const lab = createLab();
  onCleanup(listenForDrops(lab.dropFiles));
  return (
    <LabProvider value={lab}>
      <header class="page-head">
        <h1>PML Lab</h1>
        <p class="soft">
          What a strategy built on a pretrained time-series model earns for the risk it takes. Quotes and models stay on
          this device.
        </p>
      </header>
      <PathNav />
      <main>
        <DataPanel />
        <ModelPanel />
        <SettingsPanel />
        <RunPanel />
        <ResultsPanel />
      </main>
      <footer class="page-foot soft small">
        <p>
          Implements{' '}
          <a href="https://arxiv.org/abs/2510.17165">
            Trading with the Devil: Risk and Return in Foundation Model Strategies
          </a>
          . Simulated and past results promise nothing.
        </p>
      </footer>
    </LabProvider>
  );
}
