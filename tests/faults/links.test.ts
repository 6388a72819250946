/** Links that were damaged or made to harm: every one opens a valid study, and says what of it could not be used. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linkDifferences, readLink } from '../../src/runs/link.ts';
import { repairSettings } from '../../src/runs/repair.ts';
import { defaultRunSettings, parseRunSettings, settingSpecs } from '../../src/runs/settings.ts';
import { often } from './support/full.ts';

test('whatever stands in a link, its settings are valid ones', () => {
  const id = fc.oneof(fc.constantFrom(...settingSpecs.map(([each]) => each)), fc.string());
  const value = fc.oneof(
    fc.string(),
    fc.double().map(String),
    fc.constantFrom('1e999', '-1', '', '__proto__', '<b>', '23:59'),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(id, value), { maxLength: 12 }), (entries) => {
      const link = readLink(new URLSearchParams(entries).toString());
      if (link) expect(parseRunSettings(link.settings)).toEqual(link.settings);
    }),
    { numRuns: often(300, 2000) },
  );
});

test('a window or range that is reversed costs only itself, whichever end is at fault', () => {
  const late = readLink('sessionWindow=true&windowStart=20:00&variants=7&feeBps=3')!;
  expect(late.settings).toMatchObject({ variants: 7, feeBps: 3, sessionWindow: true });
  expect(late.settings.windowStart < late.settings.windowEnd).toBe(true);
  expect(late.notes).toHaveLength(1);
  expect(late.notes[0]).toMatch(/Window end must be later than 20:00.*“windowStart” was set to/);
  const both = readLink(
    'sessionWindow=true&windowStart=20:00&windowEnd=10:00&thresholdMinBps=9&thresholdMaxBps=2&seed=5',
  )!;
  expect(both.settings).toMatchObject({ seed: 5, sessionWindow: true });
  expect(both.notes.length).toBeLessThanOrEqual(4);
  expect(both.notes.join(' ')).not.toContain('All settings');
});

test('60,000 unknown keys, and as many symbols, are a short list', () => {
  const startMs = performance.now();
  const keys = Array.from({ length: 60_000 }, (_, i) => `x${i}=1&data=S${i}~aa`).join('&');
  const link = readLink(`variants=7&${keys}`)!;
  expect(link.settings.variants).toBe(7);
  expect(link.notes).toHaveLength(9);
  expect(link.notes.at(-1)).toBe('The link sets 59,992 more things that this version does not know.');
  const differences = linkDifferences(link, { model: undefined, data: [] });
  expect(differences).toHaveLength(9);
  expect(performance.now() - startMs).toBeLessThan(2000);
  const settings = Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`x${i}`, 1]));
  expect(repairSettings({ ...settings, variants: 7 })).toMatchObject({ settings: { variants: 7 } });
  expect(repairSettings(settings).differences).toHaveLength(9);
  expect(performance.now() - startMs).toBeLessThan(4000);
});

test.each(['seed=', 'seed=%20', 'seed=five', 'seed=1.5', 'seed=NaN', 'seed=1e999'])(
  '%s is said, not taken for a number',
  (query) => {
    const { settings, notes } = readLink(query)!;
    expect(settings.seed).toBe(defaultRunSettings.seed);
    expect(notes).toEqual([expect.stringMatching(/must be a whole number.*Set to/)]);
  },
);
