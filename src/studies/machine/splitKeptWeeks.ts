/** Earlier versions kept the forecasts of a study by the week. What is still there becomes days, as runs and studies keep them now. */

import { forecastKey } from '../../forecasts/forecastKey.ts';
import { takeRows } from '../../forecasts/forecastRows.ts';
import { packForecasts, unpackForecasts } from '../../forecasts/packedForecasts.ts';
import { sliceSessions, tickRange, weeksOf } from '../../forecasts/sessionParts.ts';
import { anyNotFinite, countNotFinite } from '../../models/finite.ts';
import type { ResolvedStudy, StudyEnvironment } from './environment.ts';
import { type ForecastJob, forecastSettingsFor, wantedKey } from './jobs.ts';

/**
 * Looks only for weeks of which days are missing, and moves their forecasts to the days' keys; the week's own goes.
 *
 * @param jobs all of the study
 * @param keys what the store holds
 * @returns keys of the days that are there now
 */
export async function splitKeptWeeks(
  study: ResolvedStudy,
  { provider, store }: Pick<StudyEnvironment, 'provider' | 'store'>,
  jobs: readonly ForecastJob[],
  keys: ReadonlySet<string>,
): Promise<string[]> {
  if (keys.size === 0) return [];
  const found: string[] = [];
  for (const wanted of study.wanted) {
    const settings = forecastSettingsFor(study.manifest, wanted);
    if (wanted.fineTune || settings.freshMasks) continue;
    const card = study.cardOf(wanted.model);
    const missing = jobs.filter((job) => wantedKey(job) === wantedKey(wanted) && !keys.has(job.key));
    for (const grid of study.gridsOf(wanted.data, wanted.stepMs)) {
      for (const { week, firstSession, endSessionExclusive } of weeksOf(grid)) {
        const days = missing.filter((job) => job.week === week && job.parts[0]?.symbol === grid.symbol);
        if (days.length === 0) continue;
        const slice = sliceSessions(grid, firstSession, endSessionExclusive);
        const key = await forecastKey(slice, card, settings, provider);
        // A week of one day has the day's key.
        if (!keys.has(key) || days.some((job) => job.key === key)) continue;
        const bytes = await store.get(key);
        const kept = bytes && (await unpackForecasts(bytes, slice));
        const usable = kept && !anyNotFinite(countNotFinite(kept.forecasts, slice, card, settings));
        if (usable) {
          const [weekStart] = tickRange(grid, firstSession, endSessionExclusive);
          for (const job of days) {
            const part = job.parts[0]!;
            const [start, end] = tickRange(grid, part.firstSession, part.endSessionExclusive);
            const dayRows = takeRows(kept.forecasts, start - weekStart, end - weekStart);
            const day = sliceSessions(grid, part.firstSession, part.endSessionExclusive);
            await store.put(job.key, await packForecasts(dayRows, day));
            found.push(job.key);
          }
        }
        await store.remove(key);
      }
    }
  }
  return found;
}
