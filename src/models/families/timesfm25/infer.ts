/** The configuration of checkpoints of TimesFM 2.5, which the official code keeps in code. */

import type { InferredConfig } from '../../checkpoints/inferredConfig.ts';
import type { Shapes } from '../../checkpoints/shapes.ts';

/** Columns of the official heads: the mean and nine deciles. */
const COLUMNS = 10;

/** TimesFM 2.5 in the repository's layout. */
export function inferTimesfm25(shapes: Shapes): InferredConfig | undefined {
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
