/**
 * MC-dropout masks. A variant is one fixed sample of the weights' Bernoulli posterior (Gal & Ghahramani, 2016): at each
 * site a feature-wise mask, the same for every time step, asset and day. Masks are drawn by Philox keyed by seed, site and
 * variant, on the CPU, so that every back end uses identical ones.
 */

import { RandomStream } from '../core/random.ts';
import { maskInput } from './graph/builder.ts';
import type { DropoutSite, ForecastSettings } from './types.ts';

export type MaskSettings = Pick<ForecastSettings, 'dropoutRate' | 'seed' | 'dropoutSites'> & {
  /** Of a fresh mask: the tick it is drawn for; absent for the one mask of a whole backtest. */
  readonly tick?: number;
};

/** Mask of one site and variant: values 0 with probability p, else 1/(1−p). Variant 0, the deterministic model, is all ones. */
export function drawMask(site: DropoutSite, variant: number, settings: MaskSettings): Float32Array {
  const { tick } = settings;
  const mask = new Float32Array(site.size).fill(1);
  const chosen = settings.dropoutSites === 'all' || site.axis === 'feature';
  if (variant === 0 || !chosen || settings.dropoutRate === 0) return mask;
  const stream = new RandomStream(settings.seed, tick === undefined ? site.name : `${site.name}@${tick}`, variant);
  const kept = 1 / (1 - settings.dropoutRate);
  return mask.map(() => (stream.uniform() < settings.dropoutRate ? 0 : kept));
}

/** Graph inputs `mask.<site>` [count, size] of the variants [first, first + count). `drawMasks` is the one of MC-dropout. */
export type MaskSampler = (
  sites: readonly DropoutSite[],
  first: number,
  count: number,
  settings: MaskSettings,
) => Record<string, Float32Array>;

export const drawMasks: MaskSampler = (sites, first, count, settings) => {
  const feeds: Record<string, Float32Array> = {};
  for (const site of sites) {
    const masks = new Float32Array(count * site.size);
    for (let v = 0; v < count; v++) masks.set(drawMask(site, first + v, settings), v * site.size);
    feeds[maskInput(site.name)] = masks;
  }
  return feeds;
};
