/** An SVG on the page as a PNG: drawn at twice its size, on the page's background, with the styles it has there, its legend below. */

const scale = 2;

/** What the page's style sheet gives to the charts' elements. */
const inlined = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'font-family',
  'font-size',
  'text-anchor',
  'opacity',
];

/** What a mark on the plot stands for. */
export interface LegendEntry {
  readonly name: string;
  /** An SVG path within 12 × 12 pixels. */
  readonly path: string;
  /** Any CSS colour. */
  readonly colour: string;
}

const legendLine = 20;

export async function svgToPng(svg: SVGSVGElement, legend: readonly LegendEntry[] = []): Promise<Blob> {
  const { width, height } = svg.viewBox.baseVal;
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(styledCopy(svg)))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * scale;
  canvas.height = (height + legend.length * legendLine) * scale;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser gives no canvas to draw on');
  context.fillStyle = getComputedStyle(document.body).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, height * scale);
  const { color, fontFamily } = getComputedStyle(document.body);
  context.font = `13px ${fontFamily}`;
  context.textBaseline = 'middle';
  legend.forEach(({ name, path, colour }, line) => {
    context.setTransform(scale, 0, 0, scale, 12 * scale, (height + line * legendLine) * scale);
    context.fillStyle = colour;
    context.fill(new Path2D(path));
    context.fillStyle = color;
    context.fillText(name, 20, 6);
  });
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('the picture could not be encoded'))),
      'image/png',
    ),
  );
}

/** A serialised SVG leaves the page's style sheets behind, so what they set is written onto each element. */
function styledCopy(svg: SVGSVGElement): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const targets = copy.querySelectorAll<SVGElement>('*');
  svg.querySelectorAll<SVGElement>('*').forEach((element, i) => {
    const style = getComputedStyle(element);
    for (const property of inlined) targets[i]?.setAttribute(property, style.getPropertyValue(property));
  });
  return copy;
}
