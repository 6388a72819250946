/** The causal sweep equals the plain forecast on each tick's anchored context; its live twin equals the sweep. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toProblem } from '../../../src/core/errors.ts';
import type { Grid } from '../../../src/core/types.ts';
import { type LoadedModel, openCheckpoint } from '../../../src/models/checkpoint.ts';
import { meanPredictedMid, midsOf } from '../../../src/models/contexts.ts';
import { drawMasks } from '../../../src/models/dropout.ts';
import { Graph } from '../../../src/models/graph/builder.ts';
import { openNodeRuntime } from '../../../src/models/runtime/node.ts';
import { GraphSession } from '../../../src/models/runtime/runtime.ts';
import { moments } from '../../../src/models/series.ts';
import { type AnchorRule, anchoredLength, sweepWindows } from '../../../src/models/sweep/anchor.ts';
import { SweepForecaster } from '../../../src/models/sweep/forecaster.ts';
import { LiveForecaster } from '../../../src/models/sweep/live.ts';
import { transformWindow } from '../../../src/models/sweep/window.ts';
import type { ForecastSettings } from '../../../src/models/types.ts';
import { randomValues } from '../../support/operatorCases.ts';
import { randomModel, smallTimesfmConfigs } from '../../support/smallTimesfm.ts';
import { smallTtm } from '../../support/smallTtm.ts';

const runtime = openNodeRuntime();
const PATCH = 4;
const anchored = { leastPatches: 2, mostPatches: 5 };
const rule: AnchorRule = { ...anchored, patchLength: PATCH };
const settings: ForecastSettings = {
  ...{ variants: 2, dropoutRate: 0.2, seed: 5, dropoutSites: 'all', strideTicks: 1, horizonTicks: null },
  inputTransform: 'normalised',
  anchored,
};
const first = PATCH * anchored.leastPatches - 1;

function gridOf(mids: Float64Array, ...sessions: readonly number[]): Grid {
  return {
    symbol: 'X',
    stepMs: 1000,
    timeMs: mids.map((_, i) => 1000 * i),
    bid: mids.map((mid) => mid - 0.5),
    ask: mids.map((mid) => mid + 0.5),
    sessionStarts: Int32Array.of(0, ...sessions),
    sessionDays: ['2026-01-01', ...sessions.map((_, i) => `2026-01-0${i + 2}`)],
  };
}

function walk(length: number, name = 'walk'): Float64Array {
  let log = Math.log(1e4);
  return Float64Array.from(randomValues(name, length), (step) => {
    log += 1e-3 * step;
    return Math.exp(log);
  });
}

async function sweep(model: LoadedModel, grid: Grid, changes: Partial<ForecastSettings> = {}) {
  const forecaster = new SweepForecaster(model, runtime);
  try {
    return await forecaster.forecast(grid, { ...settings, ...changes });
  } finally {
    await forecaster.release();
  }
}

/** The plain forecast on a context, padded on the left by the family itself. */
async function plainForecasts(model: LoadedModel, grid: Grid, transform: ForecastSettings['inputTransform']) {
  const mids = midsOf(grid);
  const { architecture, card } = model;
  const graph = new Graph(settings.variants + 1);
  architecture.addTo(graph, { contexts: 1, channels: 1 });
  const session = await GraphSession.create(runtime, graph, model.weights);
  const masks = drawMasks(card.sites, 0, settings.variants + 1, settings);
  const rows: number[][] = [];
  for (let tick = first; tick < mids.length; tick++) {
    const length = anchoredLength(tick, rule);
    const values = new Float64Array(length);
    const context = transformWindow(mids.subarray(tick + 1 - length, tick + 1), first + 1, transform, values);
    const { feeds, scaling } = architecture.prepare({ values, contexts: 1, length, channels: 1, stepMs: 1000 });
    const { forecast } = await session.run({ ...feeds, ...masks });
    const steps = architecture.finish(forecast!, scaling);
    rows.push(
      Array.from({ length: settings.variants + 1 }, (_, v) =>
        meanPredictedMid(steps.subarray(v * card.horizon, (v + 1) * card.horizon), card.horizon, transform, context),
      ),
    );
  }
  await session.release();
  return rows;
}

describe.for(Object.entries(smallTimesfmConfigs))('%s', ([, config]) => {
  it.for(['normalised', 'raw'] as const)(
    'one pass gives the plain forecasts on anchored contexts (%s)',
    async (transform) => {
      const model = await randomModel(config);
      const grid = gridOf(walk(60));
      const { predictedMid, contextTicks } = await sweep(model, grid, { inputTransform: transform });
      const plain = await plainForecasts(model, grid, transform);
      const deviation = moments(plain.map((row, i) => row[0]! - midsOf(grid)[first + i]!)).deviation;
      for (const [i, row] of plain.entries()) {
        const tick = first + i;
        expect(contextTicks![tick]).toBe(anchoredLength(tick, rule));
        row.forEach((value, v) => {
          expect(Math.abs(predictedMid[v * 60 + tick]! - value), `tick ${tick}`).toBeLessThan(1e-4 * deviation);
        });
      }
      expect(predictedMid.subarray(0, first).every(Number.isNaN)).toBe(true);
    },
  );

  it('what comes later changes nothing, exactly', async () => {
    const model = await randomModel(config);
    const mids = walk(50);
    const cut = 33;
    const other = mids.map((mid, i) => (i < cut ? mid : mid * (1.5 + Math.sin(i))));
    const [whole, changed, short] = await Promise.all([
      sweep(model, gridOf(mids)),
      sweep(model, gridOf(other)),
      sweep(model, gridOf(mids.slice(0, cut))),
    ]);
    for (let v = 0; v <= settings.variants; v++) {
      const before = whole.predictedMid.subarray(v * 50, v * 50 + cut);
      expect(changed.predictedMid.subarray(v * 50, v * 50 + cut)).toEqual(before);
      expect(short.predictedMid.subarray(v * cut, (v + 1) * cut)).toEqual(before);
    }
  });

  it('the live twin says at each tick what the sweep says, and nothing behind a gap', async () => {
    const model = await randomModel(config);
    const mids = walk(75);
    mids[40] = Number.NaN;
    const swept = await sweep(model, gridOf(mids, 50));
    const live = await LiveForecaster.create(model, runtime, settings, 1000);
    const deviation = moments(
      swept.predictedMid.subarray(first, 40).map((value, i) => value - mids[first + i]!),
    ).deviation;
    let forecasts = 0;
    for (const [tick, mid] of mids.entries()) {
      if (tick === 50) await live.startSession();
      const forecast = await live.push(mid);
      expect(forecast?.contextTicks ?? 0, `tick ${tick}`).toBe(swept.contextTicks![tick]);
      if (!forecast) continue;
      forecasts++;
      forecast.predictedMid.forEach((value, v) => {
        expect(Math.abs(value - swept.predictedMid[v * 75 + tick]!), `tick ${tick}`).toBeLessThan(1e-4 * deviation);
      });
    }
    await live.release();
    expect(forecasts).toBeGreaterThan(40);
  });
});

describe('a stride', () => {
  it('leaves out ticks and changes no forecast', async () => {
    const model = await randomModel(smallTimesfmConfigs['timesfm-2.5']!);
    const grid = gridOf(walk(40));
    const [dense, sparse] = await Promise.all([sweep(model, grid), sweep(model, grid, { strideTicks: 4 })]);
    for (let tick = first; tick < 40; tick += 4) {
      expect(sparse.predictedMid[tick]).toBeCloseTo(dense.predictedMid[tick]!, 6);
      expect(sparse.contextTicks![tick]).toBe(dense.contextTicks![tick]);
    }
  });
});

describe('families that are not causal', () => {
  it('are refused with the reason', async () => {
    const model = await openCheckpoint(smallTtm());
    const problem = toProblem(await sweep(model, gridOf(walk(50))).catch((caught: unknown) => caught));
    expect(problem).toMatchObject({
      code: 'model/not-causal',
      message:
        'Tiny Time Mixers cannot forecast with anchored contexts: its mixers look at all patches of a context, later ones too.',
    });
  });

  it.each([
    { leastPatches: 0, mostPatches: 4 },
    { leastPatches: 5, mostPatches: 4 },
    { leastPatches: 2, mostPatches: 7 },
  ])('and so are contexts that do not fit: $leastPatches to $mostPatches', async (wrong) => {
    const model = await randomModel(smallTimesfmConfigs['timesfm-2']!);
    const problem = toProblem(await sweep(model, gridOf(walk(50)), { anchored: wrong }).catch((c: unknown) => c));
    expect(problem.code).toBe('model/anchor');
  });
});

describe('the anchored-context rule', () => {
  const rules = fc
    .record({
      patchLength: fc.integer({ min: 1, max: 8 }),
      leastPatches: fc.integer({ min: 1, max: 6 }),
      more: fc.integer({ min: 0, max: 6 }),
    })
    .map(({ more, ...one }) => ({ ...one, mostPatches: one.leastPatches + more }));

  it('gives every tick a whole number of patches between the least and the most', () => {
    fc.assert(
      fc.property(rules, fc.integer({ min: 0, max: 500 }), (one, later) => {
        const tick = one.leastPatches * one.patchLength - 1 + later;
        const patches = anchoredLength(tick, one) / one.patchLength;
        expect(Number.isInteger(patches)).toBe(true);
        expect(patches).toBeGreaterThanOrEqual(one.leastPatches);
        expect(patches).toBeLessThanOrEqual(one.mostPatches);
      }),
    );
  });

  it('covers every wanted tick once, by windows that stay within a session', () => {
    fc.assert(
      fc.property(rules, fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 5 }), (one, extra, stride) => {
        const least = one.leastPatches * one.patchLength;
        const starts = [0, least + extra];
        const count = 2 * (least + extra);
        const ticks = starts.flatMap((start) => {
          const wanted: number[] = [];
          for (let tick = start + least - 1; tick < start + least + extra; tick += stride) wanted.push(tick);
          return wanted;
        });
        const windows = sweepWindows(ticks, starts, count, one);
        const covered = windows.flatMap(({ start, sessionEnd, places }) =>
          places.map(({ place, patch }) => {
            const tick = start + (patch + 1) * one.patchLength - 1;
            expect(ticks[place]).toBe(tick);
            expect(tick).toBeLessThan(sessionEnd);
            expect(starts.filter((session) => session <= start).at(-1)).toBe(starts.filter((s) => s <= tick).at(-1));
            return place;
          }),
        );
        expect(covered.sort((a, b) => a - b)).toEqual(ticks.map((_, place) => place));
      }),
    );
  });
});
