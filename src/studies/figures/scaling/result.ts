/** What the scaling of a family's sizes holds. */

import type { Precision } from '../../../models/types.ts';

export interface ScalingFigure {
  readonly kind: 'scaling';
  /** Delays from decision to fill that were tried, in ticks. */
  readonly delaysTicks: readonly number[];
  readonly sizes: readonly {
    readonly model: string;
    readonly stepMs: number;
    readonly parameters: number;
    readonly precision: Precision;
    /** Of the configurations that trade; null where none does. */
    readonly centroid: { readonly sigmaBps: number; readonly meanBps: number } | null;
    /** [delays] net, annual: the median over configurations that trade; null where none does. */
    readonly sharpeByDelay: readonly (number | null)[];
  }[];
}
