/** How long a single answer of each model takes on this device: what the trade-off of sizes is made of. */

import { oneAnswerAtATime } from '../../forecasts/oneAnswer.ts';
import type { ResolvedStudy, StudyEnvironment } from './environment.ts';
import { forecastSettingsFor } from './jobs.ts';

/** @returns milliseconds by the names of the models that a study forecasts with */
export async function measureLatency(
  study: ResolvedStudy,
  { open }: Pick<StudyEnvironment, 'open'>,
  signal?: AbortSignal,
): Promise<Record<string, number>> {
  const latencyMs: Record<string, number> = {};
  for (const model of study.manifest.models) {
    const wanted = study.wanted.find((each) => each.model === model.name);
    if (!wanted) continue;
    signal?.throwIfAborted();
    const forecaster = await open(model);
    const settings = oneAnswerAtATime(forecastSettingsFor(study.manifest, wanted));
    latencyMs[model.name] = 1000 * (await forecaster.measure(settings));
  }
  return latencyMs;
}
