/**
 * The last line against look-ahead, after the types: windows are read twice, once as the quotes are and once with everything after the
 * range replaced, and ranges are checked against what was read. Runs before every fine-tuning.
 */

import { fail } from '../../core/errors.ts';
import { RandomStream } from '../../core/random.ts';
import type { Grid } from '../../core/types.ts';
import { columnsOf, type WindowReader, type WindowSet } from './quoteWindows.ts';
import type { Role, WalkForward } from './walkForward.ts';

/** Windows that are read twice. */
const PROBES = 64;

/** @throws UserError `training/look-ahead` when a window depends on anything at or after the end of its range. */
export function refuseLookAhead<R extends Role>(
  grids: readonly Grid[],
  { places, range, shape }: WindowSet<R>,
  read: WindowReader,
): void {
  const columns = grids.map(columnsOf);
  const altered = grids.map((grid) => columnsOf(withOtherFuture(grid, range.endExclusiveMs)));
  const count = Math.min(PROBES, places.length);
  for (let i = 0; i < count; i++) {
    // The last window too: it is the one next to the end.
    const { asset, tick } = places[Math.round((i * (places.length - 1)) / Math.max(1, count - 1))]!;
    const [as, other] = [columns, altered].map((all) => read(all[asset]!, tick, shape.ahead, shape.model));
    if (sameValues(as!.context, other!.context) && sameValues(as!.future, other!.future)) continue;
    const time = new Date(grids[asset]!.timeMs[tick]!).toISOString();
    fail('training/look-ahead', `The ${range.role} window at ${time} depends on quotes after its range.`, {
      where: grids[asset]!.symbol,
      hint: 'Nothing was trained. What is read of a window must come from the window alone.',
    });
  }
}

/** @throws UserError `training/look-ahead` when what was read reaches into the embargo or beyond. */
export function refuseOverlap(
  { training, validation, backtest, embargoMs }: WalkForward,
  trained: Pick<WindowSet<'training'>, 'lastReadMs'>,
  validated: Pick<WindowSet<'validation'>, 'lastReadMs'>,
): void {
  const late = trained.lastReadMs + embargoMs >= validation.startMs || trained.lastReadMs >= training.endExclusiveMs;
  if (late || validated.lastReadMs + embargoMs >= backtest.startMs) {
    fail('training/look-ahead', 'Training or validation reaches into the range that comes after it.', {
      hint: 'Nothing was trained. Cut the ranges with walkForward.',
    });
  }
}

/** The same grid with other prices and sizes from a time on. */
function withOtherFuture(grid: Grid, fromMs: number): Grid {
  const stream = new RandomStream(0, 'another future');
  const other = (values: Float64Array): Float64Array =>
    values.map((value, t) => (grid.timeMs[t]! < fromMs ? value : value * (1 + 0.5 * stream.uniform())));
  const { bid, ask, bidSize, askSize } = grid;
  return {
    ...grid,
    bid: other(bid),
    ask: other(ask),
    ...(bidSize && { bidSize: other(bidSize) }),
    ...(askSize && { askSize: other(askSize) }),
  };
}

function sameValues(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}
