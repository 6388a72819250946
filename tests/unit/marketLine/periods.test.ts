import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { directBacktester } from '../../../src/marketLine/backtester.ts';
import { LEAST_DAYS, periodsOf, yearOf } from '../../../src/marketLine/periods.ts';
import { runMarketLine } from '../../../src/runs/run.ts';
import { defaultRunSettings, parseRunSettings } from '../../../src/runs/settings.ts';
import { backtest } from '../../../src/strategy/backtest.ts';
import { leakingForecaster, makeGrid } from '../runs/fixtures.ts';

/** Sessions of one-minute ticks, by their day and the instants of their first and last tick. */
function timed(...sessions: readonly (readonly [day: string, first: string, last: string])[]) {
  const times = sessions.map(([, first, last]) => {
    const start = Date.parse(first);
    return Array.from({ length: (Date.parse(last) - start) / 60_000 + 1 }, (_, k) => start + k * 60_000);
  });
  const starts = times.map((_, s) => times.slice(0, s).reduce((sum, ticks) => sum + ticks.length, 0));
  return {
    timeMs: Float64Array.from(times.flat()),
    sessionStarts: Int32Array.from(starts),
    sessionDays: sessions.map(([day]) => day),
  };
}

describe('periodsOf', () => {
  test('a day is the calendar day of the session, before and after a clock change, on half days and across midnight', () => {
    const grid = timed(
      // New York's clock changes on 10 March 2024; the 29th of November is a half day; futures begin on the evening before.
      ['2024-03-08', '2024-03-08T14:30Z', '2024-03-08T21:00Z'],
      ['2024-03-11', '2024-03-11T13:30Z', '2024-03-11T20:00Z'],
      ['2024-11-29', '2024-11-29T14:30Z', '2024-11-29T18:00Z'],
      ['2024-12-02', '2024-12-01T23:00Z', '2024-12-02T22:00Z'],
    );
    expect(periodsOf(grid, 'day')).toEqual({ names: grid.sessionDays, starts: grid.sessionStarts });
    const hours = periodsOf(grid, 'hour');
    // The close at 21:00 ends the hour that began at 20:00.
    expect(hours.names.slice(0, 7)).toEqual([
      ...['14', '15', '16', '17', '18', '19', '20'].map((hour) => `2024-03-08 ${hour}:00Z`),
    ]);
    expect(hours.names.filter((name) => name.startsWith('2024-03-11'))[0]).toBe('2024-03-11 13:00Z');
    expect(hours.names.slice(-23)[0]).toBe('2024-12-01 23:00Z');
    expect([...hours.names].sort()).toEqual(hours.names);
    expect([...hours.starts.slice(0, 3)]).toEqual([0, 30, 90]);
  });

  test('two sessions of one day are one day, but two sessions', () => {
    const grid = timed(
      ['2024-01-02', '2024-01-02T00:00Z', '2024-01-02T02:29Z'],
      ['2024-01-02', '2024-01-02T03:30Z', '2024-01-02T05:00Z'],
    );
    expect(periodsOf(grid, 'day')).toEqual({ names: ['2024-01-02'], starts: Int32Array.of(0) });
    expect(periodsOf(grid, 'session')).toEqual({
      names: ['2024-01-02', '2024-01-02 #2'],
      starts: Int32Array.of(0, 150),
    });
    expect(periodsOf(grid, 'hour').names).toHaveLength(5);
  });

  test('an hour holds exactly the ticks of that hour', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5_000_000 }), { minLength: 1, maxLength: 60 }), (gaps) => {
        let now = 1.7e12;
        const timeMs = Float64Array.from(gaps, (gap) => {
          now += gap;
          return now;
        });
        const grid = { timeMs, sessionStarts: Int32Array.of(0), sessionDays: ['2023-11-14'] };
        const { names, starts } = periodsOf(grid, 'hour');
        const hourOf = (ms: number) => new Date(ms).toISOString().slice(0, 13).replace('T', ' ');
        const own = Array.from(timeMs, hourOf);
        expect(names).toEqual([...new Set(own)].map((hour) => `${hour}:00Z`));
        expect([...starts]).toEqual([...new Set(own)].map((hour) => own.indexOf(hour)));
      }),
    );
  });
});

test('few days are counted by hours, which occur as often a year as in these days', () => {
  const day = (d: number) => `2024-01-0${d + 1}`;
  const few = makeGrid(
    'A',
    Array.from({ length: LEAST_DAYS - 1 }, (_, d) => day(d)),
    7200,
  );
  expect(yearOf(defaultRunSettings, [few])).toEqual({ period: 'hour', periodsPerYear: 3 * 252, riskFreePercent: 5 });
  const enough = makeGrid(
    'A',
    Array.from({ length: LEAST_DAYS }, (_, d) => day(d)),
  );
  expect(yearOf(defaultRunSettings, [enough])).toEqual({ period: 'day', periodsPerYear: 252, riskFreePercent: 5 });
  expect(yearOf({ ...defaultRunSettings, returnPeriod: 'session' }, [enough]).periodsPerYear).toBe(252);
});

describe('a study by the hour', () => {
  const grid = makeGrid('A', ['2024-01-02'], 9000);
  const settings = parseRunSettings({ variants: 3, configurations: 6, strideTicks: 20, stopLossMinBps: 1 });
  const study = { grids: [grid], forecaster: leakingForecaster(5e-4), backtester: directBacktester, settings };

  test('lets a single day of quotes give a line, and says so', async () => {
    const { result } = await runMarketLine(study);
    expect(result).toMatchObject({ period: 'hour', periodsPerYear: 3 * 252 });
    expect(result.periods).toEqual(['2024-01-02 14:00Z', '2024-01-02 15:00Z', '2024-01-02 16:00Z']);
    expect(result.fits.total.kind).toBe('fitted');
    expect(result.warnings.some((warning) => warning.includes('by the hour'))).toBe(true);
  });

  test('earns in its hours what it earns in its day, to rounding', async () => {
    const { result, forecasts } = await runMarketLine(study);
    const predicted = forecasts[0]!.predictedMid;
    for (const { index, config } of result.configurations) {
      for (let k = 0; k <= 3; k++) {
        const whole = backtest(grid, predicted.subarray(k * 9000, (k + 1) * 9000), config).periodReturns;
        const hours = result.periodReturns.subarray((index * 4 + k) * 3, (index * 4 + k + 1) * 3);
        expect(hours.reduce((sum, value) => sum + value, 0)).toBeCloseTo(whole[0]!, 12);
      }
    }
  });
});
