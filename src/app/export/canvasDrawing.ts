/**
 * What a chart draws on a canvas, as SVG: its calls are recorded while it draws once more, so that the SVG shows exactly what the canvas does,
 * with text as text. It knows the calls of charts (paths, clips, text, solid colours), not images, gradients or shadows.
 */

import { escapeHtml } from '../../export/report.ts';
import type { Drawing } from './drawing.ts';

/** Where the alphabetic baseline lies below the given one, in parts of the font size. */
const baselines: Partial<Record<CanvasTextBaseline, number>> = { top: 0.8, hanging: 0.8, middle: 0.35, bottom: -0.2 };
const anchors: Partial<Record<CanvasTextAlign, string>> = { center: 'middle', right: 'end', end: 'end' };

/**
 * @param canvas of the chart; its size in CSS pixels is taken from its style
 * @param draw makes the chart draw all of it again, at once
 */
export function canvasDrawing(canvas: HTMLCanvasElement, draw: () => void): Drawing {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this chart draws on no 2D canvas');
  const recorder = new Recorder(context);
  const NativePath = globalThis.Path2D;
  const methods = recorder.methods();
  Object.assign(context, methods);
  globalThis.Path2D = recordingPath(NativePath);
  try {
    draw();
  } finally {
    globalThis.Path2D = NativePath;
    // What was assigned hides the prototype's own.
    for (const name of Object.keys(methods)) Reflect.deleteProperty(context, name);
  }
  const box = canvas.getBoundingClientRect();
  const ratio = box.width > 0 ? canvas.width / box.width : devicePixelRatio;
  return {
    width: canvas.width / ratio,
    height: canvas.height / ratio,
    viewBox: [0, 0, canvas.width, canvas.height],
    body: recorder.body(),
  };
}

/** A path that remembers its commands as SVG does. */
interface Recorded {
  readonly commands: string[];
}

class Recorder {
  private readonly definitions: string[] = [];
  private readonly elements: string[] = [];
  /** Ids of the clips in force, a list for each `save`. */
  private clips: readonly string[] = [];
  private readonly saved: (readonly string[])[] = [];
  private current: string[] = [];
  private readonly prefix = `c${Math.random().toString(36).slice(2, 8)}`;
  private readonly context: CanvasRenderingContext2D;

  constructor(context: CanvasRenderingContext2D) {
    this.context = context;
  }

  body(): string {
    return `<defs>${this.definitions.join('')}</defs>${this.elements.join('\n')}`;
  }

  /** Stand-ins for the context's methods: each does what it did, and records it. */
  methods() {
    const { context } = this;
    const clip = context.clip.bind(context);
    const fill = context.fill.bind(context);
    const stroke = context.stroke.bind(context);
    const beginPath = context.beginPath.bind(context);
    const save = context.save.bind(context);
    const restore = context.restore.bind(context);
    const moveTo = context.moveTo.bind(context);
    const lineTo = context.lineTo.bind(context);
    const rect = context.rect.bind(context);
    const fillRect = context.fillRect.bind(context);
    const fillText = context.fillText.bind(context);
    const commandsOf = (path: unknown): string =>
      (path instanceof Path2D && 'commands' in path ? (path as unknown as Recorded).commands : this.current).join('');
    return {
      save: () => {
        this.saved.push(this.clips);
        save();
      },
      restore: () => {
        this.clips = this.saved.pop() ?? [];
        restore();
      },
      beginPath: () => {
        this.current = [];
        beginPath();
      },
      moveTo: (x: number, y: number) => {
        this.current.push(`M${at(x)} ${at(y)}`);
        moveTo(x, y);
      },
      lineTo: (x: number, y: number) => {
        this.current.push(`${pen(this.current)}${at(x)} ${at(y)}`);
        lineTo(x, y);
      },
      rect: (...box: Rectangle) => {
        this.current.push(rectangle(...box));
        rect(...box);
      },
      fillRect: (...box: Rectangle) => {
        this.add(`<path d="${rectangle(...box)}" ${this.filled()}/>`);
        fillRect(...box);
      },
      clip: (path?: Path2D | CanvasFillRule, rule?: CanvasFillRule) => {
        const id = `${this.prefix}-${this.definitions.length}`;
        this.definitions.push(
          `<clipPath id="${id}"><path d="${commandsOf(path)}" ${this.placed()} clip-rule="${rule ?? 'nonzero'}"/></clipPath>`,
        );
        this.clips = [...this.clips, id];
        if (path instanceof Path2D) clip(path, rule);
        else clip(path);
      },
      fill: (path?: Path2D | CanvasFillRule, rule?: CanvasFillRule) => {
        const d = commandsOf(path);
        if (d !== '') this.add(`<path d="${d}" ${this.filled()}/>`);
        if (path instanceof Path2D) fill(path, rule);
        else fill(path);
      },
      stroke: (path?: Path2D) => {
        const d = commandsOf(path);
        if (d !== '' && context.lineWidth > 0) this.add(`<path d="${d}" ${this.stroked()}/>`);
        if (path) stroke(path);
        else stroke();
      },
      fillText: (text: string, x: number, y: number, most?: number) => {
        this.add(this.text(text, x, y));
        if (most === undefined) fillText(text, x, y);
        else fillText(text, x, y, most);
      },
    };
  }

  /** Drawn where all clips in force let it be seen. */
  private add(element: string): void {
    const open = this.clips.map((id) => `<g clip-path="url(#${id})">`).join('');
    this.elements.push(`${open}${element}${'</g>'.repeat(this.clips.length)}`);
  }

  private placed(): string {
    const { a, b, c, d, e, f } = this.context.getTransform();
    const moved = a !== 1 || b !== 0 || c !== 0 || d !== 1 || e !== 0 || f !== 0;
    return moved ? `transform="matrix(${[a, b, c, d, e, f].map(at).join(' ')})"` : '';
  }

  private filled(): string {
    const { fillStyle, globalAlpha } = this.context;
    return `fill="${escapeHtml(String(fillStyle))}" opacity="${globalAlpha}" ${this.placed()}`;
  }

  private stroked(): string {
    const { strokeStyle, lineWidth, lineJoin, lineCap, globalAlpha } = this.context;
    const dash = this.context.getLineDash();
    const dashed = dash.length > 0 && dash.some((length) => length > 0) ? `stroke-dasharray="${dash.join(' ')}"` : '';
    return `fill="none" stroke="${escapeHtml(String(strokeStyle))}" stroke-width="${lineWidth}" stroke-linejoin="${lineJoin}" stroke-linecap="${lineCap}" ${dashed} opacity="${globalAlpha}" ${this.placed()}`;
  }

  private text(text: string, x: number, y: number): string {
    const { font, textAlign, textBaseline } = this.context;
    const [, before = '', size = '12', family = 'sans-serif'] = /^(.*?)([\d.]+)px\s+(.*)$/.exec(font) ?? [];
    const weight = /bold|\b[6-9]00\b/.test(before) ? 'font-weight="600"' : '';
    const baseline = y + Number(size) * (baselines[textBaseline] ?? 0);
    return `<text x="${at(x)}" y="${at(baseline)}" font-family="${escapeHtml(family)}" font-size="${size}" ${weight} text-anchor="${anchors[textAlign] ?? 'start'}" ${this.filled()}>${escapeHtml(text)}</text>`;
  }
}

type Rectangle = [x: number, y: number, width: number, height: number];

function rectangle(x: number, y: number, width: number, height: number): string {
  return `M${at(x)} ${at(y)}h${at(width)}v${at(height)}h${at(-width)}Z`;
}

/** On a canvas a line in an empty path begins where it ends. */
function pen(commands: readonly string[]): 'M' | 'L' {
  return commands.length === 0 ? 'M' : 'L';
}

/** A hundredth of a pixel is more than any screen or printer shows. */
function at(value: number): number {
  return Math.round(value * 100) / 100;
}

/** A `Path2D` that can be drawn as ever and also remembers its commands. */
function recordingPath(Native: typeof Path2D): typeof Path2D {
  return class extends Native implements Recorded {
    readonly commands: string[] = [];

    constructor(from?: Path2D | string) {
      super(from);
      if (from instanceof Native && 'commands' in from) this.commands.push(...(from as unknown as Recorded).commands);
      else if (typeof from === 'string') this.commands.push(from);
    }

    override moveTo(x: number, y: number): void {
      this.commands.push(`M${at(x)} ${at(y)}`);
      super.moveTo(x, y);
    }

    override lineTo(x: number, y: number): void {
      this.commands.push(`${pen(this.commands)}${at(x)} ${at(y)}`);
      super.lineTo(x, y);
    }

    override rect(...box: Rectangle): void {
      this.commands.push(rectangle(...box));
      super.rect(...box);
    }

    override closePath(): void {
      this.commands.push('Z');
      super.closePath();
    }

    override bezierCurveTo(...points: [number, number, number, number, number, number]): void {
      this.commands.push(`C${points.map(at).join(' ')}`);
      super.bezierCurveTo(...points);
    }

    override arc(x: number, y: number, radius: number, from: number, to: number, backwards?: boolean): void {
      const turn = backwards ? from - to : to - from;
      const sweep = backwards ? 0 : 1;
      const point = (angle: number): string =>
        `${at(x + radius * Math.cos(angle))} ${at(y + radius * Math.sin(angle))}`;
      const middle = from + (backwards ? -1 : 1) * Math.min(turn, 2 * Math.PI) * 0.5;
      this.commands.push(
        `${pen(this.commands)}${point(from)}A${at(radius)} ${at(radius)} 0 0 ${sweep} ${point(middle)}A${at(radius)} ${at(radius)} 0 0 ${sweep} ${point(to)}`,
      );
      super.arc(x, y, radius, from, to, backwards);
    }

    override addPath(path: Path2D, transform?: DOMMatrix2DInit): void {
      if ('commands' in path) this.commands.push(...(path as unknown as Recorded).commands);
      super.addPath(path, transform);
    }
  };
}
