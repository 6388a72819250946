/**
 * The frame of a chart over positions, whatever draws in it: its name, a cursor that is moved by keys and read out below, zoom by keys, pinching or the
 * wheel with the control key, moving by drag, and the buttons that save it as a picture.
 */

import { type JSX, Show } from 'solid-js';
import { SavePlot } from '../../components/SavePlot.tsx';
import type { Drawing, LegendEntry } from '../../export/drawing.ts';

/** What keys and pointer do to a chart. */
export interface ChartMoves {
  /** Moves the cursor by so many positions. */
  readonly step: (by: number) => void;
  /** Page Up and Page Down; absent: ten positions. */
  readonly page?: (direction: 1 | -1) => void;
  /** Below 1 is closer; around a share of what is in sight, or the cursor. */
  readonly zoom: (factor: number, at?: number) => void;
  /** By a share of what is in sight; negative is earlier. */
  readonly pan: (share: number) => void;
  /** Whether there is anything to move to. */
  readonly pannable: () => boolean;
  /** Shows all again; absent where the chart has buttons of its own. */
  readonly reset?: () => void;
  /** The smallest share that moves anything: less is kept for the next move of the pointer. */
  readonly leastShare?: () => number;
}

export function ChartFigure(props: {
  /** What is shown, in a sentence: the figure's name, also in a saved picture. */
  label: string;
  /** Above the chart; absent: nothing. */
  caption?: JSX.Element;
  class?: string;
  moves: ChartMoves;
  /** Where positions lie in the frame, in pixels. */
  box: () => { readonly left: number; readonly right: number };
  frame: (element: HTMLDivElement) => void;
  onPointer?: (event: PointerEvent) => void;
  /** What lies under the cursor, in words. */
  readout: string;
  drawing: () => Drawing;
  legend?: () => readonly LegendEntry[];
  /** Drawn in the frame. */
  children?: JSX.Element;
  /** Between chart and readout. */
  below?: JSX.Element;
  /** Between readout and buttons. */
  note?: JSX.Element;
}) {
  let frame!: HTMLDivElement;
  let dragged: number | undefined;
  const page = (direction: 1 | -1): void => (props.moves.page ?? ((by) => props.moves.step(10 * by)))(direction);
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => props.moves.step(-1),
    ArrowRight: () => props.moves.step(1),
    PageUp: () => page(-1),
    PageDown: () => page(1),
    '+': () => props.moves.zoom(0.5),
    '-': () => props.moves.zoom(2),
    0: () => props.moves.reset?.(),
  };
  const letGo = (): void => {
    dragged = undefined;
  };
  return (
    <figure
      class={`chart ${props.class ?? ''}`}
      aria-label={`${props.label}. Arrow keys move the cursor, plus and minus zoom.`}
      tabindex="0"
      onKeyDown={(event) => {
        const act = event.target === event.currentTarget ? keys[event.key] : undefined;
        if (!act || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        act();
      }}
    >
      <Show when={props.caption}>{(caption) => <figcaption>{caption()}</figcaption>}</Show>
      <div
        ref={(element) => {
          frame = element;
          props.frame(element);
        }}
        class="chart-frame"
        classList={{ pannable: props.moves.pannable() }}
        onPointerDown={(event) => {
          if (!props.moves.pannable()) return;
          dragged = event.clientX;
          frame.setPointerCapture(event.pointerId);
        }}
        onPointerUp={letGo}
        onPointerCancel={letGo}
        onPointerMove={(event) => {
          props.onPointer?.(event);
          if (dragged === undefined) return;
          const { left, right } = props.box();
          const share = (dragged - event.clientX) / (right - left);
          if (Math.abs(share) < (props.moves.leastShare?.() ?? 0)) return;
          dragged = event.clientX;
          props.moves.pan(share);
        }}
        on:wheel={(event) => {
          if (!event.ctrlKey) return;
          event.preventDefault();
          const { left, right } = props.box();
          const at = (event.clientX - frame.getBoundingClientRect().left - left) / (right - left);
          props.moves.zoom(Math.exp(event.deltaY / 200), Math.min(1, Math.max(0, at)));
        }}
      >
        {props.children}
      </div>
      {props.below}
      <p class="readout" aria-live="polite">
        {props.readout}
      </p>
      {props.note}
      <Show when={props.moves.reset && props.moves.pannable()}>
        <button type="button" onClick={() => props.moves.reset?.()}>
          Show all
        </button>
      </Show>
      <SavePlot name={props.label} drawing={props.drawing} legend={props.legend ?? (() => [])} />
    </figure>
  );
}
