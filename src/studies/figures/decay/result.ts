/** What the rolling market line through the weeks holds. */

import type { Estimate } from '../estimate.ts';

export interface DecayFigure {
  readonly kind: 'decay';
  readonly model: string;
  readonly windowWeeks: number;
  /** The checkpoint as it is; then, where the study asks for it, the model fine-tuned anew every week. */
  readonly courses: readonly DecayCourse[];
  /** Of those whose weeks are told: by the same measure, what a forecaster has who knows what was planted; null where the data are no simulation. */
  readonly planted: {
    /** Of the strength of the signal; null where it lasts. */
    readonly halfLifeWeeks: number | null;
    /** Of its correlation with what follows, in the same weeks. */
    readonly correlationHalfLifeWeeks: Estimate;
    readonly weekly: readonly WeeklyCorrelation[];
  } | null;
  readonly releases: readonly { readonly name: string; readonly day: string }[];
  readonly pretrainedUntil: string | null;
  /** Windows and weeks that are missing, and why: whole sentences. */
  readonly skipped: readonly string[];
}

export interface WeeklyCorrelation {
  /** Monday. */
  readonly week: string;
  /** Of surprise and what followed, mean over assets. */
  readonly correlation: number | null;
}

/** A model through the weeks. */
export interface DecayCourse {
  readonly renewal: 'zero-shot' | 'fine-tuned weekly';
  /** Ending weeks of windows; annual Sharpe ratios. */
  readonly windows: readonly {
    /** Monday of the last week. */
    readonly week: string;
    /** SR_θ: slope through the risk-free rate on the priced risk of the paper's equation. */
    readonly bound: Estimate;
    /** SR_θs: each week the configuration that was best over the window before it. */
    readonly observed: Estimate;
    readonly gap: Estimate;
    /** SR_θ of a forecaster that knows the planted signal; null where the data are no simulation. */
    readonly planted: number | null;
  }[];
  readonly weekly: readonly WeeklyCorrelation[];
  /** Weeks after which half of that correlation is left; null where it does not fade. */
  readonly halfLifeWeeks: Estimate;
}
