/**
 * One unit of notional in one instrument: fills, fees, equity at the liquidation quote (DESIGN §6, rules 1 and 4), and where
 * the money went. It decides nothing.
 */

import type { StrategyConfig } from './config.ts';
import type { CostSplit, ExitReason, Market, OpenPosition, Trade } from './types.ts';

export class Account {
  /** 1 long, −1 short, 0 flat. */
  side: -1 | 0 | 1 = 0;
  entryTick = -1;
  /** Fill price of the open position. */
  entryPrice = 0;
  /** Sum of the net returns of all closed positions. */
  realised = 0;
  tradeCount = 0;
  private realisedGross = 0;
  private realisedSpread = 0;
  private realisedSlippage = 0;
  private realisedFees = 0;
  private readonly bid: Float64Array;
  private readonly ask: Float64Array;
  private readonly feeRate: number;
  private readonly buyFactor: number;
  private readonly sellFactor: number;

  /** @param log takes every closed position; null where only returns are wanted */
  constructor(
    market: Market,
    config: StrategyConfig,
    private readonly log: Trade[] | null,
  ) {
    this.bid = market.bid;
    this.ask = market.ask;
    this.feeRate = config.feeBps / 10_000;
    this.buyFactor = 1 + config.slippageBps / 10_000;
    this.sellFactor = 1 - config.slippageBps / 10_000;
  }

  open(side: -1 | 1, tick: number): void {
    this.side = side;
    this.entryTick = tick;
    this.entryPrice = side > 0 ? this.ask[tick]! * this.buyFactor : this.bid[tick]! * this.sellFactor;
  }

  close(tick: number, reason: ExitReason): void {
    const netReturn = this.netReturn(tick);
    this.log?.push({
      side: this.side > 0 ? 'long' : 'short',
      entryTick: this.entryTick,
      exitTick: tick,
      entryPrice: this.entryPrice,
      exitPrice: this.liquidationPrice(tick),
      netReturn,
      reason,
    });
    const gross = this.grossReturn(tick);
    const touch = this.touchReturn(tick);
    const filled = this.unrealisedReturn(tick);
    this.realised += netReturn;
    this.realisedGross += gross;
    this.realisedSpread += gross - touch;
    this.realisedSlippage += touch - filled;
    this.realisedFees += filled - netReturn;
    this.tradeCount++;
    this.side = 0;
  }

  /** What the open position would be closed at, slippage included. */
  liquidationPrice(tick: number): number {
    return this.side > 0 ? this.bid[tick]! * this.sellFactor : this.ask[tick]! * this.buyFactor;
  }

  /** Return of the open position at the liquidation quote, before fees: what stop loss and take profit look at. */
  unrealisedReturn(tick: number): number {
    return this.returnBetween(this.entryPrice, this.liquidationPrice(tick));
  }

  /** Sum of all net returns so far, an open position closed at this tick's liquidation quote with the exit fee paid. */
  equity(tick: number): number {
    return this.side === 0 ? this.realised : this.realised + this.netReturn(tick);
  }

  /** Writes the cumulative split of `equity(tick)` into one element of each column. */
  writeSplit(tick: number, columns: CostSplit, index: number): void {
    const open = this.side !== 0;
    const gross = open ? this.grossReturn(tick) : 0;
    const touch = open ? this.touchReturn(tick) : 0;
    const filled = open ? this.unrealisedReturn(tick) : 0;
    columns.gross[index] = this.realisedGross + gross;
    columns.spread[index] = this.realisedSpread + (gross - touch);
    columns.slippage[index] = this.realisedSlippage + (touch - filled);
    columns.fees[index] = this.realisedFees + (open ? filled - this.netReturn(tick) : 0);
  }

  openPosition(): OpenPosition | null {
    if (this.side === 0) return null;
    return { side: this.side > 0 ? 'long' : 'short', entryTick: this.entryTick, entryPrice: this.entryPrice };
  }

  /** The fee at entry is on one unit of notional, the fee at exit on what that unit has become: fee·exit/entry. */
  private netReturn(tick: number): number {
    const fees = this.feeRate + (this.feeRate * this.liquidationPrice(tick)) / this.entryPrice;
    return this.unrealisedReturn(tick) - fees;
  }

  /** The same position filled at the touch, without slippage. */
  private touchReturn(tick: number): number {
    return this.side > 0
      ? this.returnBetween(this.ask[this.entryTick]!, this.bid[tick]!)
      : this.returnBetween(this.bid[this.entryTick]!, this.ask[tick]!);
  }

  /** The same position filled at mids. */
  private grossReturn(tick: number): number {
    const entryMid = (this.bid[this.entryTick]! + this.ask[this.entryTick]!) / 2;
    return this.returnBetween(entryMid, (this.bid[tick]! + this.ask[tick]!) / 2);
  }

  /** On one unit of notional at entry: long exit/entry − 1, short 1 − exit/entry. */
  private returnBetween(entry: number, exit: number): number {
    return this.side > 0 ? exit / entry - 1 : 1 - exit / entry;
  }
}
