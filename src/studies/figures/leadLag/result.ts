/** What lead and lag at several resolutions hold. */

import type { Estimate } from '../estimate.ts';

export interface LeadLagFigure {
  readonly kind: 'lead-lag';
  readonly lags: readonly number[];
  readonly curves: readonly {
    readonly model: string;
    readonly data: string;
    readonly stepMs: number;
    /** [lags] mean over assets. */
    readonly correlations: readonly Estimate[];
    /** Forecasts behind it, all assets together. */
    readonly forecasts: number;
    readonly days: number;
    /** Of a model fine-tuned every week: how many weeks came too early for it. Null: the checkpoint as it is. */
    readonly tuned: { readonly weeksAsItWas: number } | null;
  }[];
}
