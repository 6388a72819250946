/** What a model is fine-tuned on for a week: the trading days of the months before, and nothing of the week itself. */

import type { Grid } from '../../core/types.ts';
import { sliceSessions } from '../../forecasts/sessionParts.ts';
import type { FineTuneSettings } from '../../training/fineTuning/settings.ts';
import type { WeeklyTuning } from '../figures/schema.ts';

/** With fewer days before it, a week is forecast by the model as it was. */
const FEWEST_TRAINING_DAYS = 4;

export interface WeekTraining {
  /** The days before the week, and the week's own: training and validation end where it begins, and it is only measured. */
  readonly grids: readonly Grid[];
  readonly settings: FineTuneSettings;
}

/**
 * @param week its Monday, `YYYY-MM-DD`
 * @returns undefined where too few days come before
 */
export function weeklyTuning(
  grids: readonly Grid[],
  week: string,
  { trailingMonths, settings }: WeeklyTuning,
): WeekTraining | undefined {
  const first = monthsBefore(week, trailingMonths);
  const after = new Date(Date.parse(week) + 7 * 86_400_000).toISOString().slice(0, 10);
  const within = grids.flatMap((grid) => {
    const sessions = [...grid.sessionDays.keys()].filter((s) => {
      const day = grid.sessionDays[s]!;
      return day >= first && day < after;
    });
    return sessions.length > 0 ? [sliceSessions(grid, sessions[0]!, sessions.at(-1)! + 1)] : [];
  });
  const days = [...new Set(within.flatMap(({ sessionDays }) => sessionDays))];
  const before = days.filter((day) => day < week).length;
  if (before < FEWEST_TRAINING_DAYS || before === days.length) return undefined;
  const validation = Math.max(1, Math.round(settings.validationShare * before));
  const share = (count: number): number => count / days.length;
  return {
    grids: within,
    settings: {
      ...settings,
      firstDay: '',
      lastDay: '',
      trainingShare: share(before - validation),
      validationShare: share(validation),
    },
  };
}

/** The same day of an earlier month, or that month's last. */
function monthsBefore(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 - months, Math.min(date, last))).toISOString().slice(0, 10);
}
