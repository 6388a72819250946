/** Checkpoints from a hub and from the disk through the built page: a local hub that misbehaves, ONNX, PyTorch, fewer bits. */

import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { defaultHub } from '../../src/models/hub/repository.ts';
import { COMMIT, type HubContents, type RunningHub, startHub } from '../support/hubServer.ts';
import { sharedPresent, sharedRoot } from '../support/shared.ts';
import { smallTtm } from '../support/smallTtm.ts';
import { onnxForecaster } from './support/onnxForecaster.ts';
import { LabPage } from './support/page.ts';

const small = smallTtm();
const config = new TextEncoder().encode(small.configJson);
const REPO = 'lab/small';
const CODE = { 'config.json': config, 'model.safetensors': small.weights };

let hub: RunningHub | undefined;
/** The repository as the page calls it: what comes from another hub than the official one bears that hub's name. */
const called = (): string => `${hub!.base.replace('http://', '')}/${REPO}`;

test.afterEach(async () => {
  await hub?.close();
  hub = undefined;
});

async function openWith(page: Page, contents: Omit<HubContents, 'files'> = {}): Promise<LabPage> {
  hub = await startHub({ files: { [REPO]: CODE }, licence: 'apache-2.0', ...contents });
  const lab = new LabPage(page);
  await page.goto(`/?hub=${encodeURIComponent(hub.base)}`);
  await expect(lab.section('model').getByText(/^Runs on /)).toBeVisible({ timeout: 60_000 });
  await lab.section('model').getByText('From a model hub').click();
  await page.getByRole('button', { name: `Use ${hub.base}` }).click();
  return lab;
}

async function lookUp(page: Page, name = REPO): Promise<void> {
  await page.getByLabel('Repository').fill(name);
  await page.getByRole('button', { name: 'Look up' }).click();
}

test('a repository is looked up, downloaded, used, kept over a reload, and deleted', async ({ page }) => {
  const lab = await openWith(page);
  const model = lab.section('model');
  await expect(model.getByRole('table')).toContainText('Chronos-Bolt tiny');
  await lookUp(page);
  const found = page.getByTestId('found');
  await expect(found).toContainText('config.json, model.safetensors');
  await expect(found).toContainText('apache-2.0');
  await expect(found).toContainText('It fits this device.');
  await page.getByRole('button', { name: 'Download and use' }).click();
  await expect(model.getByRole('heading', { level: 3 })).toHaveText(called());
  await expect(model.getByText('32 ticks')).toBeVisible();

  await page.reload();
  await expect(model.getByRole('heading', { level: 3 })).toHaveText('ttm-nano', { timeout: 60_000 });
  const kept = page.getByRole('region', { name: 'Kept on this device' });
  await kept.getByRole('button', { name: 'Use' }).click();
  await expect(model.getByRole('heading', { level: 3 })).toHaveText(called());
  await kept.getByRole('button', { name: `Delete ${called()}`, exact: true }).click();
  await kept.getByRole('button', { name: `Delete ${called()} for good` }).click();
  await expect(kept).toBeHidden();
  await expect(model.getByRole('heading', { level: 3 })).toHaveText(called());
  expect(lab.complaints).toEqual([]);
});

test('a slow download is paused, survives a reload, and goes on where it was', async ({ page }) => {
  const lab = await openWith(page, { faults: { 'model.safetensors': { slowMs: 1500, times: 1 } } });
  await lookUp(page);
  await page.getByRole('button', { name: 'Download and use' }).click();
  const download = page.getByTestId('download');
  await expect(download).toContainText(/kB of/);
  await download.getByRole('button', { name: 'Pause' }).click();
  await expect(download).toContainText('is paused');
  await page.reload();
  const kept = page.getByRole('region', { name: 'Kept on this device' });
  await expect(kept).toContainText(' of ', { timeout: 60_000 });
  await kept.getByRole('button', { name: 'Resume' }).click();
  await expect(lab.section('model').getByRole('heading', { level: 3 })).toHaveText(called(), { timeout: 60_000 });
  expect(hub!.requests.some((line) => /model\.safetensors bytes=[1-9]/.test(line))).toBe(true);
});

for (const [name, faults, sentence] of [
  ['a page instead of weights', { 'model.safetensors': { html: true } }, 'The hub answered with a web page'],
  ['another hash', { 'model.safetensors': { reportedSha256: 'ab'.repeat(32) } }, 'arrived damaged'],
  ['another length', { 'model.safetensors': { reportedBytes: 77 } }, 'but the hub reports 77'],
] as const) {
  test(`${name} ends in a sentence, and the model in use stays`, async ({ page }) => {
    const lab = await openWith(page, { faults });
    await lookUp(page);
    await page.getByRole('button', { name: 'Download and use' }).click();
    await expect(page.getByTestId('download').getByRole('alert')).toContainText(sentence);
    await expect(lab.section('model').getByRole('heading', { level: 3 })).toHaveText('ttm-nano');
    await expect(lab.section('model').getByText(/^Runs on /)).toBeVisible();
  });
}

test('a gated repository of the official hub asks for a token, which is sent and not stored', async ({ page }) => {
  hub = await startHub({
    files: { [REPO]: CODE },
    faults: { api: { token: 'hf_secret' }, 'model.safetensors': { token: 'hf_secret' } },
  });
  // The hub on this machine answers in the place of the official one.
  await page.context().route(`${defaultHub}/**`, async (route) => {
    const url = route.request().url().replace(defaultHub, hub!.base);
    await route.fulfill({ response: await route.fetch({ url }) });
  });
  const lab = new LabPage(page);
  await lab.open();
  await lab.section('model').getByText('From a model hub').click();
  await lookUp(page);
  await expect(lab.section('model').getByRole('alert')).toContainText('only to those it knows');
  await page.getByLabel('Access token').fill('hf_secret');
  await page.getByRole('button', { name: 'Look up' }).click();
  await page.getByRole('button', { name: 'Download and use' }).click();
  await expect(lab.section('model').getByRole('heading', { level: 3 })).toHaveText(REPO, { timeout: 60_000 });
  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]));
  expect(stored).not.toContain('hf_secret');
});

test('an unknown repository and a name that is none are said to be so', async ({ page }) => {
  const lab = await openWith(page);
  await lookUp(page, 'lab/other');
  await expect(lab.section('model').getByRole('alert')).toContainText('The hub has no lab/other.');
  await lookUp(page, 'other');
  await expect(lab.section('model').getByRole('alert')).toContainText('"other" is no repository name.');
  expect(hub!.requests.every((line) => !line.includes(COMMIT))).toBe(true);
});

test('weights in fewer bits say what they save and cost', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open();
  const model = lab.section('model');
  await expect(model.getByText(/^Runs on /)).toBeVisible({ timeout: 60_000 });
  await model.getByRole('radio', { name: 'int4' }).check();
  await expect(model.getByText(/less than in float32$/)).toBeVisible({ timeout: 60_000 });
  await expect(model.getByText(/of what forecasts move, against float32$/)).toBeVisible();
  await model.getByRole('radio', { name: 'float32' }).check();
  await expect(model.getByText(/against float32$/)).toBeHidden();
});

test('a dropped ONNX forecaster is mapped in a dialog and forecasts', async ({ page }) => {
  const bytes = onnxForecaster();
  const lab = new LabPage(page);
  await lab.open();
  await lab.chooseMade('model', [{ name: 'forecaster.onnx', bytes }]);
  const dialog = page.getByRole('dialog', { name: 'How is this ONNX model used?' });
  await expect(dialog).toContainText('Dropout can be inserted at 1 place');
  await expect(dialog.getByLabel('Context length')).toHaveValue('24');
  await dialog.getByLabel('Context length').fill('12');
  await dialog.getByRole('button', { name: 'Use this model' }).click();
  await expect(lab.section('model').getByRole('alert')).toContainText('The input past takes 24 values, not 12.');

  await lab.chooseMade('model', [{ name: 'forecaster.onnx', bytes }]);
  await dialog.getByRole('button', { name: 'Use this model' }).click();
  await expect(lab.section('model').getByRole('heading', { level: 3 })).toHaveText('forecaster.onnx');
  await expect(lab.section('model')).toContainText('6 ticks');
  await lab.set({ 'Variants K': 2, 'Forecast stride': 300, 'Configurations C': 12 });
  await lab.run();
  const study = await lab.savedStudy();
  expect(study.manifest.model.family).toBe('onnx');
  expect(lab.complaints).toEqual([]);
});

test('a PyTorch checkpoint without config is told from its tensors, and asks which generation it is', async ({
  page,
}) => {
  test.skip(!sharedPresent, 'the reference folder is absent');
  const lab = new LabPage(page);
  await lab.open();
  await lab.choose('model', [join(sharedRoot, 'golden/timesfm-2/l2-d32-h4/torch_model.ckpt')]);
  const model = lab.section('model');
  await expect(model.getByText('TimesFM 1.0', { exact: true }).first()).toBeVisible();
  await expect(model).toContainText('The file has no config: 2 layers of 4 heads were told from its tensors.');
  await model.getByRole('radio', { name: 'TimesFM 2.0' }).check();
  await expect(model.getByText('2,048 ticks')).toBeVisible({ timeout: 60_000 });
});
