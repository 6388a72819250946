/** How the time of a single forecast is measured. */

import type { ForecastSettings } from '../models/types.ts';

/** Settings whose measured time is that of a single answer: a fresh mask for every forecast makes batches of one. */
export function oneAnswerAtATime({ anchored: _, posterior: __, ...settings }: ForecastSettings): ForecastSettings {
  return { ...settings, variants: 0, freshMasks: true };
}
