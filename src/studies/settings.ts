/** The settings of a study as a typed value: defaults, validation, and what each stage takes from them. */

import * as v from 'valibot';
import { fail } from '../core/errors.ts';
import type { ForecastSettings } from '../models/types.ts';
import type { StrategyConfig } from '../strategy/config.ts';
import { drawConfigs, type GridSettings } from '../strategy/grid.ts';
import { regularConfigs } from '../strategy/regularGrid.ts';
import { type NumberSpec, type OptionalNumberSpec, type SettingSpec, studySettingsTable } from './settingsTable.ts';

type Table = typeof studySettingsTable;

/** Name of a setting, as in links and manifests. */
export type SettingId = keyof Table;

type ValueOf<Spec> = Spec extends { kind: 'number' }
  ? number
  : Spec extends { kind: 'optionalNumber' }
    ? number | null
    : Spec extends { kind: 'boolean' }
      ? boolean
      : Spec extends { kind: 'choice'; options: readonly { value: infer Value }[] }
        ? Value
        : string;

/** All settings of a study; what each means is in `studySettingsTable`. */
export type StudySettings = { readonly [Id in SettingId]: ValueOf<Table[Id]> };

/** The table as a list, in the order of the form. */
export const settingSpecs: readonly (readonly [SettingId, SettingSpec])[] = Object.entries(studySettingsTable).map(
  ([id, spec]) => [id as SettingId, spec],
);

/**
 * Checks anything (a form, a link, a manifest) and completes it with defaults. Throws a `UserError` whose `where` is the id of the
 * first setting at fault and whose message begins with its label.
 */
export function parseStudySettings(unknown: unknown): StudySettings {
  const parsed = v.safeParse(settingsSchema, unknown);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    const id = issue.path?.[0]?.key;
    if (typeof id !== 'string') refuse('settings', 'Settings must be an object of named values.');
    if (!(id in studySettingsTable)) refuse(id, 'There is no such setting.');
    refuse(id, issue.message);
  }
  // The schema is built from the table that the type is derived from; valibot cannot follow that.
  const settings = parsed.output as StudySettings;
  checkOrder(settings);
  return settings;
}

/** Schema of one setting; its message says what is wanted and what was there. */
function schemaOf(spec: SettingSpec): v.GenericSchema {
  const wanted = (issue: { readonly input: unknown }) =>
    `${spec.label} must be ${describeWanted(spec)}, but is ${show(issue.input)}.`;
  switch (spec.kind) {
    case 'number':
      return numberSchema(spec, wanted);
    case 'optionalNumber':
      return v.nullable(numberSchema(spec, wanted));
    case 'choice':
      return v.picklist(
        spec.options.map((option) => option.value),
        wanted,
      );
    case 'boolean':
      return v.boolean(wanted);
    case 'text':
      return v.pipe(v.string(wanted), v.check(spec.format === 'time' ? isTime : isTimeZone, wanted));
  }
}

type Message = (issue: { readonly input: unknown }) => string;

function numberSchema(spec: NumberSpec | OptionalNumberSpec, wanted: Message) {
  const fits = (value: number) =>
    value >= spec.min && value <= spec.max && (!spec.whole || Number.isSafeInteger(value));
  return v.pipe(v.number(wanted), v.check(fits, wanted));
}

const settingsSchema = v.strictObject(
  Object.fromEntries(settingSpecs.map(([id, spec]) => [id, v.optional(schemaOf(spec), spec.default)])),
);

/** What the lab opens with. */
export const defaultStudySettings: StudySettings = parseStudySettings({});

function describeWanted(spec: SettingSpec): string {
  switch (spec.kind) {
    case 'number':
    case 'optionalNumber': {
      const range = `${spec.whole ? 'a whole number' : 'a number'} from ${spec.min} to ${spec.max}`;
      const unit = spec.unit === '' ? '' : ` (${spec.unit})`;
      return `${range}${unit}${spec.kind === 'optionalNumber' ? `, or null for ${spec.nullLabel}` : ''}`;
    }
    case 'choice':
      return spec.options.map((option) => String(option.value)).join(' or ');
    case 'boolean':
      return 'true or false';
    case 'text':
      return spec.format === 'time' ? 'a time such as 09:30' : 'an IANA time zone such as America/New_York';
  }
}

function show(value: unknown): string {
  return typeof value === 'string'
    ? `“${value.slice(0, 40)}”`
    : typeof value === 'object'
      ? 'something else'
      : String(value);
}

function isTime(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
}

function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

/** Ranges that must not be reversed: what a schema of single settings cannot see. */
function checkOrder(settings: StudySettings): void {
  const pairs = [
    ['thresholdMinBps', 'thresholdMaxBps'],
    ['stopLossMinBps', 'stopLossMaxBps'],
    ['takeProfitMinBps', 'takeProfitMaxBps'],
    ['maxHoldMinTicks', 'maxHoldMaxTicks'],
  ] as const;
  for (const [low, high] of pairs) {
    if (settings[low] <= settings[high]) continue;
    const labels = `${studySettingsTable[low].label} (${settings[low]})`;
    refuse(high, `${studySettingsTable[high].label} must not be below ${labels}, but is ${settings[high]}.`);
  }
  if (settings.sessionWindow && settings.windowEnd <= settings.windowStart) {
    refuse('windowEnd', `Window end must be later than ${settings.windowStart}, but is ${settings.windowEnd}.`);
  }
  if (settings.sessionWindow && settings.flattenAtSessionEnd) checkLatency(settings);
}

/** An order that fills after the window has ended is never placed. */
function checkLatency(settings: StudySettings): void {
  const minutes = (time: string): number => 60 * Number(time.slice(0, 2)) + Number(time.slice(3));
  const windowTicks = ((minutes(settings.windowEnd) - minutes(settings.windowStart)) * 60_000) / settings.stepMs;
  const latency = fillLatencyTicks(settings);
  // A window of less than a tick or two (daily bars) is no session to trade in: the plan says so.
  if (windowTicks < 2 || latency < windowTicks) return;
  const id = settings.latencyTicks === latency ? 'latencyTicks' : 'inferenceMs';
  const { label } = studySettingsTable[id];
  refuse(id, `${label} delays fills by ${latency} ticks, and the session window has ${Math.floor(windowTicks)}.`);
}

function refuse(where: string, message: string): never {
  fail('study/settings', message, { where });
}

/** Wall-clock window of each session, both ends included; null: the calendar's own sessions. */
export interface SessionWindow {
  readonly start: string;
  readonly end: string;
  readonly timeZone: string;
}

export function sessionWindowOf(settings: StudySettings): SessionWindow | null {
  if (!settings.sessionWindow) return null;
  return { start: settings.windowStart, end: settings.windowEnd, timeZone: settings.windowTimeZone };
}

export function forecastSettingsOf(settings: StudySettings): ForecastSettings {
  const { variants, dropoutRate, seed, dropoutSites, strideTicks, horizonTicks, inputTransform } = settings;
  const { anchoredPatches: leastPatches } = settings;
  return {
    ...{ variants, dropoutRate, seed, dropoutSites, strideTicks, horizonTicks, inputTransform },
    ...(settings.sampler === 'fresh' && { freshMasks: true }),
    ...(settings.sampler === 'posterior' && { posterior: true }),
    ...(leastPatches !== null && { anchored: { leastPatches } }),
  };
}

/** Ticks from a decision to its fill: the latency set, or the first tick at which the forecast is there, whichever is later. */
export function fillLatencyTicks({ latencyTicks, inferenceMs, stepMs }: StudySettings): number {
  return Math.max(latencyTicks, Math.ceil((inferenceMs ?? 0) / stepMs));
}

export function gridSettingsOf(s: StudySettings): GridSettings {
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
      ...{ feeBps, slippageBps, allowShort, exitOnReverse, flattenAtSessionEnd, reference },
      ...{ slippageTicks, extraTickProbability, tickSize, executionSeed: s.seed, betNotional },
      ...{ sizing, sizingTargetBps, sizingWindowTicks, kellyFraction, maxSize, heldForecast },
      // Where the stride does not matter, configurations on forecasts of other strides stay the same ones.
      ...(heldForecast !== 'price' && { strideTicks }),
    },
  };
}

/** The configurations of a study, drawn or on a regular grid. */
export function configurationsOf(settings: StudySettings): StrategyConfig[] {
  const grid = gridSettingsOf(settings);
  return settings.gridKind === 'regular' ? regularConfigs(grid) : drawConfigs(grid, settings.seed);
}

/** How many `configurationsOf` gives, without making random ones. */
export function countConfigurations(settings: StudySettings): number {
  return settings.gridKind === 'regular' ? regularConfigs(gridSettingsOf(settings)).length : settings.configurations;
}
