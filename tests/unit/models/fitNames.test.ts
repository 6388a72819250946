import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { type LoadedModel, openCheckpoint } from '../../../src/models/checkpoint.ts';
import { leavingUnused } from '../../../src/models/checkpoints/inferredConfig.ts';
import { readSafetensors, writeSafetensors } from '../../../src/models/checkpoints/safetensors.ts';
import { tableOf, tableValues } from '../../../src/models/checkpoints/tensors.ts';
import { Graph } from '../../../src/models/graph/builder.ts';
import { openArchitecture } from '../../../src/models/registry.ts';
import { initialParameters } from '../../../src/training/initialise.ts';
import { layoutOf, unflatten } from '../../../src/training/parameters.ts';
import { tensorsFile } from '../../support/rawSafetensors.ts';

type Tensors = ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }>;

const t5 = {
  architectures: ['T5ForConditionalGeneration'],
  model_type: 't5',
  ...{ d_ff: 8, d_kv: 4, d_model: 8, num_heads: 2, num_layers: 1, num_decoder_layers: 1, vocab_size: 32 },
  ...{ relative_attention_num_buckets: 4, relative_attention_max_distance: 8 },
  chronos_config: {
    tokenizer_class: 'MeanScaleUniformBins',
    tokenizer_kwargs: { low_limit: -15, high_limit: 15 },
    ...{ n_tokens: 32, context_length: 16, prediction_length: 4 },
  },
};
const configs: Readonly<Record<string, object>> = {
  'Chronos-T5': t5,
  'Chronos-T5 with a head of its own': { ...t5, tie_word_embeddings: false },
  'Timer of the hub': {
    model_type: 'timer',
    ...{ hidden_size: 8, intermediate_size: 16, num_hidden_layers: 2, num_attention_heads: 2 },
    ...{ input_token_len: 8, output_token_lens: [8] },
  },
  'Timer of the repository': { model_type: 'timer_repo', patch_len: 8, d_model: 16, d_ff: 16, e_layers: 2, n_heads: 8 },
  'Tiny Time Mixers': {
    model_type: 'tinytimemixer',
    ...{ context_length: 32, prediction_length: 8, patch_length: 8, patch_stride: 8, d_model: 16, num_layers: 1 },
    ...{ adaptive_patching_levels: 0, decoder_d_model: 8, decoder_num_layers: 1 },
  },
};

/** Random weights of a family, by official name. */
function weightsOf(config: object): Tensors {
  const architecture = openArchitecture(JSON.stringify(config), 'test');
  const graph = new Graph();
  architecture.addTo(graph, { contexts: 1, channels: 1 });
  const layout = layoutOf(graph);
  const file = readSafetensors(writeSafetensors(unflatten(layout, initialParameters(layout, 1))), 'test');
  const table = tableOf(file);
  return new Map(
    [...table.tensors].map(([name, each]) => [name, { shape: each.shape, values: tableValues(table, each) }]),
  );
}

function fileOf(tensors: Tensors): Uint8Array {
  return tensorsFile(
    Object.fromEntries([...tensors].map(([name, { shape, values }]) => [name, { dtype: 'F32', shape, data: values }])),
  );
}

const open = (config: object | undefined, tensors: Tensors, answers = {}): Promise<LoadedModel> =>
  openCheckpoint(
    {
      name: 'saved',
      ...(config && { configJson: JSON.stringify(config) }),
      files: [{ path: 'model.ckpt', data: fileOf(tensors) }],
    },
    answers,
  );

function expectSame(model: LoadedModel, tensors: Tensors): void {
  for (const [name, { shape, values }] of tensors) {
    expect(model.table.tensors.get(name)?.shape, name).toEqual(shape);
    expect(model.weights.values(name), name).toEqual(values);
  }
}

function renamed(tensors: Tensors, rename: (name: string) => string): Tensors {
  return new Map([...tensors].map(([name, tensor]) => [rename(name), tensor]));
}

const prefix = fc
  .array(fc.constantFrom('model', 'module', '_orig_mod', 'backbone', 'net', 'my_wrapper'), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => `${parts.join('.')}.`);

describe.each(Object.entries(configs))('%s', (_, config) => {
  const tensors = weightsOf(config);

  it('is read behind whatever prefix wrappers put before every name', async () => {
    await fc.assert(
      fc.asyncProperty(prefix, async (before) => {
        const model = await open(
          config,
          renamed(tensors, (name) => before + name),
        );
        expectSame(model, tensors);
        expect(model.card.notes?.join(' ')).toContain(`begin with ${before.slice(0, -1)}`);
      }),
      { numRuns: 8 },
    );
  });

  it('is read where parts of it lie a second time under other names', async () => {
    const [name, tensor] = [...tensors][1]!;
    const model = await open(
      config,
      new Map([...renamed(tensors, (each) => `model.${each}`), [`alias.${name}`, tensor]]),
    );
    expectSame(model, tensors);
    expect(model.card.notes?.join(' ')).toContain('copies of tensors that are read');
  });

  it('is asked about where a tensor is there that nothing reads, and opens without it on an answer', async () => {
    const more = new Map([...tensors, ['second_norm.weight', { shape: [3], values: Float32Array.of(1, 2, 3) }]]);
    await expect(open(config, more)).rejects.toMatchObject({ problem: { code: 'checkpoint/unused-tensors' } });
    await expect(open(config, more)).rejects.toThrow('does not read: second_norm.weight');
    const model = await open(config, more, { [leavingUnused.field]: leavingUnused.value });
    expectSame(model, tensors);
    expect(model.card.notes?.join(' ')).toContain('Left out, as you asked: 1 of the tensors (second_norm.weight)');
  });

  it('is refused where one name does not fit behind the prefix, and where none fits', async () => {
    const names = [...tensors.keys()];
    const but = renamed(tensors, (name) => (name === names[2] ? name : `module.${name}x`));
    await expect(open(config, but)).rejects.toMatchObject({ problem: { code: 'checkpoint/missing-tensor' } });
    const failed = await open(
      config,
      renamed(tensors, (name) => `${name}x`),
    ).catch((caught: unknown) => caught);
    expect((failed as UserError).problem.hint).toContain('of another architecture');
    const part = new Map([...tensors].slice(1));
    const lacking = await open(config, part).catch((caught: unknown) => caught);
    // Tied tensors stand for each other; any other is missed.
    if (lacking instanceof UserError) expect(lacking.problem.hint).toContain(`${tensors.size - 1} of ${tensors.size}`);
  });
});

describe('queries, keys and values', () => {
  const config = configs['Timer of the hub']!;
  const tensors = weightsOf(config);
  const stems = [0, 1].map((layer) => `model.layers.${layer}.self_attn.`);

  it.each(['qkv_proj.weight', 'qkv.weight', 'in_proj_weight'])('in one tensor %s are read as three', async (fused) => {
    const joined = new Map(tensors);
    for (const stem of stems) {
      for (const end of ['weight', 'bias']) {
        const parts = ['q', 'k', 'v'].map((part) => `${stem}${part}_proj.${end}`);
        const values = parts.flatMap((name) => [...tensors.get(name)!.values]);
        const shape = [24, ...tensors.get(parts[0]!)!.shape.slice(1)];
        for (const name of parts) joined.delete(name);
        joined.set(`${stem}${fused.replace('weight', end)}`, { shape, values: Float32Array.from(values) });
      }
    }
    const model = await open(config, joined);
    expectSame(model, tensors);
    expect(model.card.notes?.join(' ')).toContain('read as three');
  });
});

describe('a Timer of the repository without config', () => {
  it('is told from its tensors, as Lightning and a fine-tuning script save it', async () => {
    const tensors = weightsOf(configs['Timer of the repository']!);
    const official = renamed(tensors, (name) => `model.${name}`);
    // The script's class holds the backbone and, beside it, parts of the backbone again.
    const decoder = [...tensors].filter(([name]) => name.startsWith('decoder.'));
    const tuned = new Map([...renamed(tensors, (name) => `backbone.${name}`), ...decoder]);
    for (const saved of [tensors, official, tuned]) {
      const model = await open(undefined, saved);
      expect(model.card).toMatchObject({ family: 'timer', horizon: 8 });
      expect(model.card.questions?.[0]).toMatchObject({ field: 'heads', taken: '8' });
      expectSame(model, tensors);
    }
  });
});
