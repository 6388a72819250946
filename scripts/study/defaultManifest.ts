/** The embedded study: the simulated market, every checkpoint that comes with the page, baselines, and all of the paper's figures. */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { defaultSimulatorSettings, type SimulatorSettings } from '../../src/quotes/market/simulatorSettings.ts';
import { parseRunSettings } from '../../src/runs/settings.ts';
import type { FigureSpec } from '../../src/studies/figures/index.ts';
import type { DataSet } from '../../src/studies/machine/dataSets.ts';
import type { StudyManifest, StudyModel } from '../../src/studies/machine/studyManifest.ts';
import { parseFineTuneSettings } from '../../src/training/fineTuning/settings.ts';

const root = join(import.meta.dirname, '../..');
/** Checkpoints `FAMILY-SIZE` left out of plane and table: roll-outs step by step take them long on two cores. */
const slow: ReadonlySet<string> = new Set(['chronos-t5', 'timesfm-2.5']);
const checkpoints = join(root, 'public/checkpoints');
/** Made by `npm run baselines`. */
export const baselinesFolder = join(checkpoints, 'baselines');

/** Renewed every week, in a hundredth of the paper's time: small batches, and the weights that did best on the last days before the week. */
const weekly = {
  trailingMonths: 3,
  settings: parseFineTuneSettings({
    steps: 150,
    batchSize: 64,
    strideTicks: 8,
    learningRate: 3e-4,
    warmUpSteps: 10,
    validateEvery: 50,
    patience: null,
  }),
};

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
/** Fast ticks of two assets: larger models take longer, and there a late answer costs something. */
const sizes = {
  ...defaultSimulatorSettings,
  seed: 20_260_303,
  stepMs: 100,
  days: 12,
  assets: defaultSimulatorSettings.assets.slice(0, 2),
};
/** Half a year in which what was planted loses a fourteenth a week. */
const fading = {
  ...defaultSimulatorSettings,
  days: 130,
  startDay: '2024-01-01',
  stepsPerDay: 900,
  assets: defaultSimulatorSettings.assets.slice(0, 2),
  signal: { ...defaultSimulatorSettings.signal, strengths: [2, 0] as const, decayPerWeek: 0.93 },
};

const simulated = (id: string, settings: SimulatorSettings): DataSet => ({
  id,
  source: { kind: 'simulator', settings },
  grids: [],
});

export function defaultManifest(): StudyManifest {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const embedded = folders(checkpoints);
  const names = embedded.filter((folder) => !slow.has(familyOf(folder)));
  const baselines = folders(baselinesFolder);
  const leading = names.includes('ttm-nano') ? 'ttm-nano' : names[0]!;
  const family = sizesOf(embedded);
  const largest = family.at(-1)!;
  const rounded = (['int8', 'int4'] as const).map((precision) => ({
    ...model(`${largest} ${precision}`, largest),
    precision,
  }));
  const resolutions = [
    { data: 'fast', stepMs: 100, strideTicks: 8 },
    { data: 'market', stepMs: 1000, strideTicks: 8 },
    { data: 'bars', stepMs: 300_000, strideTicks: 4 },
    { data: 'bars', stepMs: 900_000, strideTicks: 1 },
    { data: 'bars', stepMs: 86_400_000, strideTicks: 1 },
  ];
  const figures: FigureSpec[] = [
    { kind: 'market-line', data: 'market', models: [...names, ...baselines] },
    { kind: 'lead-lag', models: [leading], resolutions, lagTicks: 10, fineTune: weekly },
    {
      kind: 'scaling',
      data: 'sizes',
      models: [...family, ...rounded.map(({ name }) => name)],
      stepsMs: [100, 200],
      strideTicks: 24,
      variants: 4,
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
      fineTune: weekly,
    },
    { kind: 'beyond', data: 'market', models: names },
  ];
  return {
    schemaVersion: 3,
    title: 'The embedded study: a simulated market and the models that come with the page',
    appVersion: version,
    data: [
      simulated('market', defaultSimulatorSettings),
      simulated('fast', fast),
      simulated('bars', bars),
      simulated('fading', fading),
      simulated('sizes', sizes),
    ],
    models: [
      ...[...new Set([...names, ...family])].map((name) => model(name, name)),
      ...baselines.map((name) => model(name, `baselines/${name}`)),
      ...rounded,
    ],
    settings: parseRunSettings({
      variants: 6,
      // Contexts differ by multiples of 64: with a stride that divides it all models forecast at the same ticks.
      strideTicks: 8,
      horizonTicks: 16,
      configurations: 60,
      // A price that holds while the market moves on would trade that move: signals count when they are made.
      heldForecast: 'none',
    }),
    figures,
  };
}

function model(name: string, folder: string): StudyModel {
  return { name, source: 'embedded', folder, precision: 'f32', weightsSha256: null, configSha256: null };
}

/** Folders that hold a checkpoint, by name. */
function folders(parent: string): string[] {
  return readdirSync(parent)
    .filter((folder) => existsSync(join(parent, folder, 'config.json')))
    .sort();
}

function familyOf(folder: string): string {
  return folder.replace(/-[^-]*$/, '');
}

/** The checkpoints of the family with the most of them, from the smallest to the largest by the size of their weights. */
function sizesOf(embedded: readonly string[]): string[] {
  const families = new Map<string, string[]>();
  for (const folder of embedded) {
    const family = familyOf(folder);
    families.set(family, [...(families.get(family) ?? []), folder]);
  }
  const most = [...families.values()].sort((a, b) => b.length - a.length)[0]!;
  const bytes = (folder: string): number => statSync(join(checkpoints, folder, 'model.safetensors')).size;
  return most.sort((a, b) => bytes(a) - bytes(b));
}
