/** The risk-return plane on a page: what it draws, and how it is read by keyboard and by pointer. */

import { render } from 'solid-js/web';
import { afterEach, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { PlanePlot } from '../../src/app/charts/PlanePlot.tsx';
import type { PlaneModel } from '../../src/app/charts/planeModel.ts';
import { svgToPng } from '../../src/app/export/png.ts';

const model: PlaneModel = {
  points: [
    { config: 7, sigmaBps: 30, meanBps: 6 },
    { config: 3, sigmaBps: 10, meanBps: 2 },
    { config: 5, sigmaBps: 20, meanBps: 5 },
  ],
  line: [
    { sigmaBps: 0, meanBps: 0, lowBps: -1, highBps: 1 },
    { sigmaBps: 33, meanBps: 7, lowBps: 5, highBps: 9 },
  ],
  riskFreeBps: 1.98,
  sigmaLabel: 'σ',
  each: 'a day',
};

let dispose = (): void => {};
afterEach(() => dispose());

function show(onOpen: (config: number) => void): HTMLElement {
  const host = document.createElement('div');
  host.style.width = '600px';
  document.body.replaceChildren(host);
  dispose = render(() => <PlanePlot model={model} selected={5} onOpen={onOpen} />, host);
  return host;
}

test('every configuration is a point, with the line, its band, the risk-free rate and the opened point', () => {
  const host = show(() => {});
  expect(host.querySelectorAll('circle.point')).toHaveLength(3);
  expect(host.querySelectorAll('path.band[d^="M"], path.fit[d^="M"]')).toHaveLength(2);
  expect(host.textContent).toContain('risk-free 1.98');
  expect(host.querySelectorAll('circle.chosen')).toHaveLength(1);
});

test('arrow keys walk the points in order of risk, and Enter opens one', async () => {
  const onOpen = vi.fn();
  const host = show(onOpen);
  host.querySelector<HTMLElement>('[role=application]')?.focus();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}');
  expect(host.querySelector('[aria-live]')?.textContent).toBe('Configuration 5: σ 20.00 bps, mean 5.00 bps a day');
  await userEvent.keyboard('{End}{Enter}');
  expect(onOpen).toHaveBeenCalledExactlyOnceWith(7);
});

test('a click opens the point under it, and none where there is none', async () => {
  const onOpen = vi.fn();
  const host = show(onOpen);
  const frame = host.querySelector('[role=application]') as HTMLElement;
  const point = host.querySelectorAll('circle.point')[1] as SVGCircleElement;
  const at = point.getBoundingClientRect();
  const click = (x: number, y: number) =>
    frame.dispatchEvent(new MouseEvent('click', { bubbles: true, clientX: x, clientY: y }));
  click(at.x + 6, at.y);
  expect(onOpen).toHaveBeenCalledExactlyOnceWith(3);
  const box = frame.getBoundingClientRect();
  click(box.right - 2, box.bottom - 2);
  expect(onOpen).toHaveBeenCalledTimes(1);
});

test('the plane is saved as a PNG of twice its size', async () => {
  const svg = show(() => {}).querySelector('svg') as SVGSVGElement;
  await expect.poll(() => svg.viewBox.baseVal.width).toBe(600);
  const bitmap = await createImageBitmap(await svgToPng(svg));
  expect(bitmap.width).toBe(svg.viewBox.baseVal.width * 2);
  expect(bitmap.height).toBe(svg.viewBox.baseVal.height * 2);
});
