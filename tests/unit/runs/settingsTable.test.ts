/** No setting is there for show: each changes what is forecast, tried, sampled or counted. */

import { expect, test } from 'vitest';
import type { SettingSpec } from '../../../src/core/settingSpecs.ts';
import { yearOf } from '../../../src/marketLine/periods.ts';
import {
  configurationsOf,
  defaultRunSettings,
  forecastSettingsOf,
  parseRunSettings,
  type RunSettings,
  sessionWindowOf,
  settingSpecs,
} from '../../../src/runs/settings.ts';
import { makeGrid } from './fixtures.ts';

const grid = makeGrid('A', ['2024-01-02', '2024-01-03']);

/** All that the stages of a run take from the settings. */
function stagesOf(settings: RunSettings): string {
  return JSON.stringify([
    ...[settings.stepMs, sessionWindowOf(settings), forecastSettingsOf(settings)],
    ...[configurationsOf(settings), yearOf(settings, [grid])],
  ]);
}

/** Settings beside which others begin to matter. */
const bases: readonly Partial<RunSettings>[] = [
  {},
  { sessionWindow: true },
  { gridKind: 'regular' },
  { inferenceMs: 5000 },
  { slippageTicks: 1, extraTickProbability: 0.5 },
  ...['signal', 'volatility', 'kelly'].map((sizing) => ({ sizing }) as Partial<RunSettings>),
];

function othersThan(spec: SettingSpec, value: unknown): readonly unknown[] {
  switch (spec.kind) {
    case 'boolean':
      return [!value];
    case 'choice':
      return spec.options.map((option) => option.value).filter((each) => each !== value);
    case 'text':
      return spec.format === 'zone' ? ['Europe/London'] : spec.format === 'time' ? ['10:15', '15:15'] : [];
    default:
      return [spec.min, spec.max, spec.min + spec.step, spec.min + 2 * spec.step].filter((each) => each !== value);
  }
}

test.each(settingSpecs.map(([id, spec]) => [id, spec] as const))('%s changes something', (id, spec) => {
  const changes = bases.some((base) => {
    const before = parsed({ ...defaultRunSettings, ...base });
    return (
      before &&
      othersThan(spec, before[id]).some((value) => {
        const after = parsed({ ...before, [id]: value });
        return after && stagesOf(after) !== stagesOf(before);
      })
    );
  });
  expect(changes).toBe(true);
});

/** Undefined where the settings do not go together. */
function parsed(settings: unknown): RunSettings | undefined {
  try {
    return parseRunSettings(settings);
  } catch {
    return undefined;
  }
}
