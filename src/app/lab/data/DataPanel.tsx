/** Step 1: the quotes in use, how they came in, and the grid they are sampled on. */

import { For, lazy, Show } from 'solid-js';
import { DropZone } from '../../components/DropZone.tsx';
import { Part } from '../../components/Part.tsx';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { Section } from '../../components/Section.tsx';
import { formatCount, formatQuantity } from '../../format.ts';
import { useLab } from '../lab.ts';
import { PolicyBox } from './PolicyBox.tsx';
import { ReadingStatus } from './ReadingStatus.tsx';
import { RecordBox } from './RecordBox.tsx';
import { SamplesBox } from './SamplesBox.tsx';
import { SamplingFields } from './SamplingFields.tsx';
import { SeriesCards } from './SeriesCards.tsx';
import { StoredBox } from './StoredBox.tsx';
import { SymbolsBox } from './SymbolsBox.tsx';

const FileReports = lazy(async () => ({ default: (await import('./FileReports.tsx')).FileReports }));

export function DataPanel() {
  const { data, run, dropFiles } = useLab();
  const busy = () => data.state.busy !== undefined;
  return (
    <Section id="data" step={1} title="Quotes" intro="Best bid and ask over time, sampled on a regular grid.">
      <div class="columns">
        <div class="stack">
          <Show
            when={data.inUse().source === 'embedded'}
            fallback={
              <>
                <p>
                  {formatQuantity(data.inUse().series.length, 'symbol')} from your files
                  {data.chosen() ? `, ${formatCount(data.grids().length)} of them in use` : ''}
                  {data.grids().length > 0 || busy() ? '' : ', not sampled: nothing can be run on them as they are'}.
                </p>
                <button
                  type="button"
                  class="quiet"
                  disabled={run.running() || busy()}
                  onClick={() => void data.openEmbedded()}
                >
                  Back to the embedded market
                </button>
              </>
            }
          >
            <p>
              <strong>The embedded market</strong> is simulated: a few assets with a common factor, daily volatility
              patterns and spreads, and a planted predictable part that shows in past prices alone. It is the same on
              every machine.
            </p>
          </Show>
          <DropZone
            label="Choose quote files"
            hint="or drop them here: CSV and text, LEAN zips, Parquet, Arrow, Databento DBN, JSON; plain, zip, gz or zst. Nothing leaves this device."
            disabled={run.running()}
            onFiles={dropFiles}
          />
          <SamplesBox />
          <RecordBox />
          <StoredBox />
        </div>
        <div class="stack">
          <SamplingFields />
          <PolicyBox />
        </div>
      </div>
      <Show when={data.state.problem}>{(problem) => <ProblemNote problem={problem()} />}</Show>
      <Show when={data.grids().length === 0 && !busy()}>
        <button type="button" disabled={run.running()} onClick={() => void data.sampleAgain()}>
          Try again
        </button>
      </Show>
      <ReadingStatus />
      <For each={data.state.storageProblems}>{(problem) => <ProblemNote problem={problem} />}</For>
      <Show when={data.state.reports.length > 0}>
        <Part name="Files">
          <FileReports reports={data.state.reports} />
        </Part>
      </Show>
      <Show when={data.inUse().series.length > 1}>
        <SymbolsBox />
      </Show>
      <SeriesCards />
    </Section>
  );
}
