/** Prices and quantities at which orders fill, as columns: computed once for all configurations with the same execution rules. */

import { fail } from '../core/errors.ts';
import { hashName, philox } from '../core/random.ts';
import type { CompleteConfig } from './config.ts';
import { priceStep } from './priceStep.ts';
import { type Pyramid, pyramidOf } from './pyramid.ts';
import { needsVolatility, trailingVolatilityBps } from './sizing.ts';
import type { Market } from './types.ts';

export interface Execution {
  readonly bid: Float64Array;
  readonly ask: Float64Array;
  /** [T] what a buy is reckoned to cost: positions are marked at it, and stop loss and take profit look at it */
  readonly buyMark: Float64Array;
  /** [T] */
  readonly sellMark: Float64Array;
  /** [T] what a buy at this tick does cost: the mark, or one price step more; the same array where no step is drawn */
  readonly buyFill: Float64Array;
  /** [T] */
  readonly sellFill: Float64Array;
  /** [T] largest buy in units of notional; null where size is not limited */
  readonly buyable: Float64Array | null;
  /** [T] */
  readonly sellable: Float64Array | null;
  /** [T] `trailingVolatilityBps`; null where no rule needs it */
  readonly volatilityBps: Float64Array | null;
  /** Maxima and minima of `buyMark` and `sellMark`. */
  readonly buyPyramid: Pyramid;
  readonly sellPyramid: Pyramid;
}

/** Executions of one market, each made when it is first asked for. */
export class ExecutionDesk {
  private readonly made = new Map<string, Execution>();
  private readonly volatilities = new Map<number, Float64Array>();

  constructor(private readonly market: Market) {}

  of(config: CompleteConfig): Execution {
    const volatility = needsVolatility(config) ? config.sizingWindowTicks : 0;
    const { slippageBps, slippageTicks, extraTickProbability, tickSize, executionSeed, betNotional } = config;
    const rules = [slippageBps, slippageTicks, extraTickProbability, tickSize, executionSeed, betNotional, volatility];
    const key = rules.join();
    let execution = this.made.get(key);
    if (!execution) {
      execution = makeExecution(this.market, config, volatility === 0 ? null : this.volatility(volatility));
      this.made.set(key, execution);
    }
    return execution;
  }

  private volatility(windowTicks: number): Float64Array {
    const found = this.volatilities.get(windowTicks) ?? trailingVolatilityBps(this.market, windowTicks);
    this.volatilities.set(windowTicks, found);
    return found;
  }
}

function makeExecution(market: Market, config: CompleteConfig, volatilityBps: Float64Array | null): Execution {
  const { bid, ask } = market;
  const step = stepOf(market, config);
  const shift = config.slippageTicks * step;
  const buyMark = worse(ask, 1 + config.slippageBps / 10_000, shift);
  const sellMark = worse(bid, 1 - config.slippageBps / 10_000, -shift);
  const draws = extraSteps(market, config);
  const buyFill = draws ? buyMark.map((price, k) => (draws[k]! & 1 ? price + step : price)) : buyMark;
  const sellFill = draws ? sellMark.map((price, k) => (draws[k]! & 2 ? price - step : price)) : sellMark;
  if (sellFill.some((price) => !(price > 0))) {
    fail('strategy/slippage', `A slippage of ${config.slippageTicks} price steps of ${step} takes all of the price.`, {
      where: 'slippageTicks',
      hint: 'Choose fewer steps, or state the price step.',
    });
  }
  return {
    bid,
    ask,
    buyMark,
    sellMark,
    buyFill,
    sellFill,
    buyable: capacity(market.askSize, ask, config.betNotional),
    sellable: capacity(market.bidSize, bid, config.betNotional),
    volatilityBps,
    buyPyramid: pyramidOf(buyMark, buyMark),
    sellPyramid: pyramidOf(sellMark, sellMark),
  };
}

/** The quotes themselves where nothing makes them worse. */
function worse(quote: Float64Array, factor: number, shift: number): Float64Array {
  return factor === 1 && shift === 0 ? quote : quote.map((price) => price * factor + shift);
}

/** The price step, where a rule needs one; else 0. */
function stepOf({ bid, ask }: Market, config: CompleteConfig): number {
  if (config.slippageTicks === 0 && config.extraTickProbability === 0) return 0;
  const step = config.tickSize ?? priceStep(bid, ask);
  if (step === null || bid.length === 0) {
    if (bid.length === 0) return 0;
    fail('strategy/price-step', 'The quotes have no common price step, so slippage cannot be counted in steps.', {
      where: 'tickSize',
      hint: 'State the price step, or give slippage in basis points.',
    });
  }
  return step;
}

/** [T] bit 0: a buy at this tick is one step worse; bit 1: a sell. Null where that never happens. */
function extraSteps({ bid, symbol }: Market, config: CompleteConfig): Uint8Array | null {
  if (config.extraTickProbability === 0) return null;
  const limit = config.extraTickProbability * 0x100000000;
  const seedLow = config.executionSeed >>> 0;
  const seedHigh = Math.floor(config.executionSeed / 0x100000000);
  const stream = hashName(`strategy/extraStep/${symbol ?? ''}`);
  const words = new Uint32Array(4);
  return Uint8Array.from(bid, (_, k) => {
    philox(k, 0, 0, stream, seedLow, seedHigh, words);
    return (words[0]! + 0.5 < limit ? 1 : 0) | (words[1]! + 0.5 < limit ? 2 : 0);
  });
}

/** Quoted quantity in units of notional; a quantity that is not known fills nothing. */
function capacity(size: Float64Array | undefined, price: Float64Array, betNotional: number | null) {
  if (betNotional === null || size === undefined) return null;
  return size.map((quantity, k) => (quantity > 0 ? (quantity * price[k]!) / betNotional : 0));
}
