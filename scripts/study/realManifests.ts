/** The manifests of `docs/real-study`: real quotes of the reference folder, IBM's Tiny Time Mixer and the small one that comes with the page. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseRunSettings } from '../../src/runs/settings.ts';
import type { DataSet } from '../../src/studies/machine/dataSets.ts';
import type { StudyManifest, StudyModel } from '../../src/studies/machine/studyManifest.ts';

/** The official checkpoint, below the reference folder. */
export const officialTtm = 'golden/ttm/real-ttm-v1-1024-96';

export type RealStudy = 'shares' | 'others' | 'slice';

/**
 * @param shared the reference folder; paths in the manifests are below it, but for the model `ttm-r1`, which is `officialTtm`
 * @returns two studies to be read, and a slice of the same kind that a test can run again
 */
export function realManifests(shared: string): Readonly<Record<RealStudy, StudyManifest>> {
  const root = join(import.meta.dirname, '../..');
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
  const files = (id: string, paths: readonly string[]): DataSet => ({
    id,
    source: { kind: 'files', paths },
    grids: [],
  });
  const common = { variants: 4, horizonTicks: 30, configurations: 60, heldForecast: 'none' } as const;

  const eurusd = files('eurusd', ['quotes/lean/forex/oanda/daily/eurusd.zip']);
  return {
    shares: {
      schemaVersion: 3,
      title: 'SPY, AIG and BAC, five days of October 2013 in seconds',
      appVersion: version,
      data: [files('shares', shares)],
      models,
      settings: parseRunSettings({
        ...common,
        strideTicks: 64,
        sessionWindow: true,
        returnPeriod: 'hour',
        thresholdMinBps: 0.2,
        thresholdMaxBps: 3,
      }),
      figures: [
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
      schemaVersion: 3,
      title: 'EUR/USD by the day, Bitcoin by 100 ms',
      appVersion: version,
      data: [
        eurusd,
        files(
          'btc',
          ['20240808', '20240809'].map((day) => `quotes/hftbacktest/spot/btcusdt_${day}.gz`),
        ),
      ],
      models,
      settings: parseRunSettings({ ...common, strideTicks: 64 }),
      figures: [
        {
          kind: 'lead-lag',
          models: names,
          resolutions: [
            { data: 'eurusd', stepMs: 86_400_000, strideTicks: 1 },
            { data: 'btc', stepMs: 100, strideTicks: 8 },
          ],
          lagTicks: 10,
          fineTune: null,
        },
      ],
    },
    slice: {
      schemaVersion: 3,
      title: 'AIG in seconds, EUR/USD by the day: a slice for a test',
      appVersion: version,
      data: [
        files(
          'aig',
          shares.filter((path) => path.includes('/aig/')),
        ),
        eurusd,
      ],
      models,
      settings: parseRunSettings({
        ...common,
        variants: 2,
        configurations: 30,
        strideTicks: 256,
        returnPeriod: 'hour',
        thresholdMinBps: 0.2,
        thresholdMaxBps: 3,
      }),
      figures: [
        { kind: 'market-line', data: 'aig', models: names },
        {
          kind: 'lead-lag',
          models: names,
          resolutions: [{ data: 'eurusd', stepMs: 86_400_000, strideTicks: 2 }],
          lagTicks: 5,
          fineTune: null,
        },
      ],
    },
  };
}
