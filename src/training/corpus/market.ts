/**
 * Mids of simulated markets whose seeds and settings differ from the demonstration's: momentum and reversal of various
 * strengths and memories, or none at all, seen through spreads and ticks.
 */

import { RandomStream } from '../../core/random.ts';
import { type SimulatorSettings, simulateMarket } from '../../quotes/market/simulator.ts';
import { defaultSimulatorSettings } from '../../quotes/market/simulatorSettings.ts';
import { logUniform, type SeriesSource, uniformIn } from './source.ts';

const STEPS_PER_DAY = 1800;
const DAYS = 2;

/**
 * A source over `markets` simulated markets with one asset each, made when first drawn from.
 * @param firstSeed Seeds run from here; no two sources may share one (training against held-out markets).
 */
export function simulatedMarkets(firstSeed: number, markets: number): SeriesSource {
  const paths = new Map<number, Float64Array>();
  return {
    name: 'simulated quotes',
    draw: (stream, length) => {
      const market = stream.integer(markets);
      const path = paths.get(market) ?? logMids(marketSettings(firstSeed + market));
      paths.set(market, path);
      const start = stream.integer(DAYS) * STEPS_PER_DAY + stream.integer(STEPS_PER_DAY - length + 1);
      return path.slice(start, start + length);
    },
  };
}

/** A market drawn around the demonstration's settings. */
function marketSettings(seed: number): SimulatorSettings {
  const stream = new RandomStream(seed, 'corpus market');
  const volatilityBps = logUniform(stream, 0.8, 3);
  return {
    ...defaultSimulatorSettings,
    seed,
    days: DAYS,
    stepsPerDay: STEPS_PER_DAY,
    dayShape: uniformIn(stream, 0, 1),
    signal: {
      strengths: [uniformIn(stream, 0.5, 2), uniformIn(stream, -0.4, 0.4)],
      regimeSteps: [logUniform(stream, 150, 800), logUniform(stream, 80, 400)],
      memorySteps: logUniform(stream, 6, 24),
      decayPerWeek: 1,
    },
    assets: [
      {
        symbol: 'CORPUS',
        price: logUniform(stream, 60, 400),
        tick: 0.01,
        volatilityBps,
        commonShare: 0,
        halfSpreadBps: uniformIn(stream, 0.2, 0.8),
      },
    ],
  };
}

function logMids(settings: SimulatorSettings): Float64Array {
  const { bid, ask } = simulateMarket(settings).series[0]!;
  return bid.map((price, i) => Math.log((price + ask[i]!) / 2));
}
