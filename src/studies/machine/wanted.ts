/** What figures ask of the machine: forecasts, wanted before and gathered when they are there. */

import type { Forecasts } from '../../core/types.ts';
import type { WeeklyTuning } from '../figures/schema.ts';

/** Forecasts that a study needs of one model on one set of quotes. */
export interface Wanted {
  readonly data: string;
  readonly stepMs: number;
  readonly strideTicks: number;
  readonly model: string;
  /** 0: the deterministic model alone. */
  readonly variants: number;
  /** How the model is renewed from week to week; null: not at all. */
  readonly fineTune: WeeklyTuning | null;
}

export interface GatherRequest extends Pick<Wanted, 'data' | 'stepMs' | 'model'> {
  /** Default: the settings'. */
  readonly strideTicks?: number;
  /** Default: null, the checkpoint as it is. */
  readonly fineTune?: Wanted['fineTune'];
}

export interface Gathered {
  /** Forecasts of all assets, in their order. */
  readonly forecasts: readonly Forecasts[];
  /** Mondays of weeks for which the model was to be renewed, but too little came before. */
  readonly untunedWeeks: readonly string[];
}

export type Gather = (request: GatherRequest) => Promise<Gathered>;
