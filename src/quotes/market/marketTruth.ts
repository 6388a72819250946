/** What the simulator planted: the state behind the quotes, and the exact conditional expectation of the returns to come. */

import type { PlantedSignal, SimulatorSettings } from './simulatorSettings.ts';

/** Everything needed to know what could be known at each step. Steps run through all days without a break. */
export interface MarketTruth {
  readonly settings: SimulatorSettings;
  /** [steps] 0 or 1: the entry of `signal.strengths` in force when the step was taken. */
  readonly regime: Uint8Array;
  /** [weeks] factor on the strength. */
  readonly weekStrength: Float64Array;
  /** [days] week of each day, counted from 0. */
  readonly dayWeek: Int32Array;
  /** Per asset [steps] fading sum of its shocks, own and common, up to and including the step; log price. */
  readonly memory: readonly Float64Array[];
}

/**
 * [steps] E[log price in `horizonSteps` steps − log price now | everything up to now, the regime included] of one asset.
 * Steps beyond the session's end add nothing, as nothing is carried over a night.
 *
 * The memory is expected to fade by ρ a step and the regime to lose its head start over the long-run shares by λ a step, independently:
 * E[step j ahead] = g·(1 − ρ)·ρ^(j−1)·z·(s̄ + (s − s̄)·λ^j).
 */
export function expectedReturns(truth: MarketTruth, asset: number, horizonSteps: number): Float64Array {
  const { stepsPerDay, signal } = truth.settings;
  const { strengths } = signal;
  const memory = truth.memory[asset];
  if (memory === undefined) throw new RangeError(`no asset ${asset}`);
  const rho = memoryDecay(signal);
  const lambda = regimePersistence(signal);
  const share = regimeShare(signal);
  const usual = share * strengths[0] + (1 - share) * strengths[1];
  // [regime][n] response to a memory of 1 over n steps.
  const response = strengths.map((strength) => {
    const sums = new Float64Array(horizonSteps + 1);
    for (let j = 1; j <= horizonSteps; j++) {
      sums[j] = sums[j - 1]! + (1 - rho) * rho ** (j - 1) * (usual + (strength - usual) * lambda ** j);
    }
    return sums;
  });
  return memory.map((z, step) => {
    const left = Math.min(horizonSteps, stepsPerDay - 1 - (step % stepsPerDay));
    const fading = truth.weekStrength[truth.dayWeek[Math.floor(step / stepsPerDay)]!]!;
    return fading * z * response[truth.regime[step]!]![left]!;
  });
}

/** ρ: what is left of the memory after a step. */
export function memoryDecay(signal: PlantedSignal): number {
  return Math.exp(-1 / signal.memorySteps);
}

/** λ: what is left after a step of knowing the regime. */
function regimePersistence({ regimeSteps }: PlantedSignal): number {
  return 1 - 1 / regimeSteps[0] - 1 / regimeSteps[1];
}

/** Long-run share of the first regime. */
export function regimeShare({ regimeSteps }: PlantedSignal): number {
  return regimeSteps[0] / (regimeSteps[0] + regimeSteps[1]);
}
