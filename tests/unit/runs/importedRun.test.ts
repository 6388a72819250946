import { beforeAll, describe, expect, test } from 'vitest';
import { hashGrid } from '../../../src/core/hashGrid.ts';
import { directBacktester } from '../../../src/marketLine/backtester.ts';
import type { MarketLineResult } from '../../../src/marketLine/marketLineResult.ts';
import { intervalsOf } from '../../../src/marketLine/slopeIntervals.ts';
import { runJson } from '../../../src/runs/exports.ts';
import { readRunFile } from '../../../src/runs/importedRun.ts';
import { runMarketLine } from '../../../src/runs/run.ts';
import { makeManifest } from '../../../src/runs/runManifest.ts';
import { parseRunSettings } from '../../../src/runs/settings.ts';
import { card, leakingForecaster, makeGrid } from './fixtures.ts';

const settings = parseRunSettings({ variants: 2, configurations: 6, thresholdMaxBps: 5 });
const grid = makeGrid('A', ['2024-01-02', '2024-01-03', '2024-01-04', '2024-01-05', '2024-01-08']);
let result: MarketLineResult;
let saved: string;

beforeAll(async () => {
  const forecaster = leakingForecaster(5e-4);
  const study = { grids: [grid], forecaster, backtester: directBacktester, settings };
  ({ result } = await runMarketLine(study));
  const data = [{ symbol: 'A', source: 'a.csv', gridSha256: await hashGrid(grid) }];
  const manifest = makeManifest({ appVersion: '0.1.0', data, card, backend: forecaster.backend, settings });
  saved = runJson(manifest, result, card);
});

test('a saved run comes back as it was, intervals drawn again and all', async () => {
  const { summary, manifest, model } = readRunFile(saved, 'run.json');
  expect({ ...summary, intervals: await intervalsOf(summary, manifest.settings.seed) }).toEqual(result);
  expect(model).toEqual({ title: card.title, parameters: 0, contextLength: 20, horizon: 10 });
});

test('one that was saved before the model was described is read too', () => {
  const { model: _, ...old } = JSON.parse(saved);
  expect(readRunFile(JSON.stringify(old), 'run.json').model.title).toBe(card.family);
});

describe('a file that is no good is refused with a sentence', () => {
  type Saved = { manifest: object; result: MarketLineResult & { periodReturns: number[] } };
  const changed = (change: (document: Saved) => void): string => {
    const document = JSON.parse(saved) as Saved;
    change(document);
    return JSON.stringify(document);
  };
  test.each<[string, () => string, RegExp]>([
    ['cut off', () => saved.slice(0, -100), /not JSON, or not all/],
    ['of something else', () => '{"a": 1}', /manifest|result/],
    [
      'with text for a number',
      () => changed(({ result: r }) => Object.assign(r, { variants: 'two' })),
      /result\.variants/,
    ],
    ['without its last return', () => changed(({ result: r }) => r.periodReturns.pop()), /a return for each/],
    [
      'with a return that was changed',
      () => changed(({ result: r }) => r.periodReturns.splice(5, 1, 0.5)),
      /was changed/,
    ],
    [
      'of other settings',
      () => changed(({ manifest }) => Object.assign(manifest, { settings: { ...settings, configurations: 7 } })),
      /7 configurations/,
    ],
  ])('%s', (_, text, reason) => {
    expect(() => readRunFile(text(), 'run.json')).toThrow(reason);
  });
});
