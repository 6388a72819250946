/** What is to be hit is large enough, and the keyboard's place is always seen (WCAG 2.2: 2.5.8 Target Size, 2.4.7 Focus Visible). */

import { expect, type Page, test } from '@playwright/test';
import { LabPage, unfold } from './support/page.ts';

/** CSS pixels. */
const LEAST = 24;

/** Targets smaller than they may be, in words. Links within a sentence are exempt; a control in a label is as large as that label. */
function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate((least) => {
    const found: string[] = [];
    for (const target of document.querySelectorAll<HTMLElement>('a[href], button, input, select, summary')) {
      if (!target.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      if (getComputedStyle(target).display === 'inline' && target.closest('p, li, td, th')) continue;
      const labels = target instanceof HTMLInputElement ? [...(target.labels ?? [])] : [];
      const boxes = [target, ...labels].map((each) => each.getBoundingClientRect());
      if (boxes.some(({ width, height }) => width >= least - 0.01 && height >= least - 0.01)) continue;
      const { width, height } = target.getBoundingClientRect();
      const name = target.getAttribute('aria-label') ?? target.textContent?.trim().slice(0, 40);
      found.push(`${target.tagName.toLowerCase()} "${name}": ${width.toFixed(1)} × ${height.toFixed(1)}`);
    }
    return found;
  }, LEAST);
}

test.use({ viewport: { width: 360, height: 800 } });

test('every target of Explore and Learn is at least 24 px in both directions', async ({ page }) => {
  await page.goto('/#explore');
  await expect(page.locator('main:visible h2').first()).toBeVisible();
  await unfold(page);
  expect(await smallTargets(page)).toEqual([]);
  await page.goto('/#learn');
  await expect(page.getByText('Step 1 of')).toBeVisible();
  await unfold(page);
  expect(await smallTargets(page)).toEqual([]);
});

test('every target of the Lab with results is at least 24 px in both directions', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open();
  await lab.runAndOpenAll();
  expect(await smallTargets(page)).toEqual([]);
});

test('the tab key comes to controls and plots in turn, and shows where it is', async ({ page }) => {
  await page.goto('/#explore');
  await expect(page.locator('main:visible h2').first()).toBeVisible();
  const roles: string[] = [];
  for (let i = 0; i < 25; i++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return undefined;
      // A radio may show the focus on the label around it.
      const shown = [element, element.closest('label')].flatMap((each) => (each ? [getComputedStyle(each)] : []));
      const ring = shown.some(
        ({ outlineStyle, outlineWidth, boxShadow }) =>
          (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2) || boxShadow !== 'none',
      );
      return { ring, role: element.getAttribute('role') ?? element.tagName, name: element.outerHTML.slice(0, 120) };
    });
    if (!at) break;
    expect(at.ring, at.name).toBe(true);
    roles.push(at.role);
  }
  expect(roles).toContain('application');
});

test('with less motion wished for, nothing moves by itself', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const route of ['#explore', '#lab', '#learn']) {
    await page.goto(`/${route}`);
    await expect(page.locator('main:visible').first()).toBeVisible();
    const moving = await page.evaluate(() =>
      document.getAnimations().flatMap((animation) => {
        const duration = animation.effect?.getComputedTiming().duration;
        return typeof duration === 'number' && duration > 10 ? [String(duration)] : [];
      }),
    );
    expect(moving, route).toEqual([]);
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior)).toBe('auto');
  }
});
