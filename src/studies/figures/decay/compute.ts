/**
 * Decay (Fig. 4): the market line over a rolling window of weeks, of the checkpoint as it is and of the model fine-tuned anew every week. The bound
 * SR_θ is the slope through the risk-free rate; the observed SR_θs is that of a strategy anyone could have followed: each week the configuration that
 * was best over the window before.
 */

import type { Forecasts } from '../../../core/types.ts';
import type { MarketLineResult } from '../../../marketLine/marketLineResult.ts';
import { FEWEST_PERIODS } from '../../../risk/resampling/bootstrap.ts';
import { type FigureContext, lineOfForecasts } from '../context.ts';
import { halfLife } from './halfLife.ts';
import { plantedForecasts, plantedHalfLife } from './planted.ts';
import type { DecayCourse, DecayFigure } from './result.ts';
import type { DecaySpec } from './spec.ts';
import { weeklyCorrelations } from './weeklyCorrelations.ts';
import { boundOf, calendarWeeks, followedReturns, type Week, windowFigures } from './windows.ts';

/** Weeks are made of days, however few. */
const daily = { returnPeriod: 'day' } as const;

export async function decayFigure(context: FigureContext, spec: DecaySpec): Promise<DecayFigure> {
  const { study, gather } = context;
  const { stepMs, seed } = study.manifest.settings;
  const { data, model, windowWeeks, releases, pretrainedUntil } = spec;
  const zeroShot = await gather({ data, stepMs, model });
  const tuned = spec.fineTune && (await gather({ data, stepMs, model, fineTune: spec.fineTune }));
  const lineOf = (forecasts: readonly Forecasts[]) => lineOfForecasts(context, data, stepMs, forecasts, daily);
  const known = plantedForecasts(context, spec);
  const plantedLine = known && (await lineOf(known));
  const result = await lineOf(zeroShot.forecasts);
  const weeks = calendarWeeks(result.periods);
  const { usable, skipped } = windowsOf(weeks, windowWeeks);

  const plantedBounds: (number | null)[] = [];
  for (const { days } of usable) plantedBounds.push(plantedLine && (await boundOf(plantedLine, days, seed)).value);
  const correlationsOf = (forecasts: readonly Forecasts[]) => weeklyCorrelations(context, spec, forecasts, weeks);
  const courseOf = async (
    renewal: DecayCourse['renewal'],
    forecasts: readonly Forecasts[],
    line: MarketLineResult,
  ): Promise<DecayCourse> => {
    const followed = followedReturns(line, weeks, windowWeeks);
    const windows: DecayCourse['windows'][number][] = [];
    for (const [w, { monday, days }] of usable.entries()) {
      const figures = await windowFigures(line, days, followed, seed);
      windows.push({ week: monday, ...figures, planted: plantedBounds[w]! });
    }
    const weekly = correlationsOf(forecasts);
    return { renewal, windows, weekly, halfLifeWeeks: halfLifeOf(weekly, seed) };
  };
  const courses = [await courseOf('zero-shot', zeroShot.forecasts, result)];
  if (tuned) {
    courses.push(await courseOf('fine-tuned weekly', tuned.forecasts, await lineOf(tuned.forecasts)));
    for (const monday of tuned.untunedWeeks) {
      skipped.push(
        `Week of ${monday}: not fine-tuned, since too few days come before it; the checkpoint forecast as it is.`,
      );
    }
  }
  const plantedWeekly = known && correlationsOf(known);
  return {
    kind: 'decay',
    model,
    windowWeeks,
    courses,
    planted: plantedWeekly && {
      halfLifeWeeks: plantedHalfLife(context, data),
      correlationHalfLifeWeeks: halfLifeOf(plantedWeekly, seed),
      weekly: plantedWeekly,
    },
    releases,
    pretrainedUntil,
    skipped,
  };
}

function halfLifeOf(weekly: DecayCourse['weekly'], seed: number): DecayCourse['halfLifeWeeks'] {
  return halfLife(
    weekly.map(({ correlation }) => correlation ?? Number.NaN),
    seed,
  );
}

/** Windows that have quotes in every week and enough days; of the others, which and why. */
function windowsOf(weeks: readonly Week[], windowWeeks: number): { usable: Week[]; skipped: string[] } {
  const usable: Week[] = [];
  const skipped: string[] = [];
  if (weeks.length < windowWeeks) {
    skipped.push(`There are ${weeks.length} weeks of quotes, fewer than the ${windowWeeks} of a window.`);
  }
  for (let last = windowWeeks - 1; last < weeks.length; last++) {
    const inside = weeks.slice(last - windowWeeks + 1, last + 1);
    const days = inside.flatMap((week) => week.days);
    const empty = inside.filter((week) => week.days.length === 0).map(({ monday }) => monday);
    const { monday } = weeks[last]!;
    if (days.length >= FEWEST_PERIODS && empty.length === 0) usable.push({ monday, days });
    else {
      const why = empty.length > 0 ? `no quotes in the week of ${empty.join(', ')}` : `only ${days.length} days`;
      skipped.push(`Window ending in the week of ${monday}: ${why}.`);
    }
  }
  return { usable, skipped };
}
