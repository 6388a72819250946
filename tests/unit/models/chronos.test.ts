/** Chronos-T5's words, its draws, and its roll-outs with random weights. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../src/core/random.ts';
import { parseChronosConfig } from '../../../src/models/families/chronosT5/config.ts';
import { decodePaths } from '../../../src/models/families/chronosT5/forecast.ts';
import { drawProbabilities, drawToken, likeliestToken } from '../../../src/models/families/chronosT5/sampling.ts';
import { tokenCentres, tokenise, tokensOf } from '../../../src/models/families/chronosT5/tokeniser.ts';
import type { Forward } from '../../../src/models/family.ts';
import { openForward } from '../../../src/models/forward.ts';
import { openNodeRuntime } from '../../../src/models/runtime/node.ts';
import { randomModel } from '../../support/randomModel.ts';

const json = {
  ...{ d_model: 8, d_ff: 6, d_kv: 4, num_heads: 2, num_layers: 2, num_decoder_layers: 3, vocab_size: 96 },
  architectures: ['T5ForConditionalGeneration'],
  chronos_config: {
    ...{ tokenizer_class: 'MeanScaleUniformBins', tokenizer_kwargs: { low_limit: -4, high_limit: 4 }, n_tokens: 96 },
    ...{ context_length: 12, prediction_length: 4, top_k: 8, num_samples: 5 },
  },
};
const config = parseChronosConfig(json, 'config.json');

describe('the tokeniser', () => {
  it('gives the value of a token back to within half a bin, inside the limits', () => {
    const centres = tokenCentres(config);
    const half = (centres.at(-1)! - centres.at(-2)!) / 2;
    fc.assert(
      fc.property(fc.double({ min: -4, max: 4, noNaN: true }), (value) => {
        const [token] = tokensOf(config, [value]);
        expect(Math.abs(centres[token!]! - value)).toBeLessThanOrEqual(half * 1.0001);
      }),
    );
  });

  it('gives what lies beyond the limits the outer bins', () => {
    expect([...tokensOf(config, [-100, 100, -1e30])]).toEqual([3, 95, 2]);
  });

  it('does not depend on the unit of a series', () => {
    const series = Float64Array.of(1, -2, 3, Number.NaN, 0.5);
    const [plain, large] = [series, series.map((value) => value * 1024)].map((one) => tokenise(config, [one], 6));
    expect(large!.tokens).toEqual(plain!.tokens);
    expect(large!.scale[0]).toBe(1024 * plain!.scale[0]!);
  });

  it('pads on the left, closes what is missing, and ends with the end token', () => {
    const { tokens, open, scale } = tokenise(config, [Float64Array.of(0, Number.NaN)], 4);
    expect([...open]).toEqual([0, 0, 1, 0, 1]);
    expect([tokens[0], tokens[1], tokens[3], tokens[4]]).toEqual([0, 0, 0, 1]);
    expect(scale[0]).toBe(1);
  });
});

describe('the draws', () => {
  const logits = Float32Array.of(0, 9, 1, 2, 3);

  it('never end a path, and keep the likeliest tokens alone', () => {
    const probabilities = drawProbabilities({ endToken: 1, temperature: 1, topK: 2, topP: 1 }, logits);
    expect([...probabilities].map((p) => p > 0)).toEqual([false, false, false, true, true]);
    expect(probabilities[4]! / probabilities[3]!).toBeCloseTo(Math.E, 12);
    expect(likeliestToken(1, logits)).toBe(4);
  });

  it('keep the smallest set of the probability asked for', () => {
    const probabilities = drawProbabilities({ endToken: 1, temperature: 1, topK: 0, topP: 0.5 }, logits);
    expect([...probabilities]).toEqual([0, 0, 0, 0, 1]);
  });

  it('sharpen as the temperature falls', () => {
    const at = (temperature: number) => drawProbabilities({ endToken: 1, temperature, topK: 0, topP: 1 }, logits)[4]!;
    expect(at(0.5)).toBeGreaterThan(at(1));
  });

  it('come as often as their probabilities say', () => {
    const probabilities = Float64Array.of(0.5, 0, 0.2, 0.3);
    const counts = [0, 0, 0, 0];
    const random = new RandomStream(3, 'draws');
    for (let i = 0; i < 20_000; i++) counts[drawToken(probabilities, random)]!++;
    for (const [token, count] of counts.entries()) {
      expect(Math.abs(count / 20_000 - probabilities[token]!)).toBeLessThan(0.015);
    }
    expect(counts[1]).toBe(0);
  });
});

describe('the roll-outs', async () => {
  const model = await randomModel(json);
  const series = [0, 1].map((row) => Float64Array.from({ length: 10 - row }, (_, t) => 3 + Math.sin(t + row)));
  const ask = async (options: object, horizon = 7) => {
    const passes = openForward(model, openNodeRuntime());
    try {
      return await model.architecture.rollOut!({ series, horizon, variants: 1, options }, passes.forward);
    } finally {
      await passes.release();
    }
  };

  it('draw the same paths from the same seed, and others from another', async () => {
    const [one, again, other] = [await ask({ seed: 4 }), await ask({ seed: 4 }), await ask({ seed: 5 })];
    expect(one.columns).toEqual(['mean', '0.1', '0.2', '0.3', '0.4', '0.5', '0.6', '0.7', '0.8', '0.9']);
    expect(one.values).toHaveLength(2 * 7 * 10);
    expect(again.values).toEqual(one.values);
    expect(other.values).not.toEqual(one.values);
  });

  it('follow one path without chance: the likeliest, or the expectation', async () => {
    for (const decoding of ['greedy', 'expected']) {
      const [one, again] = [await ask({ decoding, seed: 4 }), await ask({ decoding, seed: 5 })];
      expect(one.columns).toEqual(['mean']);
      expect(one.values).toHaveLength(2 * 7);
      expect(again.values).toEqual(one.values);
    }
  });

  it('add up expectations of less than half a bin: a slow drift is not rounded away', async () => {
    const centres = tokenCentres(config);
    const [zero, share] = [tokensOf(config, [0])[0]!, 0.3];
    const width = centres[zero + 1]! - centres[zero]!;
    /** A network that expects the next value to be 0.3 bins above the last one's bin. */
    const drifting: Forward = ({ feeds, batch }) => {
      if (batch.part !== 'step') return Promise.resolve({});
      const at = Math.max(feeds.token![0]!, zero);
      const logits = Float32Array.from({ length: config.vocabulary }, (_, token) =>
        token === at ? Math.log(1 - share) : token === at + 1 ? Math.log(share) : -1e9,
      );
      return Promise.resolve({ logits });
    };
    const chunk = { variants: 1, steps: 4, done: 0, options: { decoding: 'expected' } } as const;
    const [[path]] = (await decodePaths(config, [Float64Array.of(1, -1)], chunk, drifting)) as [[Float64Array]];
    path.forEach((value, step) => {
      expect((value - centres[zero]!) / width).toBeCloseTo(share * (step + 1), 4);
    });
  });

  it('begin alike whatever the horizon, up to the trained length', async () => {
    const [short, long] = [await ask({ decoding: 'greedy' }, 3), await ask({ decoding: 'greedy' }, 4)];
    expect([...short.values.slice(0, 3)]).toEqual([...long.values.slice(0, 3)]);
    expect([...short.values.slice(3)]).toEqual([...long.values.slice(4, 7)]);
  });
});
