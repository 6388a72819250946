/** The settings of the simulated market, the demonstration's values, and the check of a user's. simulator.ts says what they do. */

import { fail } from '../../core/errors.ts';
import { DAY_MS, parseTimeOfDay } from '../time/calendar.ts';

export interface SimulatedAsset {
  readonly symbol: string;
  /** Price before the first session. */
  readonly price: number;
  /** Smallest price step; its inverse must be a whole number (0.01, 0.005, 0.25 …). */
  readonly tick: number;
  /** Standard deviation of a step's own and common shock together, averaged over the day, in basis points. */
  readonly volatilityBps: number;
  /** Part of the shock's variance that is common to all assets, 0 to 1. */
  readonly commonShare: number;
  /** Typical distance from the efficient price to each touch before rounding outwards to ticks, in basis points. */
  readonly halfSpreadBps: number;
}

export interface PlantedSignal {
  /** Delayed move as a multiple of the shock in the two regimes: positive is momentum, negative reversal, 0 nothing. */
  readonly strengths: readonly [number, number];
  /** Mean length of the two regimes in steps. */
  readonly regimeSteps: readonly [number, number];
  /** Steps after which 63 % of the delayed move has come. */
  readonly memorySteps: number;
  /** Factor on the strength from one week to the next: 1 lasts, 0.8 fades. */
  readonly decayPerWeek: number;
}

export interface SimulatorSettings {
  /** Integer in [0, 2^53). */
  readonly seed: number;
  /** First day, `YYYY-MM-DD`; moved on to Monday if it is a weekend's. */
  readonly startDay: string;
  /** Trading days, Monday to Friday. */
  readonly days: number;
  /** Quotes of each asset a day; the first stands at the open. */
  readonly stepsPerDay: number;
  readonly stepMs: number;
  /** `HH:MM` on the clock of `timeZone`. */
  readonly open: string;
  readonly timeZone: string;
  /** How much more volatile open and close are than midday: 0 is flat, 1 means three times midday's standard deviation. */
  readonly dayShape: number;
  /** Standard deviation of the jump over a night, as a multiple of one step's. */
  readonly overnightSteps: number;
  readonly signal: PlantedSignal;
  readonly assets: readonly SimulatedAsset[];
}

/** The demonstration market: four assets, twenty days of half an hour in seconds. */
export const defaultSimulatorSettings: SimulatorSettings = {
  seed: 20_260_101,
  startDay: '2025-09-08',
  days: 20,
  stepsPerDay: 1800,
  stepMs: 1000,
  open: '09:30',
  timeZone: 'America/New_York',
  dayShape: 0.5,
  overnightSteps: 30,
  signal: { strengths: [1.5, 0], regimeSteps: [400, 200], memorySteps: 12, decayPerWeek: 1 },
  assets: [
    { symbol: 'ALFA', price: 240, tick: 0.01, volatilityBps: 1.3, commonShare: 0.5, halfSpreadBps: 0.4 },
    { symbol: 'BRAVO', price: 130, tick: 0.01, volatilityBps: 1.5, commonShare: 0.35, halfSpreadBps: 0.4 },
    { symbol: 'CHARLIE', price: 180, tick: 0.01, volatilityBps: 1.7, commonShare: 0.4, halfSpreadBps: 0.5 },
    { symbol: 'DELTA', price: 105, tick: 0.01, volatilityBps: 2, commonShare: 0.25, halfSpreadBps: 0.5 },
  ],
};

/** @throws UserError `simulator/settings` naming the setting. */
export function checkSimulatorSettings(settings: SimulatorSettings): void {
  const { days, stepsPerDay, stepMs, signal, assets, dayShape: depth, overnightSteps } = settings;
  const require = (holds: boolean, where: string, message: string) => {
    if (!holds) fail('simulator/settings', message, { where });
  };
  require(Number.isInteger(days) && days > 0, 'days', 'The number of days must be a whole number above 0.');
  require(Number.isInteger(stepsPerDay) &&
    stepsPerDay > 0, 'stepsPerDay', 'Steps a day must be a whole number above 0.');
  require(stepMs > 0, 'stepMs', 'The step must be longer than 0 ms.');
  const endMs = parseTimeOfDay(settings.open) + stepsPerDay * stepMs;
  require(endMs <= DAY_MS, 'stepsPerDay', 'The session would run past midnight.');
  require(depth >= 0 && overnightSteps >= 0, 'dayShape', 'Day shape and overnight jump must not be negative.');
  require(signal.memorySteps > 0, 'signal.memorySteps', 'The memory must be longer than 0 steps.');
  require(signal.regimeSteps.every((steps) => steps >= 1), 'signal.regimeSteps', 'Regimes must last 1 step or more.');
  require(signal.decayPerWeek >= 0, 'signal.decayPerWeek', 'The decay factor must not be negative.');
  require(assets.length > 0, 'assets', 'At least one asset is needed.');
  for (const { symbol, price, tick, volatilityBps, commonShare, halfSpreadBps } of assets) {
    const perUnit = Math.round(1 / tick);
    require(tick > 0 &&
      perUnit >= 1 &&
      Math.abs(perUnit * tick - 1) < 1e-9, symbol, 'The tick must be one over a whole number.');
    require(price > tick &&
      volatilityBps >= 0 &&
      halfSpreadBps >= 0, symbol, 'Price must exceed the tick, the rest 0.');
    require(commonShare >= 0 && commonShare <= 1, symbol, 'The common share must lie between 0 and 1.');
  }
}
