/**
 * `npm run study:real`: the study of `docs/real-study` on the reference quotes (`$PML_SHARED`, default `../shared`): US shares and EUR/USD and
 * Bitcoin, with IBM's Tiny Time Mixer and the small one that comes with the page. Few days: it shows that the machine works on real data.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { StudyManifest2, StudyModel } from '../src/studies/machine/manifest.ts';
import { parseStudySettings } from '../src/studies/settings.ts';

const root = resolve(import.meta.dirname, '..');
const shared = resolve(root, process.env.PML_SHARED ?? '../shared');
if (!existsSync(shared)) {
  console.error(`The reference folder ${shared} is absent (PML_SHARED names another).`);
  process.exit(1);
}
const work = join(root, 'node_modules/.cache/real-study');
rmSync(join(work, 'input'), { recursive: true, force: true });
mkdirSync(join(work, 'input/ttm-r1'), { recursive: true });
symlinkSync(join(shared, 'quotes'), join(work, 'input/quotes'));
for (const file of ['config.json', 'model.safetensors']) {
  symlinkSync(join(shared, 'golden/ttm/real-ttm-v1-1024-96', file), join(work, 'input/ttm-r1', file));
}
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const unpinned = { precision: 'f32', weightsSha256: null, configSha256: null } as const;
const models: readonly StudyModel[] = [
  { name: 'ttm-r1', source: 'files', folder: 'ttm-r1', ...unpinned },
  { name: 'ttm-nano', source: 'embedded', folder: 'ttm-nano', ...unpinned },
];
const names = models.map(({ name }) => name);
const second = 'quotes/lean/equity/usa/second';
const shares = ['spy', 'aig', 'bac'].flatMap((symbol) =>
  readdirSync(join(shared, second, symbol)).map((file) => `${second}/${symbol}/${file}`),
);
const files = (id: string, paths: readonly string[]) => ({ id, source: { kind: 'files', paths } as const, grids: [] });
const common = { variants: 4, horizonTicks: 30, configurations: 60, heldForecast: 'none' } as const;

const manifests: Readonly<Record<string, StudyManifest2>> = {
  shares: {
    schemaVersion: 2,
    title: 'SPY, AIG and BAC, five days of October 2013 in seconds',
    appVersion: version,
    data: [files('shares', shares)],
    models,
    settings: parseStudySettings({
      ...common,
      strideTicks: 64,
      sessionWindow: true,
      returnPeriod: 'hour',
      thresholdMinBps: 0.2,
      thresholdMaxBps: 3,
    }),
    studies: [
      { kind: 'market-line', data: 'shares', models: names },
      {
        kind: 'lead-lag',
        models: names,
        resolutions: [{ data: 'shares', stepMs: 1000, strideTicks: 64 }],
        lagTicks: 10,
        fineTune: null,
      },
    ],
  },
  others: {
    schemaVersion: 2,
    title: 'EUR/USD by the day, Bitcoin by 100 ms',
    appVersion: version,
    data: [
      files('eurusd', ['quotes/lean/forex/oanda/daily/eurusd.zip']),
      files('btc', ['quotes/hftbacktest/spot/btcusdt_20240808.gz']),
    ],
    models,
    settings: parseStudySettings({ ...common, strideTicks: 64 }),
    studies: [
      {
        kind: 'lead-lag',
        models: names,
        resolutions: [
          { data: 'eurusd', stepMs: 86_400_000, strideTicks: 1 },
          { data: 'btc', stepMs: 100, strideTicks: 64 },
        ],
        lagTicks: 10,
        fineTune: null,
      },
    ],
  },
};

for (const [name, manifest] of Object.entries(manifests)) {
  const path = join(work, 'input', `${name}.json`);
  writeFileSync(path, JSON.stringify(manifest));
  const out = join(work, name);
  const { status } = spawnSync('npx', ['tsx', 'scripts/study.ts', path, '--out', out], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
