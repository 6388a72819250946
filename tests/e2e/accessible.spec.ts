/** No violations of WCAG 2.2 A and AA that axe can see, on every page and dialog, light and dark. */

import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { figurePanels } from '../../src/app/explore/panels.ts';
import { onnxForecaster } from './support/onnxForecaster.ts';
import { LabPage, unfold } from './support/page.ts';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

async function violations(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page }).withTags(rules).analyze();
  return found.violations.map(
    ({ id, help, nodes }) =>
      `${id} (${help}): ${nodes
        .map(({ target }) => target.join(' '))
        .slice(0, 3)
        .join(' | ')}`,
  );
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the Lab with results and a configuration open, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const lab = new LabPage(page);
    await lab.open();
    await lab.runAndOpenAll();
    expect(await violations(page)).toEqual([]);
  });

  test(`every step of Learn, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.goto('/#learn');
    for (let next = true; next; ) {
      await page.getByRole('radio').first().check();
      await page.getByRole('button', { name: 'Check' }).click();
      await unfold(page);
      expect(await violations(page)).toEqual([]);
      const link = page.getByRole('link', { name: /^Next/ });
      next = await link.isVisible();
      if (next) await link.click();
    }
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every figure of Explore, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const { address: view } of figurePanels) {
      await page.goto(`/#explore/${view}`);
      await expect(page.locator('main:visible h2').first()).toBeVisible();
      await unfold(page);
      expect(await violations(page), view).toEqual([]);
    }
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the Lab's dialogs and folds before a run, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const lab = new LabPage(page);
    await lab.open();
    await expect(lab.section('model').getByText(/^Runs on /)).toBeVisible({ timeout: 60_000 });
    await unfold(page);
    await expect(page.locator('#family')).toBeVisible();
    expect(await violations(page), 'folds').toEqual([]);

    await lab.chooseMade('model', [{ name: 'forecaster.onnx', bytes: onnxForecaster() }]);
    await expect(page.getByRole('dialog', { name: 'How is this ONNX model used?' })).toBeVisible();
    expect(await violations(page), 'the ONNX dialog').toEqual([]);
    await page.keyboard.press('Escape');

    const rows = Array.from({ length: 50 }, (_, i) => `10:00:${10 + i};${100.5 + (i % 3)};${100 + (i % 3)}`);
    const bytes = new TextEncoder().encode(`klok;vraag;bod\n${rows.join('\n')}\n`);
    await lab.chooseMade('data', [{ name: 'odd.txt', bytes }]);
    await page.getByRole('button', { name: 'Say what the columns of odd.txt are' }).click();
    await expect(page.getByRole('dialog', { name: 'The columns of odd.txt' })).toBeVisible();
    expect(await violations(page), 'the mapping dialog').toEqual([]);
  });
}
