/** Learning rates over a run. */

export interface LearningRateSettings {
  readonly peak: number;
  /** Steps of linear growth from 0 to the peak. */
  readonly warmUpSteps: number;
  readonly totalSteps: number;
}

/** Linear warm-up, then a cosine down to zero at `totalSteps`. `step` counts from 0. */
export function warmUpCosine(step: number, { peak, warmUpSteps, totalSteps }: LearningRateSettings): number {
  if (step < warmUpSteps) return (peak * (step + 1)) / warmUpSteps;
  const progress = (step - warmUpSteps) / Math.max(1, totalSteps - warmUpSteps);
  return (peak * (1 + Math.cos(Math.PI * Math.min(1, progress)))) / 2;
}

/** How a run's rate goes: from a linear warm-up on it stays, or falls along a cosine or a line to zero. */
export type ScheduleKind = 'constant' | 'cosine' | 'linear';

/** The rate of a step, counted from 0. */
export function scheduledRate(kind: ScheduleKind, step: number, settings: LearningRateSettings): number {
  const { peak, warmUpSteps, totalSteps } = settings;
  if (kind === 'cosine' || step < warmUpSteps) return warmUpCosine(step, settings);
  if (kind === 'constant') return peak;
  return peak * Math.max(0, 1 - (step - warmUpSteps) / Math.max(1, totalSteps - warmUpSteps));
}
