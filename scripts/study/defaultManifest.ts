/** The embedded study: the simulated market, every checkpoint that comes with the page, and all of the paper's figures. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openArchitecture } from '../../src/models/registry.ts';
import { defaultSimulatorSettings } from '../../src/quotes/simulatorSettings.ts';
import type { DataSet, StudyManifest2, StudyModel, StudySpec } from '../../src/studies/machine/manifest.ts';
import { parseStudySettings } from '../../src/studies/settings.ts';

const root = join(import.meta.dirname, '../..');
/** Checkpoints `FAMILY-SIZE` left out of the study that comes with the page: roll-outs step by step take them hours on two cores. */
const slow: ReadonlySet<string> = new Set(['chronos-t5', 'timesfm-2.5']);
const checkpoints = join(root, 'public/checkpoints');

/** Fast ticks; bars of five minutes for coarse resolutions, where markets trade all day. */
const fast = { ...defaultSimulatorSettings, stepMs: 100, days: 10 };
const bars = {
  ...defaultSimulatorSettings,
  stepMs: 300_000,
  stepsPerDay: 288,
  days: 120,
  open: '00:00',
  timeZone: 'UTC',
};
/** Half a year in which what was planted loses an eighth a week. */
const fading = {
  ...defaultSimulatorSettings,
  days: 130,
  startDay: '2024-01-01',
  stepsPerDay: 900,
  assets: defaultSimulatorSettings.assets.slice(0, 2),
  signal: { ...defaultSimulatorSettings.signal, strengths: [2, 0] as const, decayPerWeek: 0.93 },
};

const simulated = (id: string, settings: typeof fast): DataSet => ({
  id,
  source: { kind: 'simulator', settings },
  grids: [],
});

export function defaultManifest(): StudyManifest2 {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const found = readdirSync(checkpoints)
    .filter((folder) => !slow.has(folder.replace(/-[^-]*$/, '')))
    .filter((folder) => existsSync(join(checkpoints, folder, 'config.json')))
    .sort()
    .map((folder) => {
      const architecture = openArchitecture(readFileSync(join(checkpoints, folder, 'config.json'), 'utf8'), folder);
      return { folder, architecture };
    });
  const models = found.map(({ folder }): StudyModel => model(folder, folder));
  const names = models.map(({ name }) => name);
  const leading = names.includes('ttm-nano') ? 'ttm-nano' : names[0]!;
  const sizes = sizesOf(found.map(({ folder, architecture }) => ({ folder, family: architecture.id })));
  const rounded = (['int8', 'int4'] as const).map((precision) => ({
    ...model(`${leading} ${precision}`, leading),
    precision,
  }));
  const resolutions = [
    { data: 'fast', stepMs: 100, strideTicks: 8 },
    { data: 'market', stepMs: 1000, strideTicks: 8 },
    { data: 'bars', stepMs: 300_000, strideTicks: 4 },
    { data: 'bars', stepMs: 900_000, strideTicks: 1 },
    { data: 'bars', stepMs: 86_400_000, strideTicks: 1 },
  ];
  const studies: StudySpec[] = [
    { kind: 'market-line', data: 'market', models: names },
    { kind: 'lead-lag', models: [leading], resolutions, lagTicks: 10 },
    {
      kind: 'scaling',
      data: 'market',
      models: [...(sizes.length > 1 ? sizes : [leading]), ...rounded.map(({ name }) => name)],
      stepsMs: [1000],
    },
    {
      kind: 'decay',
      data: 'fading',
      model: leading,
      windowWeeks: 4,
      releases: [
        { name: 'TimesFM 1.0', day: '2024-05-08' },
        { name: 'TimesFM 2.0', day: '2024-12-30' },
      ],
      pretrainedUntil: null,
    },
    { kind: 'beyond', data: 'market', models: names },
  ];
  return {
    schemaVersion: 2,
    title: 'The embedded study: a simulated market and the models that come with the page',
    appVersion: version,
    data: [
      simulated('market', defaultSimulatorSettings as typeof fast),
      simulated('fast', fast),
      simulated('bars', bars),
      simulated('fading', fading as unknown as typeof fast),
    ],
    models: [...models, ...rounded],
    settings: parseStudySettings({
      variants: 6,
      // Contexts differ by multiples of 64: with a stride that divides it all models forecast at the same ticks.
      strideTicks: 8,
      horizonTicks: 16,
      configurations: 60,
      // A price that holds while the market moves on would trade that move: signals count when they are made.
      heldForecast: 'none',
    }),
    studies,
  };
}

function model(name: string, folder: string): StudyModel {
  return { name, source: 'embedded', folder, precision: 'f32', weightsSha256: null, configSha256: null };
}

/** The checkpoints of the family with the most of them, from the smallest to the largest by the size of their weights. */
function sizesOf(found: readonly { readonly folder: string; readonly family: string }[]): string[] {
  const families = new Map<string, (typeof found)[number][]>();
  for (const each of found) families.set(each.family, [...(families.get(each.family) ?? []), each]);
  const most = [...families.values()].sort((a, b) => b.length - a.length)[0] ?? [];
  const bytes = (folder: string): number => readFileSync(join(checkpoints, folder, 'model.safetensors')).length;
  return most.map(({ folder }) => folder).sort((a, b) => bytes(a) - bytes(b));
}
