/** What may happen to a page while a run goes on: files dropped on it, settings, a hidden or frozen tab, another tab with the same run. */

import { expect, test } from '@playwright/test';
import { LabPage } from '../e2e/support/page.ts';
import { full } from './support/full.ts';

test('files dropped during a run are refused with a sentence, settings cannot change, and cancelling twice is cancelling', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await lab.open();
  await lab.executeOn('WASM');
  await lab.set({ 'Variants K': 8, 'Forecast stride': 4, 'Configurations C': 12 });
  await expect(lab.runButton).toBeEnabled({ timeout: 60_000 });
  await lab.runButton.click();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(['time,bid,ask\n1,2,3\n'], 'late.csv'));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  const refusal = page.getByRole('alert').filter({ hasText: 'late.csv' });
  await expect(refusal).toContainText(
    'A run is under way, and what it is made of does not change: the file was not taken.',
  );
  await expect(page.getByLabel('Variants K', { exact: true })).toBeDisabled();
  // A tab that is hidden goes on.
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  const cancel = lab.section('run').getByRole('button', { name: 'Cancel' });
  await expect(lab.section('run').getByRole('progressbar')).toBeVisible();
  await cancel.dblclick();
  await expect(lab.section('run')).toContainText('Cancelled.');
  await expect(refusal).toHaveCount(0);
  await expect(lab.section('data').getByRole('heading', { level: 3 })).toHaveCount(4);
  expect(lab.complaints).toEqual([]);
});

test('two tabs with the same run on one device end in the same bits, and neither hides the other’s record', async ({
  page,
  context,
}) => {
  const tabs = [new LabPage(page), new LabPage(await context.newPage())];
  for (const lab of tabs) {
    await lab.open();
    await lab.executeOn('WASM');
    await lab.set({ 'Variants K': 2, 'Forecast stride': 30, 'Configurations C': 12 });
  }
  await Promise.all(tabs.map((lab) => lab.run()));
  const [one, two] = await Promise.all(tabs.map((lab) => lab.savedStudy()));
  expect(two).toEqual(one);
  await tabs[0]!.open();
  await expect(page.getByTestId('history').locator('summary')).toContainText('Earlier runs on this device (2)');
  expect(tabs.flatMap(({ complaints }) => complaints)).toEqual([]);
});

test('a page whose thread stands still in mid-run goes on when it may, and ends in the bits of one that never stopped', async ({
  page,
  browser,
}) => {
  const other = await browser.newContext();
  const [lab, awake] = [new LabPage(page), new LabPage(await other.newPage())];
  for (const each of [lab, awake]) {
    await each.open();
    await each.executeOn('WASM');
    await each.set({ 'Variants K': 2, 'Forecast stride': 30, 'Configurations C': 12 });
    await expect(each.runButton).toBeEnabled({ timeout: 60_000 });
  }
  // As a browser stops a tab in the background; it does not in one without a window.
  const thread = await page.context().newCDPSession(page);
  await thread.send('Debugger.enable');
  await lab.runButton.click();
  await expect(lab.section('run').getByRole('progressbar')).toBeVisible();
  const stopped = new Promise((resolve) => thread.once('Debugger.paused', resolve));
  await thread.send('Debugger.pause');
  await stopped;
  await awake.run();
  // By then the other one has finished.
  await thread.send('Debugger.resume');
  await thread.send('Debugger.disable');
  await expect(lab.section('run').getByText(/^Finished in /)).toBeVisible({ timeout: 120_000 });
  expect(await lab.savedStudy()).toEqual(await awake.savedStudy());
  expect([...lab.complaints, ...awake.complaints]).toEqual([]);
  await other.close();
});

// A GPU emulated in software takes minutes for what a real one does in seconds.
test.describe('on one GPU', () => {
  test.skip(!full, 'only with --full');

  test('two tabs at once come to the numbers of one alone', async ({ page, context, browser }) => {
    test.setTimeout(1_200_000);
    const prepare = async (lab: LabPage) => {
      await lab.open();
      await lab.executeOn('WebGPU');
      await lab.set({ 'Variants K': 2, 'Forecast stride': 6000, 'Configurations C': 12 });
    };
    const tabs = [new LabPage(page), new LabPage(await context.newPage())];
    for (const lab of tabs) await prepare(lab);
    await Promise.all(tabs.map((lab) => lab.run(900_000)));
    const [one, two] = await Promise.all(tabs.map((lab) => lab.savedStudy()));
    expect(two).toEqual(one);
    expect(one!.manifest.backend.provider).toBe('webgpu');
    // Where nothing is kept from them.
    const other = await browser.newContext();
    const alone = new LabPage(await other.newPage());
    await prepare(alone);
    await alone.run(900_000);
    expect(one).toEqual(await alone.savedStudy());
    expect([...tabs, alone].flatMap(({ complaints }) => complaints)).toEqual([]);
    await other.close();
  });
});
