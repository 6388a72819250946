/** Chronos-T5's loss: the cross-entropy of the tokens that follow, each told the true ones before it. */

import type { ChronosConfig } from '../../models/families/chronosT5/config.ts';
import { tokenCentres, tokenise, tokensOf } from '../../models/families/chronosT5/tokeniser.ts';
import { seriesOf } from '../../models/series.ts';
import { crossEntropy } from '../losses.ts';
import type { Objective } from './objective.ts';

/** A part of the path of tokens. */
export interface TaughtPath {
  /** Tokens that are learnt; absent: as many as the model predicts, and the end token after them where it has one. */
  readonly steps?: number;
  /** [steps] of mean 1; absent: all count alike. */
  readonly weights?: Float32Array;
}

export function chronosTokens(config: ChronosConfig, { steps: taught, weights }: TaughtPath = {}): Objective {
  const { contextLength: length, pathLength, endsContext, endToken, startToken } = config;
  const horizon = taught ?? pathLength;
  const steps = horizon + (taught === undefined && endsContext ? 1 : 0);
  return {
    name: 'cross-entropy of the tokens that follow',
    horizon,
    ordered: { table: 'shared.weight', values: tokenCentres(config) },
    batch: { part: 'teach', steps },
    loss: (g) => crossEntropy(g, g.labels.get('logits')!),
    feeds: ({ contexts, count, futures }) => {
      const { tokens, open, scale } = tokenise(
        config,
        seriesOf({ values: contexts, contexts: count, length, channels: 1 }),
        length,
      );
      const words = tokensOf(
        config,
        futures.map((value, i) => Math.fround(value / scale[Math.floor(i / horizon)]!)),
      );
      const labels = new Int32Array(count * steps).fill(endToken);
      const given = new Int32Array(count * steps).fill(startToken);
      for (let n = 0; n < count; n++) {
        const targets = words.subarray(n * horizon, (n + 1) * horizon);
        labels.set(targets, n * steps);
        given.set(targets.subarray(0, steps - 1), n * steps + 1);
      }
      const weight = Float32Array.from(labels, (_, i) => (weights?.[i % steps] ?? 1) / labels.length);
      return { tokens, open, given, labels, weight };
    },
  };
}
