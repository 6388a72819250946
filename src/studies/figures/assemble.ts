/** All figures of a study out of the results of its jobs. Pure: the same jobs give the same results, wherever they were computed. */

import type { JobStore } from '../../forecasts/jobStore.ts';
import type { Backtester } from '../../marketLine/backtester.ts';
import type { Provider } from '../../models/types.ts';
import type { ResolvedStudy } from '../machine/environment.ts';
import { gatherFrom } from '../machine/gather.ts';
import { allJobs } from '../machine/jobPlan.ts';
import type { FigureContext } from './context.ts';
import { type Figure, type FigureKind, figureFor } from './index.ts';
import { entryOf } from './modelEntry.ts';
import { type DeviceMeasure, type ModelEntry, RESULTS_VERSION, type StudyResults } from './results.ts';

export interface AssembleOptions {
  readonly provider: Provider;
  readonly store: JobStore;
  readonly backtester: Backtester;
  readonly device?: DeviceMeasure | null;
  readonly onFigure?: (kind: FigureKind) => void;
  readonly signal?: AbortSignal;
}

/** @throws UserError `study/unfinished` where a job is missing, `study/figure-not-finite` where a value of a figure is no finite number */
export async function assembleStudy(study: ResolvedStudy, options: AssembleOptions): Promise<StudyResults> {
  const { provider, store, backtester, device = null, onFigure, signal } = options;
  const gather = gatherFrom(study, await allJobs(study, provider), store);
  const context: FigureContext = { study, gather, backtester, ...(signal && { signal }) };
  const figures: Figure[] = [];
  for (const spec of study.manifest.figures) {
    signal?.throwIfAborted();
    onFigure?.(spec.kind);
    const definition = figureFor(spec);
    const compute = await definition.compute();
    const figure = await compute(context, spec);
    definition.check(figure);
    figures.push(figure);
  }
  return {
    resultsVersion: RESULTS_VERSION,
    manifest: study.manifest,
    provider,
    models: study.manifest.models.map(({ name }) => modelEntry(study, name)),
    figures,
    differences: study.differences,
    device,
  };
}

function modelEntry(study: ResolvedStudy, name: string): ModelEntry {
  return entryOf(name, study.cardOf(name));
}
