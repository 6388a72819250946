/** What a study should give: the same files through the pure functions, in node, without page, worker or back end of a browser. */

import { readFile } from 'node:fs/promises';
import { hashGrid } from '../../../src/core/hashGrid.ts';
import { directBacktester } from '../../../src/marketLine/backtester.ts';
import type { MarketLineResult } from '../../../src/marketLine/marketLineResult.ts';
import { openCheckpoint } from '../../../src/models/checkpoint.ts';
import { createForecaster } from '../../../src/models/forecaster.ts';
import { openNodeRuntime } from '../../../src/models/runtime/node.ts';
import { readQuoteFiles } from '../../../src/quotes/import.ts';
import { resample } from '../../../src/quotes/resample.ts';
import { runMarketLine } from '../../../src/runs/run.ts';
import type { DataEntry } from '../../../src/runs/runManifest.ts';
import { type RunSettings, sessionWindowOf } from '../../../src/runs/settings.ts';

export interface Reference {
  readonly result: MarketLineResult;
  readonly data: readonly Pick<DataEntry, 'symbol' | 'gridSha256'>[];
}

export async function referenceStudy(
  quotePaths: readonly string[],
  [configPath = '', weightsPath = '']: readonly string[],
  settings: RunSettings,
): Promise<Reference> {
  const files = await Promise.all(
    quotePaths.map(async (path) => ({
      name: path.split('/').at(-1) ?? path,
      bytes: new Uint8Array(await readFile(path)),
    })),
  );
  const sampling = { stepMs: settings.stepMs, window: sessionWindowOf(settings), staleAfterMs: null };
  const { series: quotes } = await readQuoteFiles(files);
  const grids = quotes.map((series) => resample(series, sampling));
  const model = await openCheckpoint({
    name: 'reference',
    configJson: await readFile(configPath, 'utf8'),
    weights: new Uint8Array(await readFile(weightsPath)),
  });
  const forecaster = createForecaster(model, openNodeRuntime());
  const { result } = await runMarketLine({ grids, forecaster, backtester: directBacktester, settings });
  await forecaster.release();
  const data = await Promise.all(
    grids.map(async (grid) => ({ symbol: grid.symbol, gridSha256: await hashGrid(grid) })),
  );
  return { result, data };
}

/**
 * How far two studies' daily returns are apart. Predictions of two back ends differ in their last digits, and one of them can lie on
 * the other side of a threshold: a trade more or less, in few cells. So the share of cells that differ at all is what is bounded.
 */
export function shareOfDifferingReturns(got: ArrayLike<number>, want: ArrayLike<number>): number {
  if (got.length !== want.length) return 1;
  let differing = 0;
  for (let i = 0; i < want.length; i++) {
    if (!(Math.abs((got[i] as number) - (want[i] as number)) <= 1e-9)) differing++;
  }
  return differing / want.length;
}
