/** Configurations of the six baselines, in the keys of their checkpoints, from what they have in common. */

import type { Grid } from '../core/types.ts';
import type { FeatureName } from '../models/features.ts';

export const baselineIds = ['lstm', 'gru', 'alstm', 'da-rnn', 'sfm', 'mlp'] as const;

export type BaselineId = (typeof baselineIds)[number];

export interface BaselineChoice {
  /** The first is the series DA-RNN's decoder goes on with; that one needs two at least. */
  readonly features: readonly FeatureName[];
  /** Ticks read. */
  readonly contextTicks: number;
  /** The score is the log return over so many ticks. */
  readonly targetTicks: number;
  /** Width of hidden states and layers. */
  readonly hidden: number;
  /** Of those that are stacked. */
  readonly layers: number;
}

/** What is read of grids: imbalance where all have sizes. */
export function featuresFor(grids: readonly Pick<Grid, 'bidSize' | 'askSize'>[]): readonly FeatureName[] {
  const sized = grids.every(({ bidSize, askSize }) => bidSize && askSize);
  return ['mid', 'return', 'spread', ...(sized ? (['imbalance'] as const) : [])];
}

/** The content of a baseline's `config.json`. */
export function baselineConfig(id: BaselineId, choice: BaselineChoice): Readonly<Record<string, unknown>> {
  const { features, contextTicks, targetTicks, hidden, layers } = choice;
  const named = { features, target_ticks: targetTicks };
  const sequence = { ...named, d_feat: features.length, seq_len: contextTicks, hidden_size: hidden };
  switch (id) {
    case 'lstm':
    case 'gru':
      return { model_type: `qlib_${id}`, ...sequence, num_layers: layers };
    case 'alstm':
      return { model_type: 'qlib_alstm', ...sequence, num_layers: layers, rnn_type: 'gru' };
    case 'da-rnn':
      return { model_type: 'da_rnn', ...sequence, decoder_size: hidden };
    case 'sfm':
      return { model_type: 'qlib_sfm', ...sequence, freq_dim: 10, output_dim: 1 };
    case 'mlp':
      return {
        model_type: 'qlib_net',
        ...named,
        input_dim: contextTicks * features.length,
        layers: new Array<number>(layers).fill(2 * hidden),
      };
  }
}
