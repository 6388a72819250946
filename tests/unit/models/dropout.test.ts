import { describe, expect, it } from 'vitest';
import { drawMask, drawMasks, type MaskSettings } from '../../../src/models/dropout.ts';
import type { DropoutSite } from '../../../src/models/types.ts';

const site: DropoutSite = { name: 'encoder.0.feature.hidden', size: 64, axis: 'feature' };
const sites: readonly DropoutSite[] = [
  site,
  { name: 'encoder.0.patch.ffn', size: 5, axis: 'patch' },
  { name: 'encoder.0.channel.ffn', size: 3, axis: 'channel' },
];
const settings: MaskSettings = { dropoutRate: 0.25, seed: 7, dropoutSites: 'all' };
const ones = (size: number) => new Float32Array(size).fill(1);

describe('dropout masks', () => {
  it('of variant 0, the deterministic model, are ones', () => {
    for (const any of sites) expect(drawMask(any, 0, settings)).toEqual(ones(any.size));
  });

  it('at rate 0 are ones', () => {
    expect(drawMask(site, 3, { ...settings, dropoutRate: 0 })).toEqual(ones(64));
  });

  it('drop at the rate and scale what is kept by 1/(1 − p)', () => {
    for (const dropoutRate of [0.1, 0.5]) {
      const mask = drawMask({ ...site, size: 100_000 }, 1, { ...settings, dropoutRate });
      expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / (1 - dropoutRate))]));
      const dropped = mask.filter((value) => value === 0).length / mask.length;
      const fourDeviations = 4 * Math.sqrt((dropoutRate * (1 - dropoutRate)) / mask.length);
      expect(Math.abs(dropped - dropoutRate)).toBeLessThan(fourDeviations);
    }
  });

  it('are the same however the variants are drawn', () => {
    const together = drawMasks(sites, 0, 6, settings);
    const rows = ({ name, size }: DropoutSite, first: number, count: number) =>
      together[`mask.${name}`]!.slice(first * size, (first + count) * size);
    const later = drawMasks(sites.toReversed(), 4, 2, settings);
    const earlier = drawMasks(sites, 1, 3, settings);
    for (const any of sites) {
      expect(later[`mask.${any.name}`]).toEqual(rows(any, 4, 2));
      expect(earlier[`mask.${any.name}`]).toEqual(rows(any, 1, 3));
      expect(drawMask(any, 5, settings)).toEqual(rows(any, 5, 1));
    }
  });

  it('differ by seed, site and variant', () => {
    const masks = [
      drawMask(site, 1, settings),
      drawMask(site, 2, settings),
      drawMask(site, 1, { ...settings, seed: 8 }),
      drawMask({ ...site, name: 'encoder.1.feature.hidden' }, 1, settings),
    ];
    expect(new Set(masks.map(String)).size).toBe(masks.length);
  });

  it('leave patch and channel mixers alone where only features are dropped', () => {
    const features: MaskSettings = { ...settings, dropoutRate: 0.9, dropoutSites: 'features' };
    const [feature, patch, channel] = sites.map((any) => drawMask(any, 1, features));
    expect(feature).toEqual(drawMask(site, 1, { ...features, dropoutSites: 'all' }));
    expect(patch).toEqual(ones(5));
    expect(channel).toEqual(ones(3));
  });
});
