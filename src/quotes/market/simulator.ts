/**
 * A seeded top-of-book market with a planted, known predictability. Each step of an asset's efficient log price is
 *
 *     step = shock + delayed,   shock = own + β·common,   delayed = g(week)·s(regime)·(1 − ρ)·(z_own + β·z_common)
 *
 * where every z is the exponentially fading sum of past shocks (z ← ρ·z + shock, ρ = exp(−1/memorySteps)): the price goes on moving for
 * some `memorySteps` after a shock, by `s` times the shock in all. That continuation shows in past mids alone. A market-wide
 * Markov chain switches between two strengths s, and g fades from week to week. Shocks follow a U over the day; the spread widens
 * with them and wanders; bid and ask lie on the tick grid around the efficient price. Sessions start afresh: no signal crosses the night.
 * What was planted is kept in `truth` (marketTruth.ts); quotes are pure functions of the settings, the same on every machine
 * whose Math.exp, log, sin and cos round alike.
 */

import { RandomStream } from '../../core/random.ts';
import type { Calendar, QuoteSeries } from '../../core/types.ts';
import { DAY_MS, dayName, isWeekend, parseDay, parseTimeOfDay, wallClock } from '../time/calendar.ts';
import { type MarketTruth, memoryDecay, regimeShare } from './marketTruth.ts';
import { checkSimulatorSettings, type SimulatedAsset, type SimulatorSettings } from './simulatorSettings.ts';

export { defaultSimulatorSettings, type SimulatorSettings } from './simulatorSettings.ts';

export interface SimulatedMarket {
  /** One per asset, in the order of the settings, all on the same stamps. */
  readonly series: readonly QuoteSeries[];
  readonly truth: MarketTruth;
}

const SPREAD_MEMORY = 0.95;
const SPREAD_NOISE = 0.25;

/** Draws a market. @throws UserError `simulator/settings`, `quotes/day`, `quotes/time-of-day`, `quotes/time-zone`. */
export function simulateMarket(settings: SimulatorSettings): SimulatedMarket {
  checkSimulatorSettings(settings);
  const { days, stepsPerDay, assets, signal } = settings;
  const steps = days * stepsPerDay;
  const { dayStarts, week } = tradingDays(settings);
  const timeMs = new Float64Array(steps);
  for (let step = 0; step < steps; step++) {
    timeMs[step] = dayStarts[Math.floor(step / stepsPerDay)]! + (step % stepsPerDay) * settings.stepMs;
  }
  const weekStrength = Float64Array.from({ length: week.at(-1)! + 1 }, (_, index) => signal.decayPerWeek ** index);
  const shape = dayShape(settings);
  const regime = drawRegimes(settings, steps);
  const common = drawCommon(settings, steps, shape);
  const calendar: Calendar = {
    kind: 'exchange',
    timeZone: settings.timeZone,
    open: settings.open,
    close: closingTime(settings),
  };

  const strength = new Float64Array(steps);
  for (let step = 0; step < steps; step++) {
    strength[step] = signal.strengths[regime[step] as 0 | 1] * weekStrength[week[Math.floor(step / stepsPerDay)]!]!;
  }
  const drawn = assets.map((asset) => drawAsset(settings, asset, shape, strength, common));
  return {
    series: assets.map((asset, i) => ({
      symbol: asset.symbol,
      source: `simulator, seed ${settings.seed}`,
      timeMs: timeMs.slice(),
      bid: drawn[i]!.bid,
      ask: drawn[i]!.ask,
      calendar,
    })),
    truth: { settings, regime, weekStrength, dayWeek: week, memory: drawn.map((each) => each.memory) },
  };
}

interface CommonFactor {
  /** [steps] standard normal times the day's shape. */
  readonly shock: Float64Array;
  /** [steps] fading sum of the shocks up to the step. */
  readonly memory: Float64Array;
}

function drawCommon(settings: SimulatorSettings, steps: number, shape: Float64Array): CommonFactor {
  const random = new RandomStream(settings.seed, 'simulator/common');
  const rho = memoryDecay(settings.signal);
  const shock = new Float64Array(steps);
  const memory = new Float64Array(steps);
  let z = 0;
  for (let step = 0; step < steps; step++) {
    const ofDay = step % settings.stepsPerDay;
    shock[step] = random.normal() * shape[ofDay]!;
    z = (ofDay === 0 ? 0 : rho * z) + shock[step]!;
    memory[step] = z;
  }
  return { shock, memory };
}

/** Each asset has its own stream: adding one changes no other. */
function drawAsset(
  settings: SimulatorSettings,
  asset: SimulatedAsset,
  shape: Float64Array,
  strength: Float64Array,
  common: CommonFactor,
) {
  const { stepsPerDay } = settings;
  const steps = strength.length;
  const random = new RandomStream(settings.seed, `simulator/asset/${asset.symbol}`);
  const rho = memoryDecay(settings.signal);
  const sigma = asset.volatilityBps * 1e-4;
  const beta = sigma * Math.sqrt(asset.commonShare);
  const ownSigma = sigma * Math.sqrt(1 - asset.commonShare);
  const ticksPerUnit = Math.round(1 / asset.tick);
  const bid = new Float64Array(steps);
  const ask = new Float64Array(steps);
  const memory = new Float64Array(steps);
  let logPrice = Math.log(asset.price);
  let own = 0;
  let logSpread = 0;
  for (let step = 0; step < steps; step++) {
    const ofDay = step % stepsPerDay;
    if (ofDay === 0) {
      logPrice += sigma * settings.overnightSteps * random.normal();
      own = 0;
    } else {
      logPrice += strength[step]! * (1 - rho) * memory[step - 1]!;
      own *= rho;
    }
    const shock = ownSigma * shape[ofDay]! * random.normal();
    own += shock;
    logPrice += shock + beta * common.shock[step]!;
    memory[step] = own + beta * common.memory[step]!;

    logSpread = SPREAD_MEMORY * logSpread + SPREAD_NOISE * (random.uniform() - 0.5);
    const half = asset.halfSpreadBps * 1e-4 * shape[ofDay]! * Math.exp(logSpread);
    const price = Math.exp(logPrice) * ticksPerUnit;
    const bidTicks = Math.max(1, Math.floor(price * (1 - half)));
    const askTicks = Math.max(bidTicks + 1, Math.ceil(price * (1 + half)));
    // Whole ticks over ticks per unit give the double nearest to the decimal price.
    bid[step] = bidTicks / ticksPerUnit;
    ask[step] = askTicks / ticksPerUnit;
  }
  return { bid, ask, memory };
}

/** [steps] the regime in force when a step is taken; every session starts from the long-run shares. */
function drawRegimes(settings: SimulatorSettings, steps: number): Uint8Array {
  const random = new RandomStream(settings.seed, 'simulator/regime');
  const { regimeSteps } = settings.signal;
  const regime = new Uint8Array(steps);
  let state: 0 | 1 = 0;
  for (let step = 0; step < steps; step++) {
    const draw = random.uniform();
    if (step % settings.stepsPerDay === 0) state = draw < regimeShare(settings.signal) ? 0 : 1;
    else if (draw < 1 / regimeSteps[state]) state = state === 0 ? 1 : 0;
    regime[step] = state;
  }
  return regime;
}

/** [stepsPerDay] standard deviation over the day, a parabola with mean square 1. */
function dayShape({ stepsPerDay, dayShape: depth }: SimulatorSettings): Float64Array {
  const shape = Float64Array.from({ length: stepsPerDay }, (_, step) => {
    const x = stepsPerDay === 1 ? 0 : (2 * step) / (stepsPerDay - 1) - 1;
    return 1 + 2 * depth * x * x;
  });
  const meanSquare = shape.reduce((sum, each) => sum + each * each, 0) / stepsPerDay;
  return shape.map((each) => each / Math.sqrt(meanSquare));
}

/** Opening instants of the trading days, and the calendar week of each, counted from the first. */
function tradingDays(settings: SimulatorSettings): { dayStarts: Float64Array; week: Int32Array } {
  const clock = wallClock(settings.timeZone);
  const open = parseTimeOfDay(settings.open);
  const dayStarts = new Float64Array(settings.days);
  const week = new Int32Array(settings.days);
  let wallMs = parseDay(settings.startDay);
  let weeks = 0;
  for (let day = 0; day < settings.days; wallMs += DAY_MS) {
    if (isWeekend(dayName(wallMs))) continue;
    if (day > 0 && new Date(wallMs).getUTCDay() === 1) weeks++;
    dayStarts[day] = clock.toEpoch(wallMs + open);
    week[day++] = weeks;
  }
  return { dayStarts, week };
}

/** The first full minute at or after the last quote's end. */
function closingTime({ open, stepsPerDay, stepMs }: SimulatorSettings): string {
  const minutes = Math.ceil((parseTimeOfDay(open) + stepsPerDay * stepMs) / 60_000);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
