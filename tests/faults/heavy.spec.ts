/** A file that asks for more than the device has, in the page: refused at once, with what would fit, and the page goes on. */

import { expect, test } from '@playwright/test';
import { LabPage } from '../e2e/support/page.ts';
import { smallTtm } from '../support/smallTtm.ts';

test('a config of a billion layers is refused with the field named, and the model in use stays', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open();
  const model = lab.section('model');
  await expect(model.getByText(/^Runs on /)).toBeVisible();
  const { configJson, weights } = smallTtm();
  const config = new TextEncoder().encode(JSON.stringify({ ...JSON.parse(configJson), num_layers: 1e9 }));
  const startMs = Date.now();
  await lab.chooseMade('model', [
    { name: 'config.json', bytes: config },
    { name: 'model.safetensors', bytes: weights },
  ]);
  await expect(model.getByRole('alert')).toContainText('The field num_layers is 1,000,000,000');
  expect(Date.now() - startMs).toBeLessThan(10_000);
  await expect(model.getByRole('heading', { level: 3 })).toHaveText('ttm-nano');
});
