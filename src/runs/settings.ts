/** The settings of a study as a typed value: defaults, validation, and what each stage takes from them. */

import { fail } from '../core/errors.ts';
import { settingsParser, type ValuesOf } from '../core/parseSettings.ts';
import type { SettingSpec } from '../core/settingSpecs.ts';
import type { ForecastSettings } from '../models/types.ts';
import type { SessionWindow } from '../quotes/resample.ts';
import type { StrategyConfig } from '../strategy/config.ts';
import { drawConfigs, type GridSettings } from '../strategy/grid.ts';
import { regularConfigs } from '../strategy/regularGrid.ts';
import { runSettingsTable } from './settingsTable.ts';

type Table = typeof runSettingsTable;

/** Name of a setting, as in links and manifests. */
export type SettingId = keyof Table;

/** All settings of a study; what each means is in `runSettingsTable`. */
export type RunSettings = ValuesOf<Table>;

const parse = settingsParser(runSettingsTable, 'study/settings');

/** The table as a list, in the order of the form. */
export const settingSpecs: readonly (readonly [SettingId, SettingSpec])[] = Object.entries(runSettingsTable).map(
  ([id, spec]) => [id as SettingId, spec],
);

/**
 * Checks anything (a form, a link, a manifest) and completes it with defaults. Throws a `UserError` whose `where` is the id of the
 * first setting at fault and whose message begins with its label.
 */
export function parseRunSettings(unknown: unknown): RunSettings {
  const settings = parse(unknown);
  checkOrder(settings);
  return settings;
}

/**
 * Settings as an earlier version wrote them, which could leave out what holds between forecasts: then the price held.
 */
export function earlierSettings<Settings>(settings: Settings): Settings {
  const known = typeof settings === 'object' && settings !== null && !Array.isArray(settings);
  return known && !('heldForecast' in settings) ? { ...settings, heldForecast: 'price' } : settings;
}

/** True where signals are against prices predicted up to a stride ago: results can then turn into their opposite. */
export function tradesOnStalePrices({ heldForecast, strideTicks }: RunSettings): boolean {
  return heldForecast === 'price' && strideTicks > 1;
}

/** What a plan, a run and its results say of that. */
export function stalePricesWarning({ strideTicks }: RunSettings): string {
  return `Between forecasts, every ${strideTicks} ticks, the predicted price holds while the market moves on: signals are of stale prices, and a result can turn into its opposite. “Between forecasts: no signal” does not.`;
}

/** What the lab opens with. */
export const defaultRunSettings: RunSettings = parseRunSettings({});

/** Ranges that must not be reversed: what a schema of single settings cannot see. */
function checkOrder(settings: RunSettings): void {
  const pairs = [
    ['thresholdMinBps', 'thresholdMaxBps'],
    ['stopLossMinBps', 'stopLossMaxBps'],
    ['takeProfitMinBps', 'takeProfitMaxBps'],
    ['maxHoldMinTicks', 'maxHoldMaxTicks'],
  ] as const;
  for (const [low, high] of pairs) {
    if (settings[low] <= settings[high]) continue;
    const labels = `${runSettingsTable[low].label} (${settings[low]})`;
    refuse(high, `${runSettingsTable[high].label} must not be below ${labels}, but is ${settings[high]}.`);
  }
  if (settings.sessionWindow && settings.windowEnd <= settings.windowStart) {
    refuse('windowEnd', `Window end must be later than ${settings.windowStart}, but is ${settings.windowEnd}.`);
  }
  if (settings.sessionWindow && settings.flattenAtSessionEnd) checkLatency(settings);
}

/** An order that fills after the window has ended is never placed. */
function checkLatency(settings: RunSettings): void {
  const minutes = (time: string): number => 60 * Number(time.slice(0, 2)) + Number(time.slice(3));
  const windowTicks = ((minutes(settings.windowEnd) - minutes(settings.windowStart)) * 60_000) / settings.stepMs;
  const latency = fillLatencyTicks(settings);
  // A window of less than a tick or two (daily bars) is no session to trade in: the plan says so.
  if (windowTicks < 2 || latency < windowTicks) return;
  const id = settings.latencyTicks === latency ? 'latencyTicks' : 'inferenceMs';
  const { label } = runSettingsTable[id];
  refuse(id, `${label} delays fills by ${latency} ticks, and the session window has ${Math.floor(windowTicks)}.`);
}

function refuse(where: string, message: string): never {
  fail('study/settings', message, { where });
}

/** Wall-clock window of each session, both ends included; null: the calendar's own sessions. */
export function sessionWindowOf(settings: RunSettings): SessionWindow | null {
  if (!settings.sessionWindow) return null;
  return { start: settings.windowStart, end: settings.windowEnd, timeZone: settings.windowTimeZone };
}

export function forecastSettingsOf(settings: RunSettings): ForecastSettings {
  const { variants, dropoutRate, seed, dropoutSites, strideTicks, horizonTicks, inputTransform } = settings;
  const { anchoredPatches: leastPatches } = settings;
  return {
    variants,
    dropoutRate,
    seed,
    dropoutSites,
    strideTicks,
    horizonTicks,
    inputTransform,
    ...(settings.sampler === 'fresh' && { freshMasks: true }),
    ...(settings.sampler === 'posterior' && { posterior: true }),
    ...(leastPatches !== null && { anchored: { leastPatches } }),
  };
}

/** Ticks from a decision to its fill: the latency set, or the first tick at which the forecast is there, whichever is later. */
export function fillLatencyTicks({ latencyTicks, inferenceMs, stepMs }: RunSettings): number {
  return Math.max(latencyTicks, Math.ceil((inferenceMs ?? 0) / stepMs));
}

export function gridSettingsOf(s: RunSettings): GridSettings {
  const { feeBps, slippageBps, allowShort, exitOnReverse, flattenAtSessionEnd, reference } = s;
  const { slippageTicks, extraTickProbability, tickSize, betNotional, heldForecast, strideTicks } = s;
  const { sizing, sizingTargetBps, sizingWindowTicks, kellyFraction, maxSize } = s;
  return {
    count: s.configurations,
    thresholdBps: { min: s.thresholdMinBps, max: s.thresholdMaxBps },
    stopLossBps: { min: s.stopLossMinBps, max: s.stopLossMaxBps, offProbability: s.stopLossOff },
    takeProfitBps: { min: s.takeProfitMinBps, max: s.takeProfitMaxBps, offProbability: s.takeProfitOff },
    maxHoldTicks: { min: s.maxHoldMinTicks, max: s.maxHoldMaxTicks, offProbability: s.maxHoldOff },
    fixed: {
      latencyTicks: fillLatencyTicks(s),
      feeBps,
      slippageBps,
      allowShort,
      exitOnReverse,
      flattenAtSessionEnd,
      reference,
      slippageTicks,
      extraTickProbability,
      tickSize,
      executionSeed: s.seed,
      betNotional,
      sizing,
      sizingTargetBps,
      sizingWindowTicks,
      kellyFraction,
      maxSize,
      heldForecast,
      // Where the stride does not matter, configurations on forecasts of other strides stay the same ones.
      ...(heldForecast !== 'price' && { strideTicks }),
    },
  };
}

/** The configurations of a study, drawn or on a regular grid. */
export function configurationsOf(settings: RunSettings): StrategyConfig[] {
  const grid = gridSettingsOf(settings);
  return settings.gridKind === 'regular' ? regularConfigs(grid) : drawConfigs(grid, settings.seed);
}

/** How many `configurationsOf` gives, without making random ones. */
export function countConfigurations(settings: RunSettings): number {
  return settings.gridKind === 'regular' ? regularConfigs(gridSettingsOf(settings)).length : settings.configurations;
}
