/** What the quotes and the model in use mean for what is done with them: which ticks may be traded, what can be tuned, how quotes are sampled. */

import type { CheckpointSource } from '../../../../workers/model/client.ts';
import type { Grid } from '../../../core/types.ts';
import type { ResampleSettings } from '../../../quotes/resample.ts';
import { type RunSettings, sessionWindowOf } from '../../../runs/settings.ts';
import { backtestGrid, type TradedTime } from '../../../training/fineTuning/walkForward.ts';
import type { createHub } from '../model/hub.ts';
import type { ModelState } from '../model/model.ts';
import type { ModelChoice } from '../study/studies.ts';

/** Nothing that a model was tuned on is ever backtested with it. */
export function tradable(grids: readonly Grid[], traded: TradedTime | undefined): readonly Grid[] {
  return traded ? grids.flatMap((grid) => backtestGrid(grid, traded) ?? []) : grids;
}

/** Checkpoints of a known family can be tuned, ONNX files cannot. */
export function tunable(source: CheckpointSource | undefined): CheckpointSource | undefined {
  const onnx = source && 'files' in source && source.files.some(({ path }) => path.toLowerCase().endsWith('.onnx'));
  return onnx ? undefined : source;
}

/** What is kept on this device, and what was dropped and is in use. */
export function otherModels(
  { source, loaded }: ModelState,
  inUse: CheckpointSource | undefined,
  hub: ReturnType<typeof createHub>,
): ModelChoice[] {
  const kept = hub.state.kept
    .filter(({ whole }) => whole)
    .map(({ id, repo }) => ({
      name: repo,
      label: repo,
      source: 'files' as const,
      folder: repo,
      open: () => hub.open(id),
    }));
  if (source !== 'dropped' || !loaded || !inUse) return kept;
  const { name } = loaded.card;
  return [...kept, { name, label: `${name}, dropped`, source: 'files', folder: name, open: async () => inUse }];
}

export function samplingOf(settings: RunSettings): ResampleSettings {
  return { stepMs: settings.stepMs, window: sessionWindowOf(settings), staleAfterMs: null };
}
