/** The quotes in use: the embedded market or dropped files, what was found in them, and the grids they are sampled on. */

import { type Accessor, createEffect, createSignal, on } from 'solid-js';
import { createStore } from 'solid-js/store';
import type { SeriesSummary } from '../../../workers/quotes.worker.ts';
import { isAbort, toProblem, type UserProblem } from '../../core/errors.ts';
import type { Grid } from '../../core/types.ts';
import type { ResampleSettings } from '../../quotes/resample.ts';
import type { FileReport } from '../../quotes/types.ts';
import { type DroppedFile, mergeFiles } from '../engine/droppedFiles.ts';
import type { QuotesEngine } from '../engine/quotesEngine.ts';

export interface DataState {
  readonly source: 'embedded' | 'files';
  /** What is being done, while it is. */
  readonly busy: string | undefined;
  readonly problem: UserProblem | undefined;
  readonly reports: readonly FileReport[];
  readonly series: readonly SeriesSummary[];
}

export function createData(engine: QuotesEngine, sampling: Accessor<ResampleSettings>) {
  const [state, setState] = createStore<DataState>({
    source: 'embedded',
    busy: undefined,
    problem: undefined,
    reports: [],
    series: [],
  });
  const [grids, setGrids] = createSignal<readonly Grid[]>([]);
  let files: readonly DroppedFile[] = [];
  /** Files of drops that are still being read: the next drop must not lose them. */
  let pending: readonly DroppedFile[] = [];
  let generation: number | undefined;
  let current = new AbortController();

  /** Does one thing with the quotes and samples them; a newer one cancels it. */
  const change = async (busy: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> => {
    current.abort();
    current = new AbortController();
    const { signal } = current;
    setState({ problem: undefined, busy });
    try {
      await work(signal);
      setState({ busy: 'Sampling the quotes' });
      setGrids(await engine.sample(sampling(), signal));
    } catch (caught) {
      if (signal.aborted || isAbort(caught)) return;
      setState({ problem: toProblem(caught) });
    } finally {
      if (!signal.aborted) setState({ busy: undefined });
    }
  };

  const openEmbedded = (): Promise<void> =>
    change('Simulating the market', async (signal) => {
      const series = await engine.openEmbedded(signal);
      files = [];
      generation = engine.generation;
      setState({ source: 'embedded', reports: [], series });
    });

  const open = async (all: readonly DroppedFile[], signal: AbortSignal): Promise<void> => {
    const named = all.map(({ path, file }) => ({ name: path, file }));
    const { series, reports } = await engine.readFiles(named, signal);
    setState({ reports });
    // A drop of nothing but unreadable files leaves the data as they were.
    if (series.length === 0) return;
    files = all.filter(({ path }) => reports.some((report) => report.file === path && !report.problem));
    generation = engine.generation;
    setState({ source: 'files', series });
  };

  /** Samples again; a worker that lost the series reads them anew. */
  const sampleAgain = (): Promise<void> =>
    change('Sampling the quotes', async (signal) => {
      if (generation !== undefined && engine.generation === generation) return;
      if (state.source === 'files') return open(files, signal);
      await engine.openEmbedded(signal);
      generation = engine.generation;
    });

  createEffect(on(sampling, () => void sampleAgain(), { defer: true }));

  return {
    state,
    grids,
    openEmbedded,
    /** Adds files to those dropped before: files of one symbol are joined whenever they came. */
    addFiles: (added: readonly DroppedFile[]): Promise<void> => {
      pending = mergeFiles(pending, added);
      return change('Reading quotes', async (signal) => {
        try {
          await open(mergeFiles(files, pending), signal);
        } finally {
          if (!signal.aborted) pending = [];
        }
      });
    },
  };
}
