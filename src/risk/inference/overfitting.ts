/**
 * The probability that choosing the best backtest is worthless: combinatorially symmetric cross-validation (Bailey, Borwein, López
 * de Prado & Zhu, "The probability of backtest overfitting", Journal of Computational Finance 2016).
 */

import { fail } from '../../core/errors.ts';

export interface Overfitting {
  /** Share of splits in which the strategy best in one half of the blocks is below the median in the other half. */
  readonly probability: number;
  /** Share of splits in which that strategy's Sharpe ratio in the other half is negative. */
  readonly probabilityOfLoss: number;
  /** [splits] logit of the relative rank in the other half, ≤ 0 below the median. */
  readonly logits: Float64Array;
}

/**
 * Cuts the periods into contiguous blocks, takes every half of the blocks as in-sample, and ranks the winner in the other half by
 * Sharpe ratio: ω = rank/(N + 1), λ = ln(ω/(1 − ω)), PBO = share of λ < 0, λ = 0 counting half. Ties rank in the middle.
 *
 * @param strategies [N][T] returns per period, N ≥ 2
 * @param blocks even; 16 gives 12 870 splits
 * @throws UserError `risk/too-few-days` with fewer than two periods a block
 */
export function probabilityOfOverfitting(
  strategies: readonly ArrayLike<number>[],
  riskFree: number,
  blocks = 16,
): Overfitting {
  const periods = strategies[0]?.length ?? 0;
  if (strategies.length < 2 || blocks < 2 || blocks % 2 === 1) throw new RangeError('nothing to cross-validate');
  if (periods < 2 * blocks) {
    fail('risk/too-few-days', `${blocks} blocks need at least ${2 * blocks} periods, but there are ${periods}.`, {
      hint: 'Use fewer blocks or more days.',
    });
  }
  const sums = blockSums(strategies, riskFree, blocks);
  const n = strategies.length;
  const inside = new Float64Array(n);
  const outside = new Float64Array(n);
  const logits: number[] = [];
  let losses = 0;
  for (const chosen of halves(blocks)) {
    writeSharpes(sums, n, blocks, (block) => chosen[block] === 1, inside);
    writeSharpes(sums, n, blocks, (block) => chosen[block] === 0, outside);
    const winner = inside.reduce((best, value, i) => (value > inside[best]! ? i : best), 0);
    const mine = outside[winner]!;
    let rank = 1;
    outside.forEach((value, i) => {
      if (i !== winner) rank += value < mine ? 1 : value === mine ? 0.5 : 0;
    });
    logits.push(Math.log(rank / (n + 1 - rank)));
    if (mine < 0) losses++;
  }
  const splits = logits.length;
  const probability = logits.reduce((sum, logit) => sum + (logit < 0 ? 1 : logit === 0 ? 0.5 : 0), 0) / splits;
  return { probability, probabilityOfLoss: losses / splits, logits: Float64Array.from(logits) };
}

/** [N, blocks, 3]: number, sum and sum of squares of excess returns. */
function blockSums(strategies: readonly ArrayLike<number>[], riskFree: number, blocks: number): Float64Array {
  const sums = new Float64Array(strategies.length * blocks * 3);
  strategies.forEach((returns, i) => {
    for (let t = 0; t < returns.length; t++) {
      const at = (i * blocks + Math.floor((t * blocks) / returns.length)) * 3;
      const excess = returns[t]! - riskFree;
      sums[at] = sums[at]! + 1;
      sums[at + 1] = sums[at + 1]! + excess;
      sums[at + 2] = sums[at + 2]! + excess * excess;
    }
  });
  return sums;
}

/** Sharpe ratios per period over the blocks used; 0 for a strategy that did nothing in them. */
function writeSharpes(
  sums: Float64Array,
  strategies: number,
  blocks: number,
  used: (block: number) => boolean,
  out: Float64Array,
): void {
  for (let i = 0; i < strategies; i++) {
    let [count, sum, squares] = [0, 0, 0];
    for (let block = 0; block < blocks; block++) {
      if (!used(block)) continue;
      const at = (i * blocks + block) * 3;
      count += sums[at]!;
      sum += sums[at + 1]!;
      squares += sums[at + 2]!;
    }
    const mean = sum / count;
    const variance = squares / count - mean * mean;
    // Equal returns leave rounding errors of this size behind, not zero.
    out[i] = variance > (1e-12 * squares) / count ? mean / Math.sqrt(variance) : 0;
  }
}

/** Every choice of half the blocks, as 0 and 1; the same array is handed out each time. */
function* halves(blocks: number): Generator<Uint8Array> {
  const chosen = new Uint8Array(blocks);
  function* choose(from: number, left: number): Generator<Uint8Array> {
    if (left === 0) {
      yield chosen;
      return;
    }
    for (let block = from; block <= blocks - left; block++) {
      chosen[block] = 1;
      yield* choose(block + 1, left - 1);
      chosen[block] = 0;
    }
  }
  yield* choose(0, blocks / 2);
}
