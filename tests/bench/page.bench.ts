/** What the page computes for a frame of its largest plots, against the time a frame has at 60 a second. Painting is the browser's, and not counted. */

import { pointsPath } from '../../src/app/charts/plane/manyPoints.ts';
import { linear } from '../../src/app/charts/scale.ts';
import { quotesSource, quotesWindow, zoom } from '../../src/app/lab/data/quotesWindow.ts';
import { RandomStream } from '../../src/core/random.ts';
import type { Grid } from '../../src/core/types.ts';
import type { Benchmark, Figure } from './run.ts';

const FRAME_MS = 1000 / 60;
const FRAMES = 60;

export const benchmarks: Benchmark[] = [
  { name: 'page/quotes-1M-ticks', run: quotes },
  { name: 'page/plane-20k-points', run: plane },
];

/** Zooming from all ticks to a few thousand. Verified: every window holds the lowest bid and the highest ask of its ticks. */
function quotes(): Figure {
  const grid = longGrid(1_000_000);
  const source = quotesSource(grid);
  let range = { from: 0, endExclusive: grid.timeMs.length };
  let verified = true;
  const times: number[] = [];
  for (let frame = 0; frame < FRAMES; frame++) {
    const startMs = performance.now();
    const window = quotesWindow(source, [], range);
    times.push(performance.now() - startMs);
    const bids = grid.bid.subarray(range.from, range.endExclusive);
    verified &&= extreme(window.bid, Math.min) === bids.reduce((low, value) => Math.min(low, value));
    range = zoom(range, 0.9, grid.timeMs.length);
  }
  return figure(times, verified, 'quotes of a million ticks, zoomed');
}

/** Moving twenty thousand points. Verified: the point that lies on top is drawn. */
function plane(): Figure {
  const stream = new RandomStream(1, 'bench/plane');
  const points = Array.from({ length: 20_000 }, () => ({ sigma: 10 + stream.normal(), mean: stream.normal() }));
  const box = { left: 60, top: 10, right: 900, bottom: 480 };
  let verified = true;
  const times: number[] = [];
  for (let frame = 0; frame < FRAMES; frame++) {
    const shift = frame / FRAMES;
    const x = linear({ min: 6 + shift, max: 13 + shift }, box.left, box.right);
    const y = linear({ min: -4, max: 4 }, box.bottom, box.top);
    const startMs = performance.now();
    const path = pointsPath(points, 'circle', 4, x, y, box);
    times.push(performance.now() - startMs);
    verified &&= path.length > 0 && path.split('M').length - 1 <= points.length;
  }
  return figure(times, verified, 'a plane of 20 000 points, moved');
}

/** The middle of all frames: a machine that does something else now and then is not the page's. */
function figure(times: readonly number[], verified: boolean, what: string): Figure {
  const value = [...times].sort((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
  const unit = `ms of script a frame: ${what}`;
  return { value, unit, verified, peer: `${FRAME_MS.toFixed(1)} ms, a frame at 60 a second`, ratio: FRAME_MS / value };
}

function extreme(values: readonly (number | null)[], of: (...pair: number[]) => number): number {
  return values.reduce<number>((found, value) => (value === null ? found : of(found, value)), Number.POSITIVE_INFINITY);
}

function longGrid(ticks: number): Grid {
  const stream = new RandomStream(1, 'bench/quotes');
  let mid = 100;
  const bid = Float64Array.from({ length: ticks }, () => {
    mid *= Math.exp(1e-5 * stream.normal());
    return mid - 0.01;
  });
  return {
    symbol: 'LONG',
    stepMs: 1000,
    timeMs: Float64Array.from({ length: ticks }, (_, i) => 1000 * i),
    bid,
    ask: bid.map((value) => value + 0.02),
    sessionStarts: Int32Array.of(0),
    sessionDays: ['1970-01-01'],
  };
}
