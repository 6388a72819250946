/** Charts over positions in their common frame: whichever draws, keys move the cursor and zoom, and dragging moves what is zoomed. */

import type { JSX } from 'solid-js';
import { render } from 'solid-js/web';
import { afterEach, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { LinePlot } from '../../src/app/charts/LinePlot.tsx';
import { LossChart } from '../../src/app/charts/LossChart.tsx';
import { TimeChart } from '../../src/app/charts/TimeChart.tsx';
// Without the page's colours nothing is drawn.
import '../../src/app/styles/tokens.css';
import '../../src/app/styles/charts.css';

const values = Array.from({ length: 40 }, (_, i) => Math.sin(i / 4));
const names = values.map((_, i) => `day ${i}`);

const charts: Readonly<Record<string, { readonly chart: () => JSX.Element; readonly third: string }>> = {
  TimeChart: {
    chart: () => (
      <TimeChart
        label="Equity"
        values={values}
        kind="curve"
        nameAt={(index) => names[index] ?? ''}
        marks={[0, 10, 20, 30].map((index) => ({ index, text: names[index] ?? '' }))}
        formatValue={String}
        formatTick={String}
      />
    ),
    third: `day 2: ${values[2]}`,
  },
  LinePlot: {
    chart: () => (
      <LinePlot
        label="Decay"
        positions={names}
        axis={values.map((_, i) => i)}
        curves={[{ name: 'bound', marker: { shape: 'circle', colour: 0 }, values }]}
        xLabel="day"
        yLabel="y"
        format={String}
      />
    ),
    third: `day 2: bound ${values[2]}`,
  },
  LossChart: {
    chart: () => <LossChart losses={[4, 2, 1, 1, 1, 1, 1, 1]} validations={[{ step: 3, loss: 2 }]} steps={8} />,
    third: 'Step 2: training 3',
  },
};

let dispose = (): void => {};
afterEach(() => dispose());

for (const [name, { chart, third }] of Object.entries(charts)) {
  test(`${name}: keys move the cursor and zoom, and a drag moves what is zoomed`, async () => {
    const host = document.createElement('div');
    host.style.width = '600px';
    document.body.replaceChildren(host);
    dispose = render(chart, host);
    const figure = host.querySelector('figure') as HTMLElement;
    const frame = host.querySelector('.chart-frame') as HTMLElement;
    const picture = () => [...host.querySelectorAll('svg')].map((svg) => svg.innerHTML).join() + canvas(host);
    const shown = (): boolean => frame.classList.contains('pannable');
    const width = (element: Element | null) => element?.getBoundingClientRect().width;
    await expect.poll(() => width(host.querySelector('svg, .uplot'))).toBe(width(frame));
    figure.focus();
    await userEvent.keyboard('{ArrowRight}{ArrowRight}{ArrowRight}');
    await expect.poll(() => host.querySelector('.readout')?.textContent).toContain(third);
    const whole = picture();
    await userEvent.keyboard('+');
    expect(shown()).toBe(true);
    await expect.poll(picture).not.toBe(whole);
    const near = picture();
    // A synthetic pointer cannot be captured.
    frame.setPointerCapture = () => {};
    const box = frame.getBoundingClientRect();
    for (const [kind, share] of [
      ['pointerdown', 0.8],
      ['pointermove', 0.5],
      ['pointerup', 0.5],
    ] as const) {
      frame.dispatchEvent(
        new PointerEvent(kind, { bubbles: true, clientX: box.x + share * box.width, clientY: box.y + 50 }),
      );
    }
    await expect.poll(picture).not.toBe(near);
    [...host.querySelectorAll('button')].find(({ textContent }) => textContent === 'Show all')?.click();
    expect(shown()).toBe(false);
  });
}

/** What is drawn on a canvas. */
function canvas(host: HTMLElement): string {
  return host.querySelector('canvas')?.toDataURL() ?? '';
}
