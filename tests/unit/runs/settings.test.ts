import { describe, expect, expectTypeOf, test } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import {
  defaultRunSettings,
  earlierSettings,
  forecastSettingsOf,
  gridSettingsOf,
  parseRunSettings,
  type RunSettings,
  sessionWindowOf,
  settingSpecs,
} from '../../../src/runs/settings.ts';
import { drawConfigs } from '../../../src/strategy/grid.ts';

const problemOf = (attempt: () => unknown) => {
  try {
    attempt();
  } catch (caught) {
    if (caught instanceof UserError) return caught.problem;
  }
  return undefined;
};

describe('study settings', () => {
  test('the type follows from the table', () => {
    expectTypeOf<RunSettings['variants']>().toEqualTypeOf<number>();
    expectTypeOf<RunSettings['horizonTicks']>().toEqualTypeOf<number | null>();
    expectTypeOf<RunSettings['dropoutSites']>().toEqualTypeOf<'all' | 'features'>();
    expectTypeOf<RunSettings['periodsPerYear']>().toEqualTypeOf<252 | 260 | 365>();
    expectTypeOf<RunSettings['allowShort']>().toEqualTypeOf<boolean>();
  });

  test('nothing given means the defaults, and defaults are settings', () => {
    expect(parseRunSettings({})).toEqual(defaultRunSettings);
    expect(parseRunSettings(defaultRunSettings)).toEqual(defaultRunSettings);
    expect(Object.keys(defaultRunSettings)).toEqual(settingSpecs.map(([id]) => id));
  });

  test('settings survive JSON', () => {
    const settings = parseRunSettings({
      horizonTicks: 8,
      dropoutRate: 0.25,
      reference: 'touch',
      periodsPerYear: 365,
    });
    expect(parseRunSettings(JSON.parse(JSON.stringify(settings)))).toEqual(settings);
  });

  test.each([
    [{ variants: 1 }, 'variants', 'Variants K must be a whole number from 2 to 256 (variants), but is 1.'],
    [{ dropoutRate: '0.1' }, 'dropoutRate', 'Dropout rate p must be a number from 0 to 0.9, but is “0.1”.'],
    [{ seed: 1.5 }, 'seed', 'Seed must be a whole number from 0 to 9007199254740991, but is 1.5.'],
    [
      { horizonTicks: 0 },
      'horizonTicks',
      'Horizon must be a whole number from 1 to 100000 (ticks), or null for all the model predicts, but is 0.',
    ],
    [{ reference: 'last' }, 'reference', 'Surprise against must be mid or touch, but is “last”.'],
    [{ allowShort: 1 }, 'allowShort', 'Short selling must be true or false, but is 1.'],
    [{ windowStart: '9:30' }, 'windowStart', 'Window start must be a time such as 09:30, but is “9:30”.'],
    [
      { windowTimeZone: 'Mars/Base' },
      'windowTimeZone',
      'Window time zone must be an IANA time zone such as America/New_York, but is “Mars/Base”.',
    ],
    [
      { thresholdMinBps: 9, thresholdMaxBps: 2 },
      'thresholdMaxBps',
      'Threshold to must not be below Threshold from (9), but is 2.',
    ],
    [
      { sessionWindow: true, windowStart: '12:00', windowEnd: '10:00' },
      'windowEnd',
      'Window end must be later than 12:00, but is 10:00.',
    ],
    [
      { sessionWindow: true, windowStart: '10:00', windowEnd: '10:01', latencyTicks: 60 },
      'latencyTicks',
      'Latency delays fills by 60 ticks, and the session window has 60.',
    ],
    [
      { sessionWindow: true, windowStart: '10:00', windowEnd: '10:01', inferenceMs: 70_000 },
      'inferenceMs',
      'Inference time delays fills by 70 ticks, and the session window has 60.',
    ],
    [{ colour: 'red' }, 'colour', 'There is no such setting.'],
    [null, 'settings', 'Settings must be an object of named values.'],
  ])('%j is refused with a sentence that names the setting', (given, where, message) => {
    expect(problemOf(() => parseRunSettings(given))).toEqual({ code: 'study/settings', message, where });
  });

  test('each stage gets what it needs', () => {
    expect(forecastSettingsOf(defaultRunSettings)).toMatchObject({ variants: 16, dropoutRate: 0.1, strideTicks: 1 });
    expect(drawConfigs(gridSettingsOf(defaultRunSettings), 1)).toHaveLength(100);
    expect(sessionWindowOf(defaultRunSettings)).toBeNull();
    expect(sessionWindowOf(parseRunSettings({ sessionWindow: true }))).toEqual({
      start: '09:30',
      end: '16:00',
      timeZone: 'America/New_York',
    });
  });
});

test('settings of an earlier version that do not say what holds between forecasts let the price hold', () => {
  expect(parseRunSettings(earlierSettings({ strideTicks: 8 })).heldForecast).toBe('price');
  expect(parseRunSettings(earlierSettings({ strideTicks: 8, heldForecast: 'return' })).heldForecast).toBe('return');
  expect(parseRunSettings({ strideTicks: 8 }).heldForecast).toBe('none');
});
