/** Baselines on a grid: what they read, and what their score predicts. */

import { describe, expect, it } from 'vitest';
import type { Grid } from '../../../src/core/types.ts';
import { featureWindow, scoredMid } from '../../../src/models/features.ts';
import { createForecaster } from '../../../src/models/forecaster.ts';
import { openArchitecture } from '../../../src/models/registry.ts';
import { openNodeRuntime } from '../../../src/models/runtime/node.ts';
import type { ForecastSettings } from '../../../src/models/types.ts';
import { randomModel } from '../../support/randomModel.ts';

const ticks = 12;
const bid = Float64Array.from({ length: ticks }, (_, t) => 100 + Math.sin(t));
const ask = bid.map((value, t) => value + 0.01 * (1 + (t % 3)));
const grid: Grid = {
  ...{ symbol: 'X', stepMs: 1000, timeMs: bid.map((_, t) => 1000 * t), bid, ask },
  ...{ sessionStarts: Int32Array.of(0), sessionDays: ['2026-01-01'] },
};

const settings: ForecastSettings = {
  ...{ variants: 2, dropoutRate: 0.3, seed: 5, dropoutSites: 'all', strideTicks: 1, horizonTicks: null },
  inputTransform: 'normalised',
};

const features = ['mid', 'return', 'spread'];
const recurrent = { d_feat: 3, hidden_size: 4, num_layers: 2, seq_len: 8, features };

const configs = [
  { model_type: 'qlib_lstm', ...recurrent },
  { model_type: 'qlib_gru', ...recurrent },
  { model_type: 'qlib_alstm', ...recurrent, rnn_type: 'LSTM', num_layers: 1 },
  { model_type: 'da_rnn', ...recurrent, decoder_size: 3 },
  { model_type: 'qlib_sfm', ...recurrent, freq_dim: 3, output_dim: 2 },
  { model_type: 'qlib_net', input_dim: 24, layers: [5, 4], features },
];

describe.for(configs)('$model_type', (config) => {
  it('predicts a mid near the last one from features of the grid, under every mask', async () => {
    const forecaster = createForecaster(await randomModel(config), openNodeRuntime());
    const { predictedMid } = await forecaster.forecast(grid, settings);
    await forecaster.release();
    const rows = [0, 1, 2].map((row) => predictedMid.slice(row * ticks + 7, (row + 1) * ticks));
    for (const row of rows) expect(row.every((mid) => mid > 95 && mid < 106)).toBe(true);
    expect(rows[1]).not.toEqual(rows[0]);
    expect(rows[2]).not.toEqual(rows[1]);
  });
});

describe('features', () => {
  it('are the same for any price level, tick by tick, and know nothing of what follows', () => {
    const names = ['mid', 'return', 'spread'] as const;
    const plain = featureWindow({ bid, ask }, 9, 6, names);
    const scaled = featureWindow({ bid: bid.map((x) => 8 * x), ask: ask.map((x) => 8 * x) }, 9, 6, names);
    for (const [i, value] of scaled.values.entries()) expect(value).toBeCloseTo(plain.values[i]!, 9);
    const changed = featureWindow({ bid: bid.map((x, t) => (t > 9 ? 1 : x)), ask }, 9, 6, names);
    expect(changed.values).toEqual(plain.values);
  });

  it('tell which side has more to trade, and nothing where the sizes are unknown', () => {
    const sizes = { bidSize: bid.map((_, t) => (t === 9 ? 3 : 1)), askSize: bid.map((_, t) => (t === 8 ? 0 : 1)) };
    const { values } = featureWindow({ bid, ask, ...sizes }, 9, 3, ['imbalance']);
    expect(Array.from(values, (value) => Number(value.toFixed(12)))).toEqual([0, 1, 0.5]);
    const unknown = featureWindow({ bid, ask, ...sizes, askSize: bid.map(() => Number.NaN) }, 9, 3, ['imbalance']);
    expect([...unknown.values, ...featureWindow({ bid, ask }, 9, 3, ['imbalance']).values]).toEqual(
      new Array(6).fill(0),
    );
  });

  it('of a market that stands still are zeros', () => {
    const flat = new Float64Array(4).fill(7);
    expect([...featureWindow({ bid: flat, ask: flat }, 3, 4, ['mid', 'spread']).values]).toEqual([
      0, 0, 0, 0, 0, 0, 0, 0,
    ]);
  });

  it('turn a score into a mid: a log return in units of its deviation', () => {
    const window = featureWindow({ bid, ask }, 9, 6, ['mid']);
    const mid = (bid[9]! + ask[9]!) / 2;
    expect(scoredMid(0, 4, window)).toBeCloseTo(mid, 9);
    expect(Math.log(scoredMid(1, 4, window) / mid)).toBeCloseTo(2 * window.deviation, 9);
  });
});

describe('a config', () => {
  it('without names for its features cannot forecast a grid, and says what to add', async () => {
    const model = await randomModel({ model_type: 'qlib_lstm', d_feat: 6, hidden_size: 4, num_layers: 1, seq_len: 5 });
    expect(() => createForecaster(model, openNodeRuntime())).toThrow('This model reads 6 features');
  });

  it.each([
    [{ model_type: 'qlib_gru', d_feat: 2, features }, 'The field features names 3 columns, but d_feat is 2'],
    [{ model_type: 'qlib_gru', features: ['volume'] }, 'The field features.0 is "volume"'],
    [{ model_type: 'qlib_net', input_dim: 7, features }, 'The field input_dim is 7, not a multiple of the 3 features'],
    [{ model_type: 'qlib_alstm', rnn_type: 'RNN' }, 'The field rnn_type is'],
  ])('is refused with a sentence that names the field: %j', (config, sentence) => {
    expect(() => openArchitecture(JSON.stringify(config), 'config.json')).toThrow(sentence);
  });
});
