/** A study as jobs: one model's forecasts of one asset in one week, each named by the content that determines it. */

import { sha256 } from '../../core/sha256.ts';
import type { Grid } from '../../core/types.ts';
import { countForecastTicks } from '../../models/schedule.ts';
import type { ForecastSettings, ModelCard, Provider } from '../../models/types.ts';
import { hashGrid } from '../manifest.ts';
import { neededContext } from '../modelDemands.ts';
import { forecastSettingsOf, type StudySettings } from '../settings.ts';
import { type StudyManifest2, type StudySpec, settingsAt } from './manifest.ts';
import { sliceSessions, weeksOf } from './weeks.ts';

/** To be raised whenever forecasts of the same content come out as other numbers: kept jobs are then done again. */
const JOB_VERSION = 1;

/** Forecasts that a study needs of one model on one set of quotes. */
export interface Wanted {
  readonly data: string;
  readonly stepMs: number;
  readonly strideTicks: number;
  readonly model: string;
  /** 0: the deterministic model alone. */
  readonly variants: number;
}

export interface ForecastJob extends Wanted {
  /** SHA-256 of what determines the forecasts: quotes, model, settings and what executes it. */
  readonly key: string;
  readonly symbol: string;
  /** The week's Monday, or `all`. */
  readonly week: string;
  readonly firstSession: number;
  readonly endSessionExclusive: number;
  readonly forwardPasses: number;
}

/** All forecasts the studies of a manifest need, each once. */
export function wantedForecasts(manifest: Pick<StudyManifest2, 'studies' | 'settings'>): Wanted[] {
  const wanted = new Map<string, Wanted>();
  const { variants } = manifest.settings;
  const add = (each: Wanted): void => {
    const key = `${each.data} ${each.stepMs} ${each.strideTicks} ${each.model}`;
    const before = wanted.get(key);
    if (!before || before.variants < each.variants) wanted.set(key, each);
  };
  for (const study of manifest.studies) {
    for (const each of wantedOf(study, manifest.settings))
      add({ ...each, variants: study.kind === 'lead-lag' ? 0 : variants });
  }
  return [...wanted.values()];
}

function wantedOf(study: StudySpec, { stepMs, strideTicks }: StudySettings): Omit<Wanted, 'variants'>[] {
  switch (study.kind) {
    case 'market-line':
    case 'beyond':
      return study.models.map((model) => ({ data: study.data, stepMs, strideTicks, model }));
    case 'lead-lag':
      return study.resolutions.flatMap((at) => study.models.map((model) => ({ ...at, model })));
    case 'scaling':
      return study.stepsMs.flatMap((step) =>
        study.models.map((model) => ({ data: study.data, stepMs: step, strideTicks, model })),
      );
    case 'decay':
      return [{ data: study.data, stepMs, strideTicks, model: study.model }];
  }
}

/** How a wanted forecast is made. */
export function forecastSettingsFor(manifest: Pick<StudyManifest2, 'settings'>, wanted: Wanted): ForecastSettings {
  return { ...forecastSettingsOf(settingsAt(manifest, wanted.stepMs, wanted.strideTicks)), variants: wanted.variants };
}

/**
 * The jobs of one wanted forecast on the grids of its data. Weeks are jobs of their own; where masks are drawn anew for every forecast they
 * are counted over the whole grid, so that an asset is one job.
 */
export async function jobsOf(
  manifest: Pick<StudyManifest2, 'settings'>,
  wanted: Wanted,
  card: ModelCard,
  grids: readonly Grid[],
  provider: Provider,
): Promise<ForecastJob[]> {
  const settings = settingsAt(manifest, wanted.stepMs, wanted.strideTicks);
  const forecast = forecastSettingsFor(manifest, wanted);
  const context = neededContext(card, settings);
  const jobs: ForecastJob[] = [];
  for (const grid of grids) {
    const whole = { week: 'all', firstSession: 0, endSessionExclusive: grid.sessionStarts.length };
    for (const part of forecast.freshMasks ? [whole] : weeksOf(grid)) {
      const slice = sliceSessions(grid, part.firstSession, part.endSessionExclusive);
      const contexts = countForecastTicks(slice.sessionStarts, slice.timeMs.length, context, forecast.strideTicks);
      jobs.push({
        ...wanted,
        ...part,
        key: await forecastKey(slice, card, forecast, provider),
        symbol: grid.symbol,
        forwardPasses: contexts * (wanted.variants + 1),
      });
    }
  }
  return jobs;
}

/** SHA-256 of all that determines the forecasts of a grid. */
export async function forecastKey(
  grid: Grid,
  card: ModelCard,
  forecast: ForecastSettings,
  provider: Provider,
): Promise<string> {
  const content = {
    version: JOB_VERSION,
    grid: await hashGrid(grid),
    stepMs: grid.stepMs,
    weights: card.weightsSha256,
    config: card.configSha256,
    precision: card.precision ?? 'f32',
    posterior: card.posterior ?? null,
    forecast,
    provider,
  };
  return sha256(new TextEncoder().encode(canonicalJson(content)));
}

/** JSON with keys in order at every depth: equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** Every n-th job, from the i-th on (1-based): shards of the same manifest share nothing and leave nothing out. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

export function shardOf(jobs: readonly ForecastJob[], { index, count }: Shard): ForecastJob[] {
  return jobs.filter((_, i) => i % count === index - 1);
}
