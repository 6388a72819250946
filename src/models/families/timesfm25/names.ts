/** Names of TimesFM 2.5's tensors in the two layouts its checkpoints come in. */

import type { ResidualBlock } from '../../layers/residualBlock.ts';
import type { Timesfm25Config } from './config.ts';

type Layout = Timesfm25Config['layout'];
type BlockNames = Pick<ResidualBlock, 'hidden' | 'output' | 'residual'>;

/** Norms and scales are whole names of tensors; linear layers are names to which `.weight` is added. */
export interface LayerNames {
  readonly beforeAttention: string;
  readonly afterAttention: string;
  readonly beforeFeedForward: string;
  readonly afterFeedForward: string;
  /** One fused layer, or queries, keys and values. */
  readonly projections: readonly string[];
  readonly queryNorm: string;
  readonly keyNorm: string;
  readonly queryScale: string;
  readonly attentionOut: string;
  readonly raise: string;
  readonly lower: string;
}

export function layerNames(layout: Layout, index: number): LayerNames {
  if (layout === 'repository') {
    const layer = `stacked_xf.${index}`;
    return {
      beforeAttention: `${layer}.pre_attn_ln.scale`,
      afterAttention: `${layer}.post_attn_ln.scale`,
      beforeFeedForward: `${layer}.pre_ff_ln.scale`,
      afterFeedForward: `${layer}.post_ff_ln.scale`,
      projections: [`${layer}.attn.qkv_proj`],
      queryNorm: `${layer}.attn.query_ln.scale`,
      keyNorm: `${layer}.attn.key_ln.scale`,
      queryScale: `${layer}.attn.per_dim_scale.per_dim_scale`,
      attentionOut: `${layer}.attn.out`,
      raise: `${layer}.ff0`,
      lower: `${layer}.ff1`,
    };
  }
  const layer = `model.layers.${index}`;
  return {
    beforeAttention: `${layer}.input_layernorm.weight`,
    afterAttention: `${layer}.post_attention_layernorm.weight`,
    beforeFeedForward: `${layer}.pre_feedforward_layernorm.weight`,
    afterFeedForward: `${layer}.post_feedforward_layernorm.weight`,
    projections: ['q', 'k', 'v'].map((part) => `${layer}.self_attn.${part}_proj`),
    queryNorm: `${layer}.self_attn.q_norm.weight`,
    keyNorm: `${layer}.self_attn.k_norm.weight`,
    queryScale: `${layer}.self_attn.scaling`,
    attentionOut: `${layer}.self_attn.o_proj`,
    raise: `${layer}.mlp.ff0`,
    lower: `${layer}.mlp.ff1`,
  };
}

export function modelNames(layout: Layout): Readonly<Record<'embedder' | 'point' | 'quantiles', BlockNames>> {
  const block = (prefix: string): BlockNames => ({
    hidden: `${prefix}.${layout === 'repository' ? 'hidden_layer' : 'input_layer'}`,
    output: `${prefix}.output_layer`,
    residual: `${prefix}.residual_layer`,
  });
  return {
    embedder: block(layout === 'repository' ? 'tokenizer' : 'model.input_ff_layer'),
    point: block('output_projection_point'),
    quantiles: block('output_projection_quantiles'),
  };
}
