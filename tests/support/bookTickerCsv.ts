/** Binance bookTicker CSV of any size, for tests and benchmarks: every row is a function of its number. */

import { closeSync, openSync, writeSync } from 'node:fs';

const BOOK_TICKER_HEADER =
  'update_id,best_bid_price,best_bid_qty,best_ask_price,best_ask_qty,transaction_time,event_time\n';
const START_MS = 1_684_195_200_000;
const FIRST_ID = 2_869_000_000_000;
const BLOCK_ROWS = 20_000;

/** One row: a price that wanders in ticks of 0.1, sizes with three decimals, a stamp every 3 ms. */
export function bookTickerRow(row: number) {
  const ticks = 268_000 + Math.round(3000 * Math.sin(row / 40_000) + 40 * Math.sin(row / 37));
  return {
    timeMs: START_MS + row * 3,
    bid: ticks / 10,
    ask: (ticks + 1 + (row % 3)) / 10,
    bidSize: ((row * 7919) % 30_000) / 1000,
    askSize: ((row * 104_729) % 30_000) / 1000,
  };
}

function line(row: number): string {
  const { timeMs, bid, ask, bidSize, askSize } = bookTickerRow(row);
  const prices = `${bid.toFixed(2)},${bidSize.toFixed(3)},${ask.toFixed(2)},${askSize.toFixed(3)}`;
  return `${FIRST_ID + row},${prices},${timeMs},${timeMs + 4}\n`;
}

/** Blocks of whole lines until about `bytes` are written; returns the number of rows. */
export function writeBookTicker(bytes: number, write: (block: Buffer) => void): number {
  write(Buffer.from(BOOK_TICKER_HEADER));
  let written = BOOK_TICKER_HEADER.length;
  let row = 0;
  while (written < bytes) {
    let text = '';
    for (const end = row + BLOCK_ROWS; row < end; row++) text += line(row);
    const block = Buffer.from(text, 'latin1');
    write(block);
    written += block.length;
  }
  return row;
}

export function writeBookTickerFile(path: string, bytes: number): number {
  const file = openSync(path, 'w');
  try {
    return writeBookTicker(bytes, (block) => writeSync(file, block));
  } finally {
    closeSync(file);
  }
}
