/**
 * One instrument's position: fills, fees, equity at the liquidation quote (docs/backtest.md), where the money went, and
 * how much was traded. It decides nothing.
 */

import type { Execution } from './execution.ts';
import type { Activity, CostSplit, ExitReason, OpenPosition, Trade } from './types.ts';

export class Account {
  /** 1 long, −1 short, 0 flat. */
  side: -1 | 0 | 1 = 0;
  entryTick = -1;
  /** Fill price of the open position. */
  entryPrice = 0;
  /** What is open of it, in units of notional at entry. */
  size = 0;
  /** Sum of the net returns of all that was closed. */
  realised = 0;
  tradeCount = 0;
  winCount = 0;
  heldTicks = 0;
  turnover = 0;
  private closedExposureTicks = 0;
  private realisedGross = 0;
  private realisedSpread = 0;
  private realisedSlippage = 0;
  private realisedFees = 0;
  /** Size of the open position at entry. */
  private entrySize = 0;
  private closedReturn = 0;
  private closedValue = 0;
  private readonly feeRate: number;

  /** @param log takes every closed position; null where only returns are wanted */
  constructor(
    private readonly execution: Execution,
    feeBps: number,
    private readonly log: Trade[] | null,
  ) {
    this.feeRate = feeBps / 10_000;
  }

  /** Takes no more than the quoted size; where nothing is quoted, nothing happens. */
  open(side: -1 | 1, tick: number, wanted: number): void {
    const { buyFill, sellFill, buyable, sellable } = this.execution;
    const limit = side > 0 ? buyable : sellable;
    const size = limit === null ? wanted : Math.min(wanted, limit[tick]!);
    if (!(size > 0)) return;
    this.side = side;
    this.entryTick = tick;
    this.entryPrice = side > 0 ? buyFill[tick]! : sellFill[tick]!;
    this.size = size;
    this.entrySize = size;
    this.closedReturn = 0;
    this.closedValue = 0;
    this.turnover += size;
  }

  /**
   * Closes what the quoted size allows, or everything where `whole`. Returns whether the position is closed.
   */
  close(tick: number, reason: ExitReason, whole: boolean): boolean {
    const { buyFill, sellFill, buyable, sellable } = this.execution;
    const limit = whole ? null : this.side > 0 ? sellable : buyable;
    const part = limit === null ? this.size : Math.min(this.size, limit[tick]!);
    if (!(part > 0)) return false;
    const price = this.side > 0 ? sellFill[tick]! : buyFill[tick]!;
    const filled = this.returnBetween(this.entryPrice, price);
    const net = filled - this.feesAt(price);
    const gross = this.grossReturn(tick);
    const touch = this.touchReturn(tick);
    this.realised += part * net;
    this.realisedGross += part * gross;
    this.realisedSpread += part * (gross - touch);
    this.realisedSlippage += part * (touch - filled);
    this.realisedFees += part * (filled - net);
    this.turnover += (part * price) / this.entryPrice;
    this.closedExposureTicks += part * (tick - this.entryTick);
    this.closedReturn += part * net;
    this.closedValue += part * price;
    if (part < this.size) {
      this.size -= part;
      return false;
    }
    this.finish(tick, reason, part === this.entrySize ? price : this.closedValue / this.entrySize);
    return true;
  }

  private finish(tick: number, reason: ExitReason, exitPrice: number): void {
    this.log?.push({
      side: this.side > 0 ? 'long' : 'short',
      size: this.entrySize,
      entryTick: this.entryTick,
      exitTick: tick,
      entryPrice: this.entryPrice,
      exitPrice,
      netReturn: this.closedReturn,
      reason,
    });
    this.tradeCount++;
    if (this.closedReturn > 0) this.winCount++;
    this.heldTicks += tick - this.entryTick;
    this.side = 0;
    this.size = 0;
  }

  /** What the open position is reckoned to be closed at. */
  liquidationPrice(tick: number): number {
    return this.side > 0 ? this.execution.sellMark[tick]! : this.execution.buyMark[tick]!;
  }

  /** Return of one unit of the open position at the liquidation quote, before fees: what stop loss and take profit look at. */
  unrealisedReturn(tick: number): number {
    return this.returnBetween(this.entryPrice, this.liquidationPrice(tick));
  }

  /** Sum of all net returns so far, an open position closed at this tick's liquidation quote with the exit fee paid. */
  equity(tick: number): number {
    return this.side === 0 ? this.realised : this.realised + this.size * this.netReturn(tick);
  }

  /** Writes the cumulative split of `equity(tick)` into one element of each column. */
  writeSplit(tick: number, columns: CostSplit, index: number): void {
    const open = this.side !== 0;
    const gross = open ? this.grossReturn(tick) : 0;
    const touch = open ? this.touchReturn(tick) : 0;
    const filled = open ? this.unrealisedReturn(tick) : 0;
    const fees = open ? filled - this.netReturn(tick) : 0;
    columns.gross[index] = this.realisedGross + this.size * gross;
    columns.spread[index] = this.realisedSpread + this.size * (gross - touch);
    columns.slippage[index] = this.realisedSlippage + this.size * (touch - filled);
    columns.fees[index] = this.realisedFees + this.size * fees;
  }

  openPosition(): OpenPosition | null {
    if (this.side === 0) return null;
    const { size, entryTick, entryPrice } = this;
    return { side: this.side > 0 ? 'long' : 'short', size, entryTick, entryPrice };
  }

  /** Size × ticks up to this tick. */
  exposureTicks(tick: number): number {
    return this.closedExposureTicks + (this.side === 0 ? 0 : this.size * (tick - this.entryTick));
  }

  activity(lastTick: number): Activity {
    const { tradeCount, winCount, heldTicks, turnover } = this;
    return { tradeCount, winCount, heldTicks, turnover, exposureTicks: this.exposureTicks(lastTick) };
  }

  private netReturn(tick: number): number {
    return this.unrealisedReturn(tick) - this.feesAt(this.liquidationPrice(tick));
  }

  /** The fee at entry is on one unit of notional, the fee at exit on what that unit has become: fee·exit/entry. */
  private feesAt(exitPrice: number): number {
    return this.feeRate + (this.feeRate * exitPrice) / this.entryPrice;
  }

  /** The same position filled at the touch, without slippage. */
  private touchReturn(tick: number): number {
    const { bid, ask } = this.execution;
    return this.side > 0
      ? this.returnBetween(ask[this.entryTick]!, bid[tick]!)
      : this.returnBetween(bid[this.entryTick]!, ask[tick]!);
  }

  /** The same position filled at mids. */
  private grossReturn(tick: number): number {
    const { bid, ask } = this.execution;
    const entryMid = (bid[this.entryTick]! + ask[this.entryTick]!) / 2;
    return this.returnBetween(entryMid, (bid[tick]! + ask[tick]!) / 2);
  }

  /** On one unit of notional at entry: long exit/entry − 1, short 1 − exit/entry. */
  private returnBetween(entry: number, exit: number): number {
    return this.side > 0 ? exit / entry - 1 : 1 - exit / entry;
  }
}
