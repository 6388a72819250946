/** Moirai's tokens and distribution. */

import { describe, expect, it } from 'vitest';
import { parseMoiraiConfig } from '../../../src/models/families/moirai/config.ts';
import { type MixtureAt, mixtureCdf, mixtureQuantile } from '../../../src/models/families/moirai/quantiles.ts';
import { layOut, scaleTokens } from '../../../src/models/families/moirai/tokens.ts';

const components = ['StudentT', 'NormalFixedScale', 'NegativeBinomial', 'LogNormal'];
const config = parseMoiraiConfig(
  {
    ...{ d_model: 64, num_layers: 1, patch_sizes: [4, 8], context_len: 12, patch_size: 4 },
    distr_output: { components: components.map((name) => ({ _target_: `${name}Output` })) },
  },
  'config.json',
);

describe('tokens', () => {
  const shape = { length: 10, steps: 6, patchLength: 4, variates: 2 };
  const long = Float64Array.from({ length: 10 }, (_, t) => t + 1);
  const tokens = layOut([long, Float64Array.of(5, Number.NaN, 7)], shape);

  it('are the past patches of each variate, then those ahead of each', () => {
    expect([...tokens.target.slice(0, 12)]).toEqual([0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect([...tokens.target.slice(12, 24)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 7]);
    expect([...tokens.target.slice(24)]).toEqual(new Array(16).fill(0));
    expect([...tokens.observed.slice(12, 24)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1]);
    expect([...tokens.observed.slice(24, 32)]).toEqual([1, 1, 1, 1, 1, 1, 0, 0]);
    expect([...tokens.time]).toEqual([0, 1, 2, 0, 1, 2, 3, 4, 3, 4]);
  });

  it('are scaled by what is observed of their own variate', () => {
    const { loc, scale } = scaleTokens(config, tokens, shape);
    expect([...loc]).toEqual([5.5, 6]);
    expect(scale[1]).toBeCloseTo(Math.sqrt(2), 4);
  });

  it('before a series are of another sample, and time begins with the data', () => {
    const { sample, time } = layOut([Float64Array.of(1, 2, 3)], { ...shape, variates: 1 });
    expect([...sample]).toEqual([0, 0, 1, 1, 1]);
    expect([...time]).toEqual([0, 0, 0, 1, 2]);
  });
});

describe('the mixture', () => {
  const whole: MixtureAt = {
    weights: [0.4, 0.1, 0.3, 0.2],
    studentT: { df: 3, loc: -0.5, scale: 0.8 },
    normal: { loc: 0.3, scale: 1e-3 },
    negativeBinomial: { totalCount: 2.5, logits: 0.2 },
    logNormal: { loc: 0.1, scale: 0.6 },
  };
  const only = (k: number): MixtureAt => ({ ...whole, weights: [0, 1, 2, 3].map((i) => (i === k ? 1 : 0)) });

  it('has the distribution functions of its components', () => {
    // Student's t with 3 degrees of freedom: P(T ≤ 1.6377) = 0.9, from the tables.
    expect(mixtureCdf(only(0), -0.5 + 0.8 * 1.637744)).toBeCloseTo(0.9, 6);
    expect(mixtureCdf(only(1), 0.3)).toBeCloseTo(0.5, 12);
    // P(0) = (1 − p)^r, P(1) = r·p·(1 − p)^r.
    const p = 1 / (1 + Math.exp(-0.2));
    const zero = (1 - p) ** 2.5;
    expect(mixtureCdf(only(2), 0.5)).toBeCloseTo(zero, 10);
    expect(mixtureCdf(only(2), 1)).toBeCloseTo(zero * (1 + 2.5 * p), 10);
    expect(mixtureCdf(only(3), Math.exp(0.1))).toBeCloseTo(0.5, 12);
  });

  it('has quantiles that its distribution function gives back', () => {
    for (const level of [0.02, 0.2, 0.5, 0.8, 0.98]) {
      const y = mixtureQuantile(whole, level);
      expect(mixtureCdf(whole, y)).toBeGreaterThanOrEqual(level);
      expect(mixtureCdf(whole, y - 1e-6)).toBeLessThan(level);
    }
  });
});
