/** The manifest of a run on this page. */

import { version } from '../../../../package.json';
import { hashGrid } from '../../../core/hashGrid.ts';
import { makeManifest, type RunManifest } from '../../../runs/runManifest.ts';
import type { RunOutcome } from './run.ts';

export async function manifestOf({
  grids,
  series,
  card,
  backend,
  settings,
}: Pick<RunOutcome, 'grids' | 'series' | 'card' | 'backend' | 'settings'>): Promise<RunManifest> {
  const sourceOf = (symbol: string): string => {
    const source = series.find((each) => each.symbol === symbol)?.source;
    // Grids and series are one value (`QuotesInUse`): a result never goes without saying what it was made of.
    if (!source) throw new RangeError(`the quotes of ${symbol} have no source`);
    return source;
  };
  const data = await Promise.all(
    grids.map(async (grid) => ({
      symbol: grid.symbol,
      source: sourceOf(grid.symbol),
      gridSha256: await hashGrid(grid),
    })),
  );
  return makeManifest({ appVersion: version, data, card, backend, settings });
}
