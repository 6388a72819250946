/** Forecasts that are made again where some are no finite numbers. */

import type { Forecasts, Grid, OnProgress } from '../core/types.ts';
import { anyNotFinite, countNotFinite, type NotFinite } from '../models/finite.ts';
import type { Forecaster, ForecastSettings } from '../models/types.ts';

/** A graphics processor that had a bad moment gets a second chance; a model that is at fault gives the same. */
export async function forecastWithSecondChance(
  forecaster: Forecaster,
  grid: Grid,
  settings: ForecastSettings,
  onProgress: OnProgress | undefined,
  signal: AbortSignal | undefined,
): Promise<{ readonly made: Forecasts; readonly notFinite: NotFinite }> {
  const attempt = async () => {
    const made = await forecaster.forecast(grid, settings, onProgress, signal);
    return { made, notFinite: countNotFinite(made, grid, forecaster.card, settings) };
  };
  const first = await attempt();
  return anyNotFinite(first.notFinite) ? attempt() : first;
}
