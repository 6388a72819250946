/** A small market, a small model and short settings, for fine-tuning in tests. */

import type { Grid } from '../../src/core/types.ts';
import { type LoadedModel, openCheckpoint } from '../../src/models/checkpoint.ts';
import { defaultSimulatorSettings, simulateMarket } from '../../src/quotes/market/simulator.ts';
import { resample } from '../../src/quotes/resample.ts';
import { type FineTuneSettings, parseFineTuneSettings } from '../../src/training/fineTuning/settings.ts';
import { smallTtm } from './smallTtm.ts';

export function smallMarket(days = 4, ticksPerDay = 240): Grid[] {
  const market = simulateMarket({ ...defaultSimulatorSettings, days, stepsPerDay: ticksPerDay });
  return market.series
    .slice(0, 2)
    .map((series) => resample(series, { stepMs: 1000, window: null, staleAfterMs: null }));
}

export function smallModel(): Promise<LoadedModel> {
  return openCheckpoint(smallTtm());
}

export function shortSettings(changes: Partial<FineTuneSettings> = {}): FineTuneSettings {
  return parseFineTuneSettings({
    ...{ steps: 12, batchSize: 8, validateEvery: 4, checkpointEvery: 5, warmUpSteps: 2, patience: null },
    ...{ learningRate: 3e-3, embargoTicks: 10, validationShare: 0.25 },
    ...changes,
  });
}
