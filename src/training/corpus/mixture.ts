/** The corpus the embedded checkpoints are pre-trained on, the markets they are scored on, and a hash that tells one corpus from another. */

import { RandomStream } from '../../core/random.ts';
import { sha256 } from '../../core/sha256.ts';
import { armaChanges, meanReversion } from './arma.ts';
import { gaussianProcesses } from './gaussianProcess.ts';
import { simulatedMarkets } from './market.ts';
import { noisyWalks } from './noisyWalk.ts';
import { regimeSwitches } from './regimes.ts';
import type { MixtureEntry, SeriesSource } from './source.ts';

/** Seeds of held-out markets start here; the training markets' lie below. */
const HELD_OUT_FIRST_SEED = 900_000_000;
const TRAINING_FIRST_SEED = 500_000_000;
const TRAINING_MARKETS = 256;
const HELD_OUT_MARKETS = 32;
const KERNELS = 24;

/** The corpus of a seed, with shares. */
export function corpus(seed: number): readonly MixtureEntry[] {
  if (TRAINING_FIRST_SEED + seed + TRAINING_MARKETS > HELD_OUT_FIRST_SEED) {
    throw new RangeError(`seed ${seed}: its training markets would be among those held out`);
  }
  return [
    { source: simulatedMarkets(TRAINING_FIRST_SEED + seed, TRAINING_MARKETS), share: 0.65 },
    { source: armaChanges, share: 0.08 },
    { source: meanReversion, share: 0.05 },
    { source: regimeSwitches, share: 0.05 },
    { source: gaussianProcesses(seed, KERNELS), share: 0.1 },
    { source: noisyWalks, share: 0.07 },
  ];
}

/** Markets that no corpus draws from. */
export function heldOutMarkets(): SeriesSource {
  return simulatedMarkets(HELD_OUT_FIRST_SEED, HELD_OUT_MARKETS);
}

const SAMPLED_PATHS = 4;
const SAMPLED_STEPS = 48;
/** Fewer digits than engines agree on, more than any change of a source leaves alone. */
const DIGITS = 6;

/** SHA-256 of shares, names and a few paths of every source: another corpus has another hash. */
export async function corpusHash(seed: number): Promise<string> {
  const lines = corpus(seed).map(({ source, share }) => {
    const stream = new RandomStream(seed, `corpus hash/${source.name}`);
    const paths = Array.from({ length: SAMPLED_PATHS }, () => {
      const path = source.draw(stream, SAMPLED_STEPS);
      return Array.from(path, (value) => (value - path[0]! + 0).toPrecision(DIGITS)).join(' ');
    });
    return [share, source.name, ...paths].join('\n');
  });
  return sha256(new TextEncoder().encode(lines.join('\n')));
}

/** Sources of the corpus with their shares, for people. */
export function describeCorpus(seed: number): string {
  return corpus(seed)
    .map(({ source, share }) => `${source.name} ${Math.round(100 * share)} %`)
    .join(', ');
}
