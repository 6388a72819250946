/** The configuration of PyTorch checkpoints of TimesFM 1.0 and 2.0, which the official code keeps in code. */

import type { Answers, InferredConfig } from '../../checkpoints/inferredConfig.ts';
import type { Shapes } from '../../checkpoints/shapes.ts';

/** Columns of the official heads: the mean and nine deciles. */
const COLUMNS = 10;

/** TimesFM 1.0 and 2.0: the same tensors; only whether sinusoids are added differs, and the official sizes. */
export function inferTimesfm1And2(shapes: Shapes, answers: Answers): InferredConfig | undefined {
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
