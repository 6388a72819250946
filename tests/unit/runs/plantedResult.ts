/** Results of studies whose returns were planted (`src/risk/lines/planted.ts`): for tests of what is computed about a run. */

import type { AssetOutcome, MarketLineResult } from '../../../src/marketLine/marketLineResult.ts';
import { summariseMarketLine } from '../../../src/marketLine/marketLineResult.ts';
import { intervalsOf } from '../../../src/marketLine/slopeIntervals.ts';
import { plantReturns } from '../../../src/risk/lines/planted.ts';
import { gridSettingsOf, parseRunSettings } from '../../../src/runs/settings.ts';
import { drawConfigs } from '../../../src/strategy/grid.ts';

export interface PlantedRun {
  readonly configurations: number;
  readonly variants: number;
  readonly days: number;
  readonly sharpePerDay: number;
  readonly seed: number;
  /** Spoils the returns [C, K+1, D] before anything is computed. */
  readonly edit?: (returns: Float64Array) => void;
}

/** The first row of every configuration, the deterministic model's, is one more draw of the same kind. */
export async function plantedResult(run: PlantedRun): Promise<MarketLineResult> {
  const { configurations, variants, days, sharpePerDay, seed } = run;
  const settings = parseRunSettings({});
  const { panel } = plantReturns({
    configurations,
    variants: variants + 1,
    days,
    sharpePerDay,
    riskFreePerPeriod: 0.05 / 252,
    sigmaAleatory: { min: 0.005, max: 0.02 },
    sigmaEpistemic: { min: 0.003, max: 0.012 },
    commonShare: 0.3,
    autocorrelation: 0,
    seed,
    marketSeed: 77,
  });
  run.edit?.(panel.returns);
  const cells = configurations * (variants + 1);
  const column = () => new Float64Array(cells);
  const asset: AssetOutcome = {
    symbol: 'PLANTED',
    periods: Array.from({ length: days }, (_, d) => new Date(Date.UTC(2024, 0, 1 + d)).toISOString().slice(0, 10)),
    tickCount: days,
    batch: {
      configs: configurations,
      variants: variants + 1,
      periods: days,
      periodReturns: panel.returns,
      tradeCounts: new Int32Array(cells).fill(days),
      winCounts: new Int32Array(cells),
      heldTicks: column(),
      exposureTicks: column(),
      turnover: column(),
      gross: column(),
      spread: column(),
      slippage: column(),
      fees: column(),
    },
  };
  const summary = summariseMarketLine(
    [asset],
    drawConfigs(gridSettingsOf(settings), settings.seed).slice(0, configurations),
    { ...settings, period: 'day' },
  );
  return { ...summary, intervals: await intervalsOf(summary, 0) };
}
