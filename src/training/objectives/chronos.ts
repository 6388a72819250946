/** Chronos-T5's loss: the cross-entropy of the tokens that follow, each told the true ones before it, and the end token after them. */

import type { ChronosConfig } from '../../models/families/chronosT5/config.ts';
import { tokenCentres, tokenise, tokensOf } from '../../models/families/chronosT5/tokeniser.ts';
import { seriesOf } from '../../models/series.ts';
import { crossEntropy } from '../losses.ts';
import type { Objective } from './objective.ts';

export function chronosTokens(config: ChronosConfig): Objective {
  const { contextLength: length, pathLength: horizon, endsContext, endToken, startToken } = config;
  const steps = horizon + (endsContext ? 1 : 0);
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
        const own = words.subarray(n * horizon, (n + 1) * horizon);
        labels.set(own, n * steps);
        given.set(own.subarray(0, steps - 1), n * steps + 1);
      }
      return { tokens, open, given, labels, weight: new Float32Array(labels.length).fill(1 / labels.length) };
    },
  };
}
