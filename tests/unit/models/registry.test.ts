import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { openCheckpoint } from '../../../src/models/checkpoint.ts';
import { parseTtmConfig } from '../../../src/models/families/ttm/config.ts';
import { openArchitecture } from '../../../src/models/registry.ts';
import { smallConfig, smallTtm } from '../../support/smallTtm.ts';

function refusal(json: unknown): string {
  try {
    openArchitecture(typeof json === 'string' ? json : JSON.stringify(json), 'config.json');
  } catch (caught) {
    if (caught instanceof UserError) return caught.message;
    throw caught;
  }
  throw new Error('the config was accepted');
}

describe('a config finds its family, or is refused with a sentence', () => {
  it.each([
    ['no JSON', '{', 'config.json: The file is not a JSON object.'],
    ['a list', [], 'config.json: The file is not a JSON object.'],
    ['null', 'null', 'config.json: The file is not a JSON object.'],
    ['no model_type', { d_model: 8 }, 'The config names no model_type, so the architecture cannot be told.'],
    ['another model_type', { model_type: 'bert' }, 'The config is of an unknown family ("bert").'],
    ['only a class name', { architectures: ['T5'] }, 'The config is of an unknown family (["T5"]).'],
  ])('%s', (_, json, sentence) => {
    expect(refusal(json)).toContain(sentence);
  });

  it('knows Tiny Time Mixers', () => {
    const { id, shape } = openArchitecture(JSON.stringify(smallConfig), 'config.json');
    expect({ id, shape }).toEqual({ id: 'ttm', shape: { contextLength: 32, horizon: 8, channels: 1 } });
  });
});

describe('a TTM config', () => {
  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['context_length', { context_length: 0 }],
    ['prediction_length', { prediction_length: 1.5 }],
    ['patch_length', { patch_length: '8' }],
    ['d_model', { d_model: null }],
    ['adaptive_patching_levels', { adaptive_patching_levels: -1 }],
    ['mode', { mode: 'mix' }],
    ['decoder_mode', { decoder_mode: 'mix' }],
    ['gated_attn', { gated_attn: 1 }],
    ['norm_mlp', { norm_mlp: 'BatchNorm' }],
    ['scaling', { scaling: 'mean' }],
    ['prediction_channel_indices.1', { prediction_channel_indices: [0, -1] }],
    ['self_attn', { self_attn: true }],
    ['use_positional_encoding', { use_positional_encoding: true }],
    ['decoder_raw_residual', { decoder_raw_residual: true }],
    ['enable_forecast_channel_mixing', { enable_forecast_channel_mixing: true }],
    ['multi_scale', { multi_scale: true }],
    ['categorical_vocab_size_list', { categorical_vocab_size_list: [3] }],
    ['patch_stride', { patch_stride: 4 }],
    ['context_length', { context_length: 4 }],
    ['d_model', { d_model: 22, adaptive_patching_levels: 3 }],
    ['decoder_d_model', { decoder_d_model: 22, decoder_adaptive_patching_levels: 3 }],
    ['d_model', { d_model: 17, adaptive_patching_levels: 3 }],
    ['prediction_channel_indices', { prediction_channel_indices: [0, 1] }],
    ['prediction_channel_indices', { prediction_channel_indices: [] }],
  ])('is refused by the field %s: %j', (field, change) => {
    expect(refusal({ ...smallConfig, ...change })).toMatch(`config.json: The field ${field} is `);
  });

  it('ignores keys it does not know', () => {
    const extra = { ...smallConfig, dropout: 0.2, some_later_key: { deep: [1] } };
    expect(parseTtmConfig(extra, 'config.json')).toEqual(parseTtmConfig(smallConfig, 'config.json'));
  });

  it('takes the official defaults where r1 leaves keys of r2 out', () => {
    expect(parseTtmConfig({ model_type: 'tinytimemixer' }, 'config.json')).toEqual({
      ...{ contextLength: 64, predictionLength: 16, patchLength: 8, patches: 8, channels: 1, width: 16, expansion: 2 },
      ...{ layersPerLevel: 3, encoderLevels: 0, mixesEncoderChannels: false, gated: true, normEpsilon: 1e-5 },
      decoder: { width: 8, layers: 8, levels: 0, mixesChannels: false },
      ...{ frequencies: null, keptChannels: null, keptSteps: 16 },
    });
  });

  it('takes the same where r2 says them with null or false', () => {
    const said = { self_attn: false, multi_scale: null, categorical_vocab_size_list: null, scaling: true };
    const r2 = { ...smallConfig, ...said, prediction_channel_indices: null, prediction_filter_length: null };
    expect(parseTtmConfig(r2, 'config.json')).toEqual(parseTtmConfig(smallConfig, 'config.json'));
  });

  it('sorts the channels it keeps, as the official code does, and keeps no more steps than there are', () => {
    const kept = { num_input_channels: 4, prediction_channel_indices: [3, 1], prediction_filter_length: 99 };
    const config = parseTtmConfig({ ...smallConfig, ...kept }, 'config.json');
    expect([config.keptChannels, config.keptSteps]).toEqual([[1, 3], 8]);
  });
});

describe('the card of a checkpoint', () => {
  it('says what the files hold', async () => {
    const { card } = await openCheckpoint(smallTtm());
    expect(card).toMatchObject({ name: 'small', family: 'ttm', contextLength: 32, horizon: 8, channels: 1 });
    expect(card.weightsSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(card.sites[0]).toEqual({ name: 'encoder.embed', size: 16, axis: 'feature' });
    expect(new Set(card.sites.map(({ axis }) => axis))).toEqual(new Set(['feature', 'patch']));
  });

  it('counts the parameters', async () => {
    const { card } = await openCheckpoint(smallTtm({ adaptive_patching_levels: 0, use_decoder: false }));
    const linear = (inputs: number, outputs: number) => (inputs + 1) * outputs;
    const mixer = (axis: number) => linear(axis, 2 * axis) + linear(2 * axis, axis) + linear(axis, axis) + 2 * 16;
    expect(card.parameters).toBe(linear(8, 16) + mixer(4) + mixer(16) + linear(4 * 16, 8));
  });

  it('has another hash for other weights', async () => {
    const [one, two] = await Promise.all([openCheckpoint(smallTtm()), openCheckpoint(smallTtm({}, 2))]);
    expect(one.card.weightsSha256).not.toBe(two.card.weightsSha256);
    expect(one.card.configSha256).toBe(two.card.configSha256);
  });
});
