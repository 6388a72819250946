/** The Lab as a user handles it: fields by their labels, buttons by their names, results by what is saved. */

import { readFile } from 'node:fs/promises';
import { type Download, expect, type Locator, type Page } from '@playwright/test';
import type { MarketLineResult } from '../../../src/marketLine/marketLineResult.ts';
import type { RunManifest } from '../../../src/runs/runManifest.ts';

/** A study as the page saves it: typed arrays are plain arrays. */
export interface SavedStudy {
  readonly manifest: RunManifest;
  readonly result: Omit<MarketLineResult, 'periodReturns' | 'tradeCounts'> & {
    readonly periodReturns: readonly number[];
    readonly tradeCounts: readonly number[];
  };
}

/** Opens every fold, so that what is in it is looked at too. */
export async function unfold(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
}

export class LabPage {
  /** Everything the browser complained about. A test that expects none checks that this stays empty. */
  readonly complaints: string[] = [];

  constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
  }

  /** `search` begins with a question mark. */
  async open(search = ''): Promise<void> {
    // An address that differs in its fragment alone would not open the page anew.
    await this.page.goto('about:blank');
    await this.page.goto(`/${search}#lab`);
    await expect(this.section('data').getByRole('article').first()).toBeVisible();
  }

  section(id: 'data' | 'model' | 'settings' | 'run' | 'results'): Locator {
    return this.page.locator(`#${id}`);
  }

  get runButton(): Locator {
    return this.page.getByRole('button', { name: /^Run( again)?$/ });
  }

  /** Chooses files with the button of the quotes section, or of the model section. */
  async choose(section: 'data' | 'model', paths: readonly string[]): Promise<void> {
    await this.section(section)
      .locator('input[type=file]')
      .setInputFiles([...paths]);
  }

  /** Chooses files that exist nowhere on disk. */
  async chooseMade(section: 'data' | 'model', files: readonly { name: string; bytes: Uint8Array }[]): Promise<void> {
    const payload = files.map(({ name, bytes }) => ({ name, mimeType: '', buffer: Buffer.from(bytes) }));
    await this.section(section).locator('input[type=file]').setInputFiles(payload);
  }

  /** Drops files onto the quotes section, as a pointer would. */
  async drop(paths: readonly string[]): Promise<void> {
    const files = await Promise.all(
      paths.map(async (path) => ({ name: path.split('/').at(-1), base64: (await readFile(path)).toString('base64') })),
    );
    const transfer = await this.page.evaluateHandle((given) => {
      const data = new DataTransfer();
      for (const { name, base64 } of given) {
        data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name ?? 'file'));
      }
      return data;
    }, files);
    await this.section('data')
      .getByRole('group', { name: 'Choose quote files' })
      .dispatchEvent('drop', { dataTransfer: transfer });
  }

  async executeOn(backend: 'Automatic' | 'WebGPU' | 'WASM'): Promise<void> {
    await this.section('model').getByRole('radio', { name: backend }).check();
    await expect(this.section('model').getByText(/^Runs on /)).toContainText(backend === 'WASM' ? 'WASM' : 'WebGPU');
  }

  async set(fields: Readonly<Record<string, string | number>>): Promise<void> {
    for (const [label, value] of Object.entries(fields)) {
      await this.page.getByLabel(label, { exact: true }).fill(String(value));
    }
  }

  /** Runs the study and waits for its end. */
  async run(timeout = 120_000): Promise<void> {
    await expect(this.runButton).toBeEnabled({ timeout: 60_000 });
    await this.runButton.click();
    await expect(this.section('run').getByText(/^Finished in /)).toBeVisible({ timeout });
  }

  /** A small run with everything that its results can show on the page: a configuration, and every fold open. */
  async runAndOpenAll(): Promise<void> {
    await this.set({ 'Variants K': 2, 'Forecast stride': 300, 'Configurations C': 12 });
    await this.run();
    await this.page.getByText('configurations as a table').click();
    await this.page.locator('#results table button.quiet').first().click();
    await expect(this.page.getByTestId('tails')).toBeVisible();
    await unfold(this.page);
    await expect(this.page.getByTestId('honesty-table')).toBeVisible();
  }

  async save(button: string | RegExp): Promise<Download> {
    const download = this.page.waitForEvent('download');
    await this.page.getByRole('button', { name: button }).click();
    return download;
  }

  async saveText(button: string | RegExp): Promise<string> {
    return readFile(await (await this.save(button)).path(), 'utf8');
  }

  async savedStudy(): Promise<SavedStudy> {
    return JSON.parse(await this.saveText('Save run as JSON')) as SavedStudy;
  }
}
