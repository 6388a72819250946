/** Two buttons under a plot: save it as PNG or SVG, with its legend and the manifest of what it shows. */

import { type JSX, onMount, Show } from 'solid-js';
import type { Drawing, LegendEntry } from '../export/drawing.ts';
import { fileName, PLOT_CLASS, registerPlot } from '../export/plots.ts';
import { useProvenance } from '../export/provenance.ts';
import { blobs, createSaving } from '../export/saving.ts';
import { ProblemNote } from './ProblemNote.tsx';

export function SavePlot(props: {
  /** What the plot shows, in a sentence. */
  name: string;
  drawing: () => Drawing;
  legend?: () => readonly LegendEntry[];
}): JSX.Element {
  let element!: HTMLDivElement;
  const provenance = useProvenance();
  const { problem, save } = createSaving();
  const legend = (): readonly LegendEntry[] => props.legend?.() ?? [];
  onMount(() =>
    registerPlot(element, {
      get name() {
        return props.name;
      },
      drawing: () => props.drawing(),
      legend,
    }),
  );
  const as = (kind: 'png' | 'svg') =>
    save(`${fileName(props.name)}.${kind}`, async () => {
      const manifest = JSON.stringify(await provenance());
      const { pictureOf, pageLook } = await import('../export/drawing.ts');
      const svg = pictureOf(props.drawing(), { title: props.name, legend: legend(), manifest }, pageLook());
      if (kind === 'svg') return blobs.svg(svg);
      const { svgToPng } = await import('../export/png.ts');
      return svgToPng(svg, manifest);
    });
  return (
    <div ref={element} class={`save-row ${PLOT_CLASS}`}>
      <span aria-hidden="true">Save as</span>
      <button type="button" aria-label={`Save as PNG: ${props.name}`} onClick={() => void as('png')}>
        PNG
      </button>
      <button type="button" aria-label={`Save as SVG: ${props.name}`} onClick={() => void as('svg')}>
        SVG
      </button>
      <Show when={problem()}>{(shown) => <ProblemNote problem={shown()} />}</Show>
    </div>
  );
}
