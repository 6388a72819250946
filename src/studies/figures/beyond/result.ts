/** What ensembles, shared risk and portfolios hold. */

import type { Estimate } from '../estimate.ts';

export interface BeyondFigure {
  readonly kind: 'beyond';
  /** Points for the plane, in bps a day; risk is the priced σ. */
  readonly ensembles: readonly {
    readonly name: 'forecasts' | 'returns';
    readonly centroid: { readonly sigmaBps: number; readonly meanBps: number };
    /** Change of priced σ against the mean of the members, bps a day, over the same configurations. */
    readonly sigmaShift: Estimate;
    readonly meanShift: Estimate;
  }[];
  readonly members: readonly { readonly model: string; readonly sigmaBps: number; readonly meanBps: number }[];
  readonly sharedRisk: {
    readonly models: readonly string[];
    /** [M][M] of daily returns, mean over configurations. */
    readonly returns: readonly (readonly (number | null)[])[];
    /** [M][M] of surprises at the same ticks, mean over assets. */
    readonly surprises: readonly (readonly (number | null)[])[];
    /** Of the correlation of returns, as shares, descending. */
    readonly componentShares: readonly number[];
    /** Correlation of the first component with the market's daily return. */
    readonly firstAgainstMarket: number | null;
  };
  /** What could not be had, and why. */
  readonly notes: readonly string[];
  readonly portfolios: readonly {
    readonly model: string;
    readonly weights: 'equal' | 'inverse variance' | 'mean-variance, shrunk';
    /** Mean over configurations. */
    readonly sigmaBps: number;
    readonly meanBps: number;
    readonly sharpe: number | null;
  }[];
}
