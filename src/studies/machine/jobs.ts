/**
 * A study as jobs, each named by the content that determines it: one model's forecasts of one asset on one day, as a run keeps them too; or, where
 * the model is renewed weekly, its fine-tuning for one week and the forecasts of all assets in it.
 */

import { canonicalJson } from '../../core/canonicalJson.ts';
import { hashGrid } from '../../core/hashGrid.ts';
import { sha256 } from '../../core/sha256.ts';
import type { Grid } from '../../core/types.ts';
import { dayPartsOf, passesIn } from '../../forecasts/dayParts.ts';
import { forecastKey } from '../../forecasts/forecastKey.ts';
import { neededContext } from '../../forecasts/neededContext.ts';
import { mondayOf, sliceSessions, type WeekPart, weeksOf } from '../../forecasts/sessionParts.ts';
import type { ForecastSettings, ModelCard, Provider } from '../../models/types.ts';
import { forecastSettingsOf } from '../../runs/settings.ts';
import { figureFor } from '../figures/index.ts';
import type { WeeklyTuning } from '../figures/schema.ts';
import { settingsAt } from './settingsAt.ts';
import type { StudyManifest } from './studyManifest.ts';
import type { Wanted } from './wanted.ts';
import { weeklyTuning } from './weeklyTuning.ts';

/** Sessions of one asset. */
export interface JobPart {
  readonly symbol: string;
  readonly firstSession: number;
  readonly endSessionExclusive: number;
}

export interface ForecastJob extends Wanted {
  /** SHA-256 of what determines the forecasts: quotes, model, settings and what executes it. */
  readonly key: string;
  /** For people: `2025-09-08`, or `the week of 2025-09-08`. */
  readonly span: string;
  /** Monday of its (last) day's week. */
  readonly week: string;
  /** One asset's, or all assets' where the model is renewed. */
  readonly parts: readonly JobPart[];
  readonly forwardPasses: number;
  /** Windows that training goes through before, at most; 0 without any. */
  readonly trainingWindows: number;
}

/** All forecasts that the figures of a manifest need, each once. */
export function wantedForecasts(manifest: Pick<StudyManifest, 'figures' | 'settings'>): Wanted[] {
  const wanted = new Map<string, Wanted>();
  for (const figure of manifest.figures) {
    for (const each of figureFor(figure).wanted(figure, manifest.settings)) {
      const key = wantedKey(each);
      const before = wanted.get(key);
      if (!before || before.variants < each.variants) wanted.set(key, each);
    }
  }
  return [...wanted.values()];
}

/** Equal for forecasts that differ in their number of variants alone. */
export function wantedKey({ data, stepMs, strideTicks, model, fineTune }: Omit<Wanted, 'variants'>): string {
  return canonicalJson([data, stepMs, strideTicks, model, fineTune]);
}

/** How a wanted forecast is made. */
export function forecastSettingsFor(manifest: Pick<StudyManifest, 'settings'>, wanted: Wanted): ForecastSettings {
  return { ...forecastSettingsOf(settingsAt(manifest, wanted.stepMs, wanted.strideTicks)), variants: wanted.variants };
}

/**
 * The jobs of one wanted forecast on the grids of its data. Days are jobs of their own; where masks are drawn anew for every forecast they
 * are counted over the whole grid, so that an asset is one job.
 */
export async function jobsOf(
  manifest: Pick<StudyManifest, 'settings'>,
  wanted: Wanted,
  card: ModelCard,
  grids: readonly Grid[],
  provider: Provider,
): Promise<ForecastJob[]> {
  const settings = settingsAt(manifest, wanted.stepMs, wanted.strideTicks);
  const forecast = forecastSettingsFor(manifest, wanted);
  const context = neededContext(card, settings);
  const keyOf = (grid: Grid): Promise<string> => forecastKey(grid, card, forecast, provider);
  if (wanted.fineTune) return tunedJobs(wanted, wanted.fineTune, { grids, context, forecast, keyOf });
  const jobs: ForecastJob[] = [];
  for (const grid of grids) {
    for (const { day, passes, ...sessions } of dayPartsOf(grid, context, forecast)) {
      if (passes === 0) continue;
      jobs.push({
        ...wanted,
        span: forecast.freshMasks ? 'all days' : day,
        week: mondayOf(day),
        key: await keyOf(sliceSessions(grid, sessions.firstSession, sessions.endSessionExclusive)),
        parts: [{ symbol: grid.symbol, ...sessions }],
        forwardPasses: passes,
        trainingWindows: 0,
      });
    }
  }
  return jobs;
}

/** What the jobs of renewed models are made from. */
interface TunedJobs {
  readonly grids: readonly Grid[];
  /** Ticks. */
  readonly context: number;
  readonly forecast: ForecastSettings;
  readonly keyOf: (grid: Grid) => Promise<string>;
}

/** One job a week: the training is shared by the assets. */
async function tunedJobs(
  wanted: Wanted,
  tuning: WeeklyTuning,
  { grids, context, forecast, keyOf }: TunedJobs,
): Promise<ForecastJob[]> {
  const weeks = [...new Set(grids.flatMap((grid) => weeksOf(grid).map(({ week }) => week)))].sort();
  const partOf = (grid: Grid, { firstSession, endSessionExclusive }: WeekPart) => {
    const slice = sliceSessions(grid, firstSession, endSessionExclusive);
    const part: JobPart = { symbol: grid.symbol, firstSession, endSessionExclusive };
    return { slice, part, forwardPasses: passesIn(grid, part, context, forecast) };
  };
  const jobs: ForecastJob[] = [];
  for (const week of weeks) {
    const slices = grids.flatMap((grid) => {
      const sessions = weeksOf(grid).find((each) => each.week === week);
      return sessions ? [partOf(grid, sessions)] : [];
    });
    const training = weeklyTuning(grids, week, tuning);
    const trainedOn = training && {
      grids: await Promise.all(training.grids.map(async (grid) => [grid.symbol, await hashGrid(grid)])),
      settings: training.settings,
    };
    const content = { forecasts: await Promise.all(slices.map(({ slice }) => keyOf(slice))), trainedOn };
    const key = await sha256(new TextEncoder().encode(canonicalJson(content)));
    jobs.push({
      ...wanted,
      span: `the week of ${week}`,
      week,
      key,
      parts: slices.map(({ part }) => part),
      forwardPasses: slices.reduce((sum, each) => sum + each.forwardPasses, 0),
      trainingWindows: training ? training.settings.steps * training.settings.batchSize : 0,
    });
  }
  return jobs;
}

/** Every n-th asset's week, from the i-th on (1-based): shards of the same manifest share nothing and leave nothing out. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** Days of one asset and week stay together: they are forecast in common requests. */
export function shardOf(jobs: readonly ForecastJob[], { index, count }: Shard): ForecastJob[] {
  const units = new Map<string, number>();
  return jobs.filter((job) => {
    const unit = `${wantedKey(job)} ${job.parts.map(({ symbol }) => symbol).join()} ${job.week}`;
    const place = units.get(unit) ?? units.size;
    units.set(unit, place);
    return place % count === index - 1;
  });
}
