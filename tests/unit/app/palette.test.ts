/** Can ten models be told apart on the plane: by shape where their colours look alike to a colour-blind reader? */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { markersOf } from '../../../src/app/explore/marketLine/model.ts';
import type { ModelEntry } from '../../../src/studies/figures/results.ts';

const css = readFileSync(join(import.meta.dirname, '../../../src/app/styles/tokens.css'), 'utf8');

/** The light theme's, then the dark one's: [8] linear RGB each. */
function palettes(): number[][][] {
  const found = [...css.matchAll(/--cloud-(\d): #([0-9a-f]{6});/g)].map(([, place, hex]) => ({
    place: Number(place),
    rgb: [0, 2, 4].map((at) => toLinear(Number.parseInt(hex!.slice(at, at + 2), 16) / 255)),
  }));
  expect(found).toHaveLength(16);
  return [found.slice(0, 8), found.slice(8)].map((theme) =>
    theme.sort((a, b) => a.place - b.place).map(({ rgb }) => rgb),
  );
}

function toLinear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** Machado, Oliveira & Fernandes (2009), full severity, on linear RGB. */
const sights: Readonly<Record<string, readonly (readonly number[])[]>> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** CIE L*a*b* under D65. */
function labOf(rgb: readonly number[]): number[] {
  const [r, g, b] = rgb.map((value) => Math.min(1, Math.max(0, value))) as [number, number, number];
  const xyz = [
    (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047,
    0.2126 * r + 0.7152 * g + 0.0722 * b,
    (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883,
  ].map((value) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116)) as [number, number, number];
  return [116 * xyz[1] - 16, 500 * (xyz[0] - xyz[1]), 200 * (xyz[1] - xyz[2])];
}

function difference(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.map((value, i) => value - b[i]!));
}

const entry = (name: string, family: string, kind: ModelEntry['kind']): ModelEntry => ({
  ...{ name, family, kind, title: name },
  ...{ parameters: 1, contextLength: 64, horizon: 16, precision: 'f32' },
});
/** As in the paper's figure: five families of pretrained models and five baselines; then ten of two families. */
const paper = [
  ...['timesfm-2', 'moirai', 'chronos-t5', 'timer', 'ttm'].map((family) => entry(family, family, 'foundation')),
  ...['lstm', 'alstm', 'mlp', 'sfm', 'gru'].map((family) => entry(family, family, 'baseline')),
];
const sizes = Array.from({ length: 10 }, (_, i) =>
  entry(`size ${i}`, i % 5 === 4 ? 'ttm' : 'chronos-t5', 'foundation'),
);

/** In Lab: what marks of a few pixels need to be told apart at a glance. */
const APART = 12;

test.for([
  ['five families and five baselines', paper],
  ['ten models of two families', sizes],
] as const)('%s never share colour and shape, nor a shape where colours look alike', ([, models]) => {
  const markers = [...markersOf(models).values()];
  expect(new Set(markers.map(({ shape, colour }) => `${shape} ${colour}`)).size).toBe(models.length);
  for (const palette of palettes()) {
    for (const [sight, matrix] of Object.entries(sights)) {
      const seen = palette.map((rgb) =>
        labOf(matrix.map((row) => row.reduce((sum, weight, i) => sum + weight * rgb[i]!, 0))),
      );
      markers.forEach((one, i) => {
        for (const other of markers.slice(i + 1)) {
          if (one.shape !== other.shape) continue;
          const apart = difference(seen[one.colour]!, seen[other.colour]!);
          expect(apart, `${sight}: colours ${one.colour} and ${other.colour}`).toBeGreaterThan(APART);
        }
      });
    }
  }
});
