/** A plot as a picture that stands alone: an SVG with its styles, title, legend and the manifest of what it shows. PNGs are made from it. */

import { escapeHtml } from '../../export/report.ts';

/** What a chart draws, as SVG elements. */
export interface Drawing {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** The coordinates of `body`: x, y, width, height. */
  readonly viewBox: readonly [number, number, number, number];
  /** Markup, with all styles written into it. */
  readonly body: string;
}

/** What a mark on the plot stands for. */
export interface LegendEntry {
  readonly name: string;
  /** An SVG path within 12 × 12 pixels. */
  readonly path: string;
  /** Any CSS colour. */
  readonly colour: string;
}

/** How the page looks now. */
export interface PageLook {
  readonly background: string;
  readonly ink: string;
  readonly font: string;
}

/** What the page's style sheets give to the elements of charts. */
const inlined = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-opacity',
  'stroke-linejoin',
  'stroke-linecap',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'opacity',
];

const legendLine = 20;
const titleLine = 26;
const edge = 12;

export function pageLook(): PageLook {
  const { backgroundColor, color, fontFamily } = getComputedStyle(document.body);
  return { background: backgroundColor, ink: color, font: fontFamily };
}

/** An SVG of the page. A serialised SVG leaves the page's style sheets behind, so what they set is written onto each element. */
export function svgDrawing(svg: SVGSVGElement): Drawing {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const targets = copy.querySelectorAll<SVGElement>('*');
  svg.querySelectorAll<SVGElement>('*').forEach((element, i) => {
    const target = targets[i];
    if (!target) return;
    target.removeAttribute('class');
    target.removeAttribute('style');
    const style = getComputedStyle(element);
    for (const property of inlined) target.setAttribute(property, style.getPropertyValue(property));
  });
  const { x, y, width, height } = svg.viewBox.baseVal;
  const serializer = new XMLSerializer();
  const body = [...copy.childNodes].map((node) => serializer.serializeToString(node)).join('');
  return { width, height, viewBox: [x, y, width, height], body };
}

export interface PictureText {
  /** What the plot shows, in a sentence: also its accessible name. */
  readonly title: string;
  readonly legend?: readonly LegendEntry[];
  /** JSON of what the plot was made of. */
  readonly manifest: string;
}

/** A whole SVG file. */
export function pictureOf(drawing: Drawing, { title, legend = [], manifest }: PictureText, look: PageLook): string {
  const { width, height, viewBox, body } = drawing;
  const whole = height + titleLine + legend.length * legendLine + (legend.length > 0 ? edge : 0);
  const text = `fill="${escapeHtml(look.ink)}" font-family="${escapeHtml(look.font)}" font-size="13"`;
  const below = legend.map(
    ({ name, path, colour }, i) =>
      `<g transform="translate(${edge} ${titleLine + height + i * legendLine})"><path d="${path}" fill="${escapeHtml(colour)}"/><text x="20" y="10.5" ${text}>${escapeHtml(name)}</text></g>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${whole}" viewBox="0 0 ${width} ${whole}" role="img" aria-labelledby="title">`,
    `<title id="title">${escapeHtml(title)}</title>`,
    `<metadata>${escapeHtml(manifest)}</metadata>`,
    `<rect width="100%" height="100%" fill="${escapeHtml(look.background)}"/>`,
    `<text x="${edge}" y="18" ${text} font-weight="600">${escapeHtml(shortened(title, width))}</text>`,
    `<svg x="0" y="${titleLine}" width="${width}" height="${height}" viewBox="${viewBox.join(' ')}">${body}</svg>`,
    ...below,
    '</svg>',
  ].join('\n');
}

/** About as much of a title as fits above the plot: it is whole in `<title>`. */
function shortened(title: string, width: number): string {
  const most = Math.floor((width - 2 * edge) / 8);
  return title.length <= most ? title : `${title.slice(0, most - 1).trimEnd()}…`;
}
