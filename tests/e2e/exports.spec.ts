/** Results taken away and brought back: every plot as PNG and SVG, tables as CSV and Parquet, a report in one file, and a run read back from JSON. */

import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { LabPage } from './support/page.ts';

/** Whether a text is XML, and what its elements hold. */
async function svgFacts(page: Page, text: string) {
  return page.evaluate((given) => {
    const svg = new DOMParser().parseFromString(given, 'image/svg+xml');
    return {
      broken: svg.querySelector('parsererror')?.textContent ?? null,
      manifest: svg.querySelector('metadata')?.textContent ?? '',
      texts: [...svg.querySelectorAll('text')].map((each) => each.textContent ?? ''),
      paths: svg.querySelectorAll('path, circle, line').length,
    };
  }, text);
}

test('a run goes out in every form and comes back as it was', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open();
  await lab.set({ 'Variants K': 2, 'Forecast stride': 300, 'Configurations C': 12 });
  await lab.run();
  const study = await lab.savedStudy();
  await page.getByText('configurations as a table').click();
  await page.locator('#results table button.quiet').first().click();
  await expect(page.getByTestId('tails')).toBeVisible();

  // Plots drawn as SVG and on a canvas: the same two buttons under each.
  const buttons = page.locator('#results').getByRole('button', { name: /^Save as SVG: / });
  await expect.poll(() => buttons.count()).toBeGreaterThanOrEqual(7);
  for (const button of await buttons.all()) {
    const download = page.waitForEvent('download');
    await button.click();
    const facts = await svgFacts(page, await readFile(await (await download).path(), 'utf8'));
    expect(facts.broken).toBeNull();
    expect(JSON.parse(facts.manifest)).toEqual(study.manifest);
    expect(facts.texts.length).toBeGreaterThan(4);
    expect(facts.paths).toBeGreaterThan(2);
  }
  const canvas = await lab.save(/^Save as PNG: Drawdown/);
  const png = await readFile(await canvas.path());
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(png.includes(`Manifest\0\0\0\0\0${JSON.stringify(study.manifest)}`)).toBe(true);

  // A table as it is shown.
  const table = page.getByTestId('line-table');
  const download = page.waitForEvent('download');
  await page.locator('.stack', { has: table }).last().getByRole('button', { name: 'Save table as CSV' }).click();
  const csv = await readFile(await (await download).path(), 'utf8');
  const lines = csv.trimEnd().split('\r\n');
  expect(lines).toHaveLength(1 + (await table.locator('tbody tr').count()));
  expect(lines[0]).toMatch(/\S a day,.*\S Annual/);
  const beside = JSON.parse(await lab.saveText('Save the manifest of these tables'));
  expect(beside.notes).toEqual([{ manifest: study.manifest }]);

  const parquet = await readFile(await (await lab.save('Save returns as Parquet')).path());
  const file = new Uint8Array(parquet).buffer;
  const rows = await parquetReadObjects({ file });
  expect(rows.map((row) => row['return [1/day]'])).toEqual(study.result.periodReturns);
  const [{ value = '' } = {}] = parquetMetadata(file).key_value_metadata ?? [];
  expect(JSON.parse(value)).toEqual(study.manifest);

  const report = await lab.saveText('Save report as HTML');
  expect(report).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
  const other = await page.context().newPage();
  await other.setContent(report);
  const pictures = other.getByRole('img');
  await expect.poll(() => pictures.count()).toBeGreaterThanOrEqual(7);
  for (const picture of await pictures.all()) {
    expect(
      await picture.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth)),
    ).toBeGreaterThan(0);
  }
  expect(JSON.parse((await other.locator('#manifest').textContent()) ?? '')).toEqual(study.manifest);
  await other.close();

  // Dropped anywhere on the page it is another run, marked; what is no good is refused.
  const saved = await (await lab.save('Save run as JSON')).path();
  const text = await readFile(saved, 'utf8');
  await lab.chooseMade('data', [{ name: 'mine.json', bytes: Buffer.from(text) }]);
  const runs = page.getByTestId('runs-table').locator('tbody tr');
  await expect(runs).toHaveCount(2);
  await expect(runs.nth(1)).toContainText('imported');
  const figures = (row: number) => runs.nth(row).locator('td').allTextContents();
  expect((await figures(1)).slice(2, 9)).toEqual((await figures(0)).slice(2, 9));
  await page.getByTestId('import').locator('summary').first().click();
  await page
    .getByTestId('import')
    .locator('input[type=file]')
    .setInputFiles({ name: 'half.json', mimeType: '', buffer: Buffer.from(text.slice(0, 5000)) });
  await expect(page.getByTestId('import').getByRole('alert')).toContainText('half.json');
  await expect(runs).toHaveCount(2);
  await page.getByTestId('import').getByRole('link', { name: 'shown in Explore' }).click();
  await expect(page.getByRole('application', { name: /^Risk-return plane of all models/ })).toBeVisible();
  expect(lab.complaints).toEqual([]);
});

test('Explore’s figures, tables and whole study can be taken away', async ({ page }) => {
  const lab = new LabPage(page);
  await page.goto('/#explore/decay');
  const svg = await svgFacts(page, await lab.saveText(/^Save as SVG: Rolling market line/));
  expect(svg.broken).toBeNull();
  expect(svg.texts).toContain('bound SRθ');
  await page.getByText('Take it away').click();
  const results = JSON.parse(await lab.saveText('Save results as JSON'));
  expect(JSON.parse(svg.manifest)).toEqual(results.manifest);
  expect(await lab.saveText('Save decay as CSV')).not.toContain('manifest');
  const beside = JSON.parse(await lab.saveText('Save the manifest of these tables'));
  expect(beside.notes).toEqual([{ manifest: results.manifest }]);
  expect(await lab.saveText('Save report as HTML')).toContain('Rolling market line');
  expect(lab.complaints).toEqual([]);
});
