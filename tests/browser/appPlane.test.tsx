/** The risk-return plane on a page: what it draws, and how it is read by keyboard and by pointer. */

import { render } from 'solid-js/web';
import { afterEach, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { cloudLayers } from '../../src/app/charts/plane/curves.ts';
import type { PlaneModel, PlanePick } from '../../src/app/charts/plane/model.ts';
import { RiskReturnPlane } from '../../src/app/charts/plane/RiskReturnPlane.tsx';
import { canvasDrawing } from '../../src/app/export/canvasDrawing.ts';
import { pageLook, pictureOf, svgDrawing } from '../../src/app/export/drawing.ts';
import { svgToPng } from '../../src/app/export/png.ts';
import { crc32 } from '../../src/quotes/bytes/crc32.ts';

const model: PlaneModel = {
  unit: { symbol: 'bps', each: 'a day' },
  sigmaLabel: 'σ',
  riskFree: 1.98,
  noun: { one: 'configuration', many: 'strategies' },
  series: [{ name: 'the run', tone: 'main' }],
  layers: [
    ...cloudLayers({
      series: 'the run',
      points: [
        { index: 7, sigma: 30, mean: 6 },
        { index: 3, sigma: 10, mean: 2 },
        { index: 5, sigma: 20, mean: 5 },
      ],
      line: [
        { sigma: 0, mean: 0, low: -1, high: 1 },
        { sigma: 33, mean: 7, low: 5, high: 9 },
      ],
      outline: [],
      pickable: true,
    }),
    { kind: 'ray', look: 'market', through: { sigma: 20, mean: 4 } },
    { kind: 'arrow', from: { sigma: 10, mean: 2 }, to: { sigma: 20, mean: 5 } },
    {
      kind: 'points',
      points: [{ index: 0, name: 'Random', sigma: 15, mean: 0 }],
      pickable: false,
      look: 'naive',
      labelled: true,
    },
    { kind: 'points', points: [{ index: 0, sigma: 3, mean: 99 }], pickable: false, namedAtEdge: 'Oracle' },
  ],
};

let dispose = (): void => {};
afterEach(() => dispose());

function show(onOpen: (index: number) => void): HTMLElement {
  const host = document.createElement('div');
  host.style.width = '600px';
  document.body.replaceChildren(host);
  const opened: PlanePick = { series: 'the run', index: 5 };
  const plane = () => (
    <RiskReturnPlane
      label="Risk-return plane"
      model={model}
      opened={opened}
      onOpen={({ index }) => onOpen(index)}
      columns={[{ title: 'Twice', textOf: ({ index }) => String(2 * index) }]}
    />
  );
  dispose = render(plane, host);
  return host;
}

const frameOf = (host: HTMLElement) => host.querySelector('[role=application]') as HTMLElement;
const readout = (host: HTMLElement) => host.querySelector('.readout')?.textContent;
const rows = (host: HTMLElement) =>
  [...host.querySelectorAll('tbody tr')].map((row) => [...row.children].map((cell) => cell.textContent?.trim()));

test('every layer is drawn: points, line, band, ray, arrow, a named mark and one above the edge, the risk-free rate, and what is open', async () => {
  const host = show(() => {});
  await expect.poll(() => host.querySelector('svg')?.viewBox.baseVal.width).toBe(600);
  expect(host.querySelectorAll('.main path.point')).toHaveLength(3);
  expect(host.querySelectorAll('path.curve-band[d^="M"], path.curve-line[d^="M"]')).toHaveLength(2);
  expect(host.querySelectorAll('path.ray.market[d^="M"], line.arrow')).toHaveLength(2);
  expect([...host.querySelectorAll('text')].map((text) => text.textContent)).toEqual(
    expect.arrayContaining(['risk-free 1.98', 'Random', '↑ Oracle: 99.00 at σ 3.00', 'σ, bps a day']),
  );
  expect(host.querySelectorAll('circle.chosen')).toHaveLength(1);
});

test('a rectangle drawn with the mouse lists what is in it, and every row opens', async () => {
  const onOpen = vi.fn();
  const host = show(onOpen);
  const frame = frameOf(host);
  await expect.poll(() => host.querySelector('svg')?.viewBox.baseVal.width).toBe(600);
  const [right, left, middle] = [...host.querySelectorAll('.main path.point')].map((point) =>
    point.getBoundingClientRect(),
  );
  const pointer = (kind: string, x: number, y: number) =>
    frame.dispatchEvent(
      new PointerEvent(kind, { bubbles: true, pointerType: 'mouse', buttons: 1, clientX: x, clientY: y }),
    );
  // A synthetic pointer cannot be captured.
  frame.setPointerCapture = () => {};
  pointer('pointerdown', left!.left - 20, left!.bottom + 20);
  pointer('pointermove', middle!.right + 10, middle!.top - 10);
  expect(host.querySelectorAll('rect.brush')).toHaveLength(1);
  pointer('pointerup', middle!.right + 10, middle!.top - 10);
  expect(host.querySelectorAll('rect.brush')).toHaveLength(0);
  expect(rows(host)).toEqual([
    ['configuration 5', '20.00', '5.00', '10'],
    ['configuration 3', '10.00', '2.00', '6'],
  ]);
  expect(host.querySelectorAll('.point.faint')).toHaveLength(1);
  frame.dispatchEvent(new MouseEvent('click', { bubbles: true, clientX: right!.x + 3, clientY: right!.y + 3 }));
  expect(onOpen).not.toHaveBeenCalled();
  host.querySelector<HTMLElement>('tbody button')?.click();
  expect(onOpen).toHaveBeenCalledExactlyOnceWith(5);
});

test('keys zoom, grow a rectangle from the cursor, and put everything away', async () => {
  const host = show(() => {});
  await expect.poll(() => host.querySelector('svg')?.viewBox.baseVal.width).toBe(600);
  const ticks = () => [...host.querySelectorAll('text.tick')].map((tick) => tick.textContent).join(' ');
  const whole = ticks();
  frameOf(host).focus();
  await userEvent.keyboard('{ArrowRight}+');
  expect(ticks()).not.toBe(whole);
  await userEvent.keyboard('0');
  expect(ticks()).toBe(whole);
  // From the first point, at σ 10 and mean 2: to the right by seven twentieths of the axis, which ends at 31.2, and up to the top.
  await userEvent.keyboard(`{Shift>}${'{ArrowRight}'.repeat(7)}${'{ArrowUp}'.repeat(20)}{/Shift}`);
  expect(rows(host).map(([name]) => name)).toEqual(['configuration 5', 'configuration 3']);
  expect(host.querySelectorAll('rect.brush')).toHaveLength(1);
  await userEvent.keyboard('{Shift>}{ArrowLeft}{ArrowLeft}{/Shift}');
  expect(rows(host).map(([name]) => name)).toEqual(['configuration 3']);
  expect(readout(host)).toContain('Configuration 3');
  await userEvent.keyboard('{Escape}');
  expect(host.querySelectorAll('rect.brush, tbody tr, .faint')).toHaveLength(0);
  expect(readout(host)).toContain('Draw a rectangle');
});

test('a plane that is zoomed is moved by dragging, and selected from with the shift key held', async () => {
  const host = show(() => {});
  const frame = frameOf(host);
  frame.setPointerCapture = () => {};
  await expect.poll(() => host.querySelector('svg')?.viewBox.baseVal.width).toBe(600);
  [...host.querySelectorAll('button')].find((button) => button.textContent === 'Zoom in')?.click();
  const ticks = () => [...host.querySelectorAll('text.tick')].map((tick) => tick.textContent).join(' ');
  const before = ticks();
  const box = frame.getBoundingClientRect();
  const drag = (shiftKey: boolean) => {
    const at = (kind: string, share: number) =>
      new PointerEvent(kind, {
        ...{ bubbles: true, pointerType: 'mouse', buttons: 1, shiftKey },
        ...{ clientX: box.x + share * box.width, clientY: box.y + share * box.height },
      });
    for (const [kind, share] of [
      ['pointerdown', 0.2],
      ['pointermove', 0.5],
      ['pointermove', 0.9],
      ['pointerup', 0.9],
    ] as const) {
      frame.dispatchEvent(at(kind, share));
    }
  };
  drag(true);
  expect(host.querySelectorAll('table')).toHaveLength(1);
  expect(ticks()).toBe(before);
  drag(false);
  expect(ticks()).not.toBe(before);
});

test('arrow keys walk the points in order of risk, and Enter opens one', async () => {
  const onOpen = vi.fn();
  const host = show(onOpen);
  host.querySelector<HTMLElement>('[role=application]')?.focus();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}');
  expect(readout(host)).toBe('Configuration 5: σ 20.00 bps, mean 5.00 bps a day');
  await userEvent.keyboard('{End}{Enter}');
  expect(onOpen).toHaveBeenCalledExactlyOnceWith(7);
});

test('a click opens the point under it, and none where there is none', async () => {
  const onOpen = vi.fn();
  const host = show(onOpen);
  const frame = frameOf(host);
  const point = host.querySelectorAll('.main path.point')[1] as SVGPathElement;
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
