/** What specs of figures are made of: names, days, steps, resolutions, and a fine-tuning every week. */

import * as v from 'valibot';
import type { FineTuneSettings } from '../../training/fineTuning/settings.ts';

/** The same, and nothing in it can be changed. */
export type Immutable<T> = T extends readonly (infer Each)[]
  ? readonly Immutable<Each>[]
  : T extends object
    ? { readonly [Key in keyof T]: Immutable<T[Key]> }
    : T;

export const name = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
export const names = v.pipe(v.array(name), v.minLength(1));
export const day = v.pipe(v.string(), v.isoDate('must be a day such as 2024-05-08'));
export const stepMs = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(86_400_000));

export const whole = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));

/** Quotes at a step, and how often they are forecast. */
export const resolution = v.object({ data: name, stepMs, strideTicks: v.pipe(v.number(), v.integer(), v.minValue(1)) });

/** A model that is renewed every week: fine-tuned on the quotes of the time before, never on the week's own. */
export interface WeeklyTuning {
  /** Months before each week that are trained on; fewer where the quotes begin later. */
  readonly trailingMonths: number;
  /** Of the training. Its days and its training share follow from the week; `validationShare` is of the time before. */
  readonly settings: FineTuneSettings;
}

/** Settings of a training are checked, and repaired, by their own table: whoever checks a manifest does so after its schema. */
const trainingSettings = v.record(v.string(), v.unknown()) as unknown as v.GenericSchema<unknown, FineTuneSettings>;

/** Beside the checkpoint as it is; null, or left out: that alone. */
export const weeklyTuning = v.optional(
  v.nullable(v.object({ trailingMonths: whole(1, 120), settings: trainingSettings })),
  null,
);
