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
