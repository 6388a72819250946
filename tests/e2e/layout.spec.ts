/** The page from 360 px to wide, light and dark: nothing is cut off sideways, and nothing leaves the origin. */

import { expect, test } from '@playwright/test';
import { LabPage } from './support/page.ts';

for (const width of [360, 1440]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`fits ${width} px, ${colorScheme}`, async ({ page }) => {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      const lab = new LabPage(page);
      await lab.open();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    });
  }
}
