/** Colours and shapes that tell clouds apart, by colour-blind readers and in print too: never one without the other. */

export const markerShapes = ['circle', 'square', 'triangle', 'diamond', 'cross', 'down', 'plus', 'star'] as const;
export type MarkerShape = (typeof markerShapes)[number];

export interface MarkerStyle {
  readonly shape: MarkerShape;
  /** 0-based; the colour is the custom property `--cloud-N`. */
  readonly colour: number;
}

/** Runs keep the style of their number, so removing one recolours no other. */
export function markerOf(id: number): MarkerStyle {
  const place = (id - 1) % markerShapes.length;
  return { shape: markerShapes[place] ?? 'circle', colour: place };
}

/** A closed path around (x, y); about as large as a circle of this radius. */
export function markerPath(shape: MarkerShape, x: number, y: number, radius: number): string {
  return `M${x} ${y}${around(shape, radius)}`;
}

/** The path from the middle on, in relative steps: very many marks of one shape have but their places to be written. */
function around(shape: MarkerShape, radius: number): string {
  const key = `${shape} ${radius}`;
  const known = outlines.get(key);
  if (known !== undefined) return known;
  const outline = outlineOf(shape, radius);
  outlines.set(key, outline);
  return outline;
}

const outlines = new Map<string, string>();

function outlineOf(shape: MarkerShape, radius: number): string {
  const polygon = (points: readonly (readonly [number, number])[]): string => {
    const steps = points.map(([dx, dy], i) => {
      const [fromX, fromY] = points[i - 1] ?? [0, 0];
      return `${thousandth(radius * (dx - fromX))} ${thousandth(radius * (dy - fromY))}`;
    });
    return `m${steps.join('l')}z`;
  };
  switch (shape) {
    case 'circle':
      return `m${-radius} 0a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0z`;
    case 'square':
      return polygon([
        [-0.88, -0.88],
        [0.88, -0.88],
        [0.88, 0.88],
        [-0.88, 0.88],
      ]);
    case 'triangle':
      return polygon([
        [0, -1.2],
        [1.1, 0.8],
        [-1.1, 0.8],
      ]);
    case 'down':
      return polygon([
        [0, 1.2],
        [1.1, -0.8],
        [-1.1, -0.8],
      ]);
    case 'diamond':
      return polygon([
        [0, -1.25],
        [1.25, 0],
        [0, 1.25],
        [-1.25, 0],
      ]);
    case 'plus':
      return polygon(plus);
    case 'cross':
      return polygon(plus.map(([dx, dy]) => [(dx - dy) * Math.SQRT1_2, (dx + dy) * Math.SQRT1_2] as const));
    case 'star':
      return polygon(
        Array.from({ length: 10 }, (_, i) => {
          const reach = i % 2 === 0 ? 1.35 : 0.6;
          return [reach * Math.sin((i * Math.PI) / 5), -reach * Math.cos((i * Math.PI) / 5)] as const;
        }),
      );
  }
}

const plus: readonly (readonly [number, number])[] = [
  [-0.4, -1.2],
  [0.4, -1.2],
  [0.4, -0.4],
  [1.2, -0.4],
  [1.2, 0.4],
  [0.4, 0.4],
  [0.4, 1.2],
  [-0.4, 1.2],
  [-0.4, 0.4],
  [-1.2, 0.4],
  [-1.2, -0.4],
  [-0.4, -0.4],
];

function thousandth(pixels: number): number {
  return Math.round(1000 * pixels) / 1000;
}

/** Of the portfolio that a ray goes through. */
export const rayShapes = { tangential: 'star', leak: 'down', market: 'diamond' } as const;

export function colourOf({ colour }: MarkerStyle): { '--cloud': string } {
  return { '--cloud': `var(--cloud-${colour})` };
}
