/**
 * The configuration of checkpoints that come without one. TimesFM's PyTorch checkpoints keep it in code; most of it can be told
 * from the tensors' names and shapes, and what cannot is a question with a default.
 */

import { fail } from '../../core/errors.ts';
import type { ConfigQuestion } from '../types.ts';
import { firstFew } from './shards.ts';
import type { TensorTable } from './tensors.ts';

export interface InferredConfig {
  readonly configJson: string;
  readonly notes: readonly string[];
  readonly questions: readonly ConfigQuestion[];
}

/** Answers to questions, by field. */
export type Answers = Readonly<Record<string, string>>;

/** Columns of the official heads: the mean and nine deciles. */
const COLUMNS = 10;

/**
 * Tells the architecture from the tensors.
 * @throws UserError `checkpoint/no-config` for tensors of any other family.
 */
export function inferConfig(table: TensorTable, answers: Answers, where: string): InferredConfig {
  return (
    tryInferring(table, answers) ??
    fail(
      'checkpoint/no-config',
      `There is no config.json, and the tensors' names (${firstFew([...table.tensors.keys()])}) belong to no family that can be told without one.`,
      { where, hint: 'Drop the config.json of the checkpoint together with its weights.' },
    )
  );
}

/** The same; undefined for tensors of any other family. */
export function tryInferring(table: TensorTable, answers: Answers): InferredConfig | undefined {
  const shapes = new Shapes(table);
  return firstGeneration(shapes, answers) ?? secondGeneration(shapes);
}

class Shapes {
  constructor(private readonly table: TensorTable) {}

  /** Length of an axis of a tensor; NaN where there is none. */
  of(name: string, axis: number): number {
    return this.table.tensors.get(name)?.shape[axis] ?? Number.NaN;
  }

  /** Layers named `<prefix>.<index>.…`. */
  layers(prefix: string): number {
    const start = `${prefix}.`;
    const indices = [...this.table.tensors.keys()]
      .filter((name) => name.startsWith(start))
      .map((name) => Number.parseInt(name.slice(start.length), 10));
    return indices.length > 0 ? 1 + Math.max(...indices) : 0;
  }
}

/** TimesFM 1.0 and 2.0: the same tensors; only whether sinusoids are added differs, and the official sizes. */
function firstGeneration(shapes: Shapes, answers: Answers): InferredConfig | undefined {
  const layer = 'stacked_transformer.layers';
  const layers = shapes.layers(layer);
  const headSize = shapes.of(`${layer}.0.self_attn.scaling`, 0);
  const fused = shapes.of(`${layer}.0.self_attn.qkv_proj.weight`, 0);
  const output = shapes.of('horizon_ff_layer.output_layer.weight', 0);
  const patch = shapes.of('input_ff_layer.hidden_layer.0.weight', 1) / 2;
  const heads = fused / (3 * headSize);
  const horizon = output / COLUMNS;
  if (![layers, headSize, heads, horizon, patch].every((size) => Number.isInteger(size) && size > 0)) return undefined;
  const official = layers === 50 ? 'plain' : 'sinusoids';
  const taken = answers.positions === 'plain' || answers.positions === 'sinusoids' ? answers.positions : official;
  const positional = taken === 'sinusoids';
  const config = {
    num_layers: layers,
    num_heads: heads,
    num_kv_heads: heads,
    hidden_size: shapes.of('input_ff_layer.residual_layer.weight', 0),
    intermediate_size: shapes.of('input_ff_layer.hidden_layer.0.weight', 0),
    head_dim: headSize,
    rms_norm_eps: 1e-6,
    patch_len: patch,
    horizon_len: horizon,
    pad_val: 1123581321,
    tolerance: 1e-6,
    use_positional_embedding: positional,
  };
  const context = positional ? 512 : 2048;
  return {
    configJson: JSON.stringify(config),
    notes: [
      `The file has no config: ${layers} layers of ${heads} heads were told from its tensors.`,
      `Taken as in the official code: a context of ${context} values, nine deciles, the tolerance 1e-6.`,
    ],
    questions: [
      {
        field: 'positions',
        question: 'Which generation is it? Both have the same tensors.',
        options: [
          { value: 'sinusoids', label: 'TimesFM 1.0' },
          { value: 'plain', label: 'TimesFM 2.0' },
        ],
        taken,
      },
    ],
  };
}

/** TimesFM 2.5 in the repository's layout. */
function secondGeneration(shapes: Shapes): InferredConfig | undefined {
  const layer = 'stacked_xf';
  const width = shapes.of('tokenizer.residual_layer.weight', 0);
  const headSize = shapes.of(`${layer}.0.attn.query_ln.scale`, 0);
  const point = shapes.of('output_projection_point.output_layer.weight', 0) / COLUMNS;
  const quantiles = shapes.of('output_projection_quantiles.output_layer.weight', 0) / COLUMNS;
  const layers = shapes.layers(layer);
  const patch = shapes.of('tokenizer.hidden_layer.weight', 1) / 2;
  const sizes = [layers, width, headSize, width / headSize, point, quantiles, patch];
  if (!sizes.every((size) => Number.isInteger(size) && size > 0)) return undefined;
  const config = {
    input_patch_len: patch,
    output_patch_len: point,
    output_quantile_len: quantiles,
    decode_index: 5,
    tokenizer: { hidden_dims: shapes.of('tokenizer.hidden_layer.weight', 0), output_dims: width },
    output_projection_point: { hidden_dims: shapes.of('output_projection_point.hidden_layer.weight', 0) },
    stacked_transformers: {
      num_layers: layers,
      transformer: {
        model_dims: width,
        hidden_dims: shapes.of(`${layer}.0.ff0.weight`, 0),
        num_heads: width / headSize,
      },
    },
  };
  return {
    configJson: JSON.stringify(config),
    notes: [
      `The file has no config: ${layers} layers of ${width / headSize} heads were told from its tensors.`,
      'Taken as in the official code: a context of 1024 values and nine deciles.',
    ],
    questions: [],
  };
}
