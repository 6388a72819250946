/** Under what forecasts are kept: everything that determines them, and nothing else. */

import { canonicalJson } from '../core/canonicalJson.ts';
import { hashGrid } from '../core/hashGrid.ts';
import { sha256 } from '../core/sha256.ts';
import type { Grid } from '../core/types.ts';
import type { ForecastSettings, ModelCard, Provider } from '../models/types.ts';

/** To be raised whenever forecasts of the same content come out as other numbers: kept jobs are then done again. */
const FORECAST_VERSION = 1;

/** SHA-256 of all that determines the forecasts of a grid. */
export async function forecastKey(
  grid: Grid,
  card: ModelCard,
  forecast: ForecastSettings,
  provider: Provider,
): Promise<string> {
  const content = {
    version: FORECAST_VERSION,
    grid: await hashGrid(grid),
    stepMs: grid.stepMs,
    weights: card.weightsSha256,
    config: card.configSha256,
    precision: card.precision ?? 'f32',
    posterior: card.posterior ?? null,
    forecast,
    provider,
  };
  return sha256(new TextEncoder().encode(canonicalJson(content)));
}
