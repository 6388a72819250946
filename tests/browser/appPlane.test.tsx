/** The risk-return plane on a page: what it draws, and how it is read by keyboard and by pointer. */

import { render } from 'solid-js/web';
import { afterEach, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { PlanePlot } from '../../src/app/charts/PlanePlot.tsx';
import type { PlaneModel } from '../../src/app/charts/planeModel.ts';
import { canvasDrawing } from '../../src/app/export/canvasDrawing.ts';
import { pageLook, pictureOf, svgDrawing } from '../../src/app/export/drawing.ts';
import { svgToPng } from '../../src/app/export/png.ts';
import { crc32 } from '../../src/quotes/bytes/crc32.ts';

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

test('the plane is saved as an SVG that stands alone, and as a PNG of twice its size; both carry the manifest', async () => {
  const svg = show(() => {}).querySelector('svg') as SVGSVGElement;
  await expect.poll(() => svg.viewBox.baseVal.width).toBe(600);
  const manifest = JSON.stringify({ seed: 1, note: '<"&' });
  const picture = pictureOf(svgDrawing(svg), { title: 'A plane & more', manifest }, pageLook());
  const parsed = new DOMParser().parseFromString(picture, 'image/svg+xml');
  expect(parsed.querySelector('parsererror')).toBeNull();
  expect(parsed.querySelector('metadata')?.textContent).toBe(manifest);
  expect(parsed.querySelector('title')?.textContent).toBe('A plane & more');
  expect(parsed.querySelectorAll('[class]')).toHaveLength(0);
  expect(parsed.querySelectorAll('circle')).toHaveLength(svg.querySelectorAll('circle').length);
  const whole = parsed.documentElement;
  const png = await svgToPng(picture, manifest);
  const bitmap = await createImageBitmap(png);
  expect(bitmap.width).toBe(Number(whole.getAttribute('width')) * 2);
  expect(bitmap.height).toBe(Number(whole.getAttribute('height')) * 2);
  const chunks = chunksOf(new Uint8Array(await png.arrayBuffer()));
  expect(chunks[0]?.type).toBe('IHDR');
  expect(chunks.at(-1)?.type).toBe('IEND');
  const text = new TextDecoder().decode(chunks.find(({ type }) => type === 'iTXt')?.data);
  expect(text).toBe(`Manifest\0\0\0\0\0${manifest}`);
});

test('a chart on a canvas is saved as the same paths and texts', async () => {
  const values = Float64Array.from({ length: 40 }, (_, i) => Math.sin(i / 5));
  const canvas = document.createElement('canvas');
  canvas.width = 400;
  canvas.height = 200;
  document.body.append(canvas);
  const context = canvas.getContext('2d')!;
  const draw = (): void => {
    context.clearRect(0, 0, 400, 200);
    context.save();
    context.beginPath();
    context.rect(20, 20, 300, 160);
    context.clip();
    context.translate(20, 100);
    const path = new Path2D();
    // As chart libraries do: no first moveTo, and an area that begins as a copy of the line.
    for (const [i, value] of values.entries()) path.lineTo(8 * i, 50 * value);
    context.strokeStyle = '#0b5cad';
    context.lineWidth = 3;
    context.setLineDash([9, 4]);
    context.stroke(path);
    const area = new Path2D(path);
    area.lineTo(312, 60);
    area.lineTo(0, 60);
    context.fillStyle = '#0b5cad26';
    context.fill(area);
    context.restore();
    const dot = new Path2D();
    dot.moveTo(360, 100);
    dot.arc(350, 100, 10, 0, 2 * Math.PI);
    context.fillStyle = '#b4540a';
    context.fill(dot);
    context.font = '16px monospace';
    context.textAlign = 'right';
    context.textBaseline = 'top';
    context.fillText('a < b', 390, 10);
  };
  draw();
  const before = context.getImageData(0, 0, 400, 200).data;
  const drawing = canvasDrawing(canvas, draw);
  // Nothing is left behind: the canvas draws as ever, on its own.
  expect(Object.keys(context)).toEqual([]);
  expect([...context.getImageData(0, 0, 400, 200).data]).toEqual([...before]);
  const file = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200" viewBox="${drawing.viewBox.join(' ')}">${drawing.body}</svg>`;
  const parsed = new DOMParser().parseFromString(file, 'image/svg+xml');
  expect(parsed.querySelector('parsererror')).toBeNull();
  expect(parsed.querySelector('text')?.textContent).toBe('a < b');
  // Drawn again from the SVG it is the same picture, but for the smoothing of edges and letters.
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(file)}`;
  await image.decode();
  const again = document.createElement('canvas').getContext('2d')!;
  again.canvas.width = 400;
  again.canvas.height = 200;
  again.drawImage(image, 0, 0);
  const after = again.getImageData(0, 0, 400, 200).data;
  let [inked, apart] = [0, 0];
  for (let i = 3; i < before.length; i += 4) {
    if (before[i]! > 0) inked++;
    if (Math.abs(before[i]! - after[i]!) > 128) apart++;
  }
  expect(inked).toBeGreaterThan(1000);
  expect(apart).toBeLessThan(inked * 0.08);
});

function chunksOf(png: Uint8Array): { type: string; data: Uint8Array }[] {
  const view = new DataView(png.buffer, png.byteOffset);
  const chunks: { type: string; data: Uint8Array }[] = [];
  for (let at = 8; at < png.length; ) {
    const length = view.getUint32(at);
    chunks.push({
      type: String.fromCharCode(...png.subarray(at + 4, at + 8)),
      data: png.subarray(at + 8, at + 8 + length),
    });
    expect(view.getUint32(at + 8 + length)).toBe(crc32(png.subarray(at + 4, at + 8 + length)));
    at += 12 + length;
  }
  return chunks;
}
