import { describe, expect, test } from 'vitest';
import type { Progress } from '../../../src/core/types.ts';
import { type ForecastSoFar, forecastDays } from '../../../src/forecasts/dailyForecasts.ts';
import { type JobStore, memoryJobStore } from '../../../src/forecasts/jobStore.ts';
import { directBacktester } from '../../../src/marketLine/backtester.ts';
import type { MarketLineResult } from '../../../src/marketLine/marketLineResult.ts';
import { forecastTicks, holdForecasts } from '../../../src/models/schedule.ts';
import { runMarketLine } from '../../../src/runs/run.ts';
import { forecastSettingsOf, parseRunSettings } from '../../../src/runs/settings.ts';
import { card, type FakeForecaster, leakingForecaster, makeGrid } from '../runs/fixtures.ts';

const days = ['2024-01-02', '2024-01-03', '2024-01-04', '2024-01-05', '2024-01-08', '2024-01-09'];
const grids = [makeGrid('A', days), makeGrid('B', days.slice(1))];
const settings = parseRunSettings({ variants: 3, configurations: 12, strideTicks: 5, thresholdMaxBps: 5 });

/** A model that reads nothing outside of a session, as all do: a day's forecasts do not depend on what else was asked for. */
function forecasterTaking(secondsPerPass: number): FakeForecaster {
  const inner = leakingForecaster(0);
  return {
    ...inner,
    measure: async () => secondsPerPass,
    async forecast(grid, wanted, onProgress, signal) {
      const { symbol, variants } = await inner.forecast(grid, wanted, onProgress, signal);
      const { sessionStarts, bid } = grid;
      const ticks = forecastTicks(sessionStarts, bid.length, card.contextLength, wanted.strideTicks);
      const predictedMid = new Float64Array((variants + 1) * bid.length);
      for (let row = 0; row <= variants; row++) {
        const values = Array.from(ticks, (tick) => 2 * bid[tick]! - bid[tick - 10 - row]!);
        const out = predictedMid.subarray(row * bid.length, (row + 1) * bid.length);
        holdForecasts(ticks, values, sessionStarts, bid.length, out);
      }
      return { symbol, variants, predictedMid };
    },
  };
}

function watching(store: JobStore): JobStore & { readonly written: string[] } {
  const written: string[] = [];
  return {
    ...store,
    written,
    put: async (key, bytes) => {
      written.push(key);
      await store.put(key, bytes);
    },
  };
}

describe('forecasts made day by day', () => {
  test('are those of whole grids, whatever the size of a request', async () => {
    const model = forecasterTaking(1);
    const whole = await Promise.all(grids.map((grid) => model.forecast(grid, forecastSettingsOf(settings))));
    for (const secondsPerPass of [1e-9, 0.01, 100]) {
      const forecaster = forecasterTaking(secondsPerPass);
      const { forecasts } = await forecastDays({
        grids,
        forecaster,
        settings: forecastSettingsOf(settings),
        store: memoryJobStore(),
      });
      expect(forecasts.map(({ symbol }) => symbol)).toEqual(['A', 'B']);
      expect(forecasts.map((each) => each.predictedMid)).toEqual(whole.map((each) => each.predictedMid));
      // One request an asset where the model is fast, one a day and asset where it is slow.
      if (secondsPerPass === 1e-9) expect(forecaster.calls).toEqual(['A', 'B']);
      if (secondsPerPass === 100) expect(forecaster.calls).toHaveLength(11);
    }
  });

  test('are kept by the day: what was stopped goes on, and nothing is computed twice', async () => {
    const store = watching(memoryJobStore());
    const controller = new AbortController();
    const forecaster = forecasterTaking(100);
    const stopped = forecastDays({
      ...{ grids, forecaster, settings: forecastSettingsOf(settings), store },
      signal: controller.signal,
      onDays: ({ days: done }) => done.length === 3 && controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect(store.written).toHaveLength(5);

    const progress: Progress[] = [];
    const again = forecasterTaking(100);
    const onProgress = (each: Progress) => void progress.push(each);
    const found = await forecastDays({
      grids,
      forecaster: again,
      settings: forecastSettingsOf(settings),
      store,
      onProgress,
    });
    expect(again.calls).toHaveLength(6);
    // 37 forecasts a day of 200 ticks with a context of 20, for four rows.
    expect(found).toMatchObject({ forwardPasses: 11 * 37 * 4, keptPasses: 5 * 37 * 4 });
    expect(progress.at(-1)).toMatchObject({ done: 6 * 37 * 4, total: 6 * 37 * 4 });
    const afresh = await forecastDays({
      grids,
      forecaster: forecasterTaking(100),
      settings: forecastSettingsOf(settings),
    });
    expect(found.forecasts).toEqual(afresh.forecasts);

    const third = forecasterTaking(100);
    await forecastDays({
      grids,
      forecaster: third,
      settings: forecastSettingsOf({ ...settings, feeBps: 3, configurations: 5 }),
      store,
    });
    expect(third.calls).toEqual([]);
    await forecastDays({
      grids,
      forecaster: third,
      settings: forecastSettingsOf({ ...settings, seed: settings.seed + 1 }),
      store,
    });
    expect(third.calls).toHaveLength(11);
  });

  test('are made anew where what was kept is damaged', async () => {
    const inner = memoryJobStore();
    await forecastDays({
      grids,
      forecaster: forecasterTaking(100),
      settings: forecastSettingsOf(settings),
      store: inner,
    });
    const [first = ''] = await inner.keys();
    await inner.put(first, ((await inner.get(first)) ?? new Uint8Array()).slice(0, -1));
    const forecaster = forecasterTaking(100);
    await forecastDays({ grids, forecaster, settings: forecastSettingsOf(settings), store: inner });
    expect(forecaster.calls).toHaveLength(1);
  });

  test('count masks that are drawn anew for every forecast over the whole grid', async () => {
    const forecaster = forecasterTaking(100);
    const store = watching(memoryJobStore());
    await forecastDays({ grids, forecaster, settings: forecastSettingsOf({ ...settings, sampler: 'fresh' }), store });
    expect(forecaster.calls).toEqual(['A', 'B']);
    expect(store.written).toHaveLength(2);
  });

  test('can be looked at before they are all there', async () => {
    const seen: ForecastSoFar[] = [];
    const onDays = (soFar: ForecastSoFar) => void seen.push(soFar);
    await forecastDays({ grids, forecaster: forecasterTaking(100), settings: forecastSettingsOf(settings), onDays });
    expect(seen.map((soFar) => soFar.days)).toEqual(days.map((_, i) => days.slice(0, i + 1)));
    expect(seen[0]!.take().grids.map(({ symbol }) => symbol)).toEqual(['A']);
    const { grids: first, forecasts } = seen[2]!.take();
    expect(first.map(({ sessionDays }) => sessionDays)).toEqual([days.slice(0, 3), days.slice(1, 3)]);
    expect(forecasts.map(({ predictedMid }) => predictedMid.length)).toEqual([4 * 600, 4 * 400]);
  });
});

describe('interim results of a run', () => {
  test('are those of a run of the first days alone', async () => {
    const interim: MarketLineResult[] = [];
    const forecaster = forecasterTaking(100);
    // The forecaster waits for its turn, so that each interim result is there before the next day.
    const patient = {
      ...forecaster,
      forecast: async (...request: Parameters<typeof forecaster.forecast>) => {
        await new Promise((resolve) => setTimeout(resolve, 60));
        return forecaster.forecast(...request);
      },
    };
    const study = { grids, settings, backtester: directBacktester };
    await runMarketLine({ ...study, forecaster: patient, onInterim: (each) => void interim.push(each) });
    expect(interim.map(({ periods }) => periods.length)).toEqual([2, 4]);
    const first = grids.map((grid, a) => makeGrid(grid.symbol, days.slice(a, 4)));
    const direct = await runMarketLine({
      ...study,
      forecaster: forecasterTaking(100),
      grids: first,
      settings: { ...settings, returnPeriod: 'day' },
    });
    expect(interim[1]!.periods).toEqual(direct.result.periods);
    expect(interim[1]!.configurations.length).toBe(direct.result.configurations.length);
    expect(interim[1]!.fits).toEqual(direct.result.fits);
    expect(interim[1]!.intervals).toEqual(direct.result.intervals);
  });
});
