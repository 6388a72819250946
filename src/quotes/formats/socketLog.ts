/**
 * Raw logs of Binance's WebSocket: a line per message, the receive time in front of the JSON where the recorder wrote one. The quotes
 * are the `bookTicker` messages (b, B, a, A: bid, its quantity, ask, its quantity); other streams are passed over.
 */

import { fail } from '../../core/errors.ts';
import type { TextSample } from '../bytes/text.ts';
import { NameCodes } from '../table/columns.ts';
import { GrowingColumns } from '../table/growingColumns.ts';
import { LineIndex, lineBlocks } from '../table/lines.ts';
import { Role } from '../table/roles.ts';
import { RowStatus } from '../table/rows.ts';
import { LF } from '../table/scan.ts';
import { NanosecondStamps } from '../time/nanoseconds.ts';
import { inferTimeUnit, timeUnitName } from '../time/stamps.ts';
import { ALWAYS_OPEN, type QuoteFormat } from './format.ts';
import { toNumber } from './json.ts';

/** A first guess at the rows; the columns grow where it is too low. */
const USUAL_LINE = 200;
/** Delays looked at for their median. */
const MOST_DELAYS = 100_000;
const LINE = /^(?:(\d{10,19})\s+)?(\{.*\})\s*$/;
const MESSAGE = /"(?:e|stream)"\s*:\s*"[^"]*(?:bookTicker|depth|trade|aggTrade|depthUpdate)/;
const NANOSECONDS: Readonly<Record<string, bigint>> = { s: 1_000_000_000n, ms: 1_000_000n, us: 1000n, ns: 1n };

export const socketLog: QuoteFormat = {
  title: 'Binance WebSocket log',

  detect({ lines }) {
    const messages = lines.filter((line) => LINE.test(line) && MESSAGE.test(line));
    if (messages.length * 2 <= lines.length) return 0;
    return messages.some((line) => line.includes('bookTicker')) ? 0.95 : 0.6;
  },

  async read(sample, overrides) {
    const log = await readLog(sample, overrides.symbol === undefined);
    if (log.columns.count === 0) {
      fail('quotes/no-book-ticker', 'The log holds no bookTicker messages, which are where the best bid and ask are.', {
        hint: 'Record the stream <symbol>@bookTicker as well.',
      });
    }
    const behind = log.exchangeMinusReceiveMs.sort((a, b) => a - b)[log.exchangeMinusReceiveMs.length >> 1];
    return {
      symbols: overrides.symbol === undefined ? log.symbols : [overrides.symbol],
      rows: { ...log.columns.cut(), symbols: log.symbols, lines: log.index },
      calendar: overrides.calendar ?? ALWAYS_OPEN,
      barMs: 0,
      timeUnit: log.timeUnit,
      timeZone: 'UTC',
      notes: [
        `${log.columns.count} of ${log.lines} messages are bookTicker messages; the others are passed over.`,
        ...(log.received ? ['Stamps are the times of receipt.'] : ['Stamps are the exchange’s event times.']),
        ...(behind !== undefined && behind > 0
          ? [
              `The clock of the receiver runs behind the exchange’s: messages arrive ${Math.round(behind)} ms before they are sent (median).`,
            ]
          : []),
      ],
      oneUpdatePerStamp: false,
    };
  },
};

async function readLog({ source, bytes: head, start }: TextSample, withSymbols: boolean) {
  const names = new NameCodes();
  const stamps = new NanosecondStamps();
  const roles = [Role.bidSize, Role.askSize, ...(withSymbols ? [Role.symbol] : [])];
  const columns = new GrowingColumns(roles, (source.size ?? head.length) / USUAL_LINE);
  const log = {
    columns,
    index: new LineIndex(isQuote),
    /** Of the first quotes. */
    exchangeMinusReceiveMs: [] as number[],
    symbols: names.names,
    lines: 0,
    received: false,
    timeUnit: timeUnitName('ms'),
  };
  let lineNumber = 0;
  let share = 0;
  for await (const block of lineBlocks(source, start)) {
    const { bytes } = block;
    for (let at = block.start; at < block.endExclusive; ) {
      const lineEnd = bytes.indexOf(LF, at);
      const end = lineEnd < 0 || lineEnd > block.endExclusive ? block.endExclusive : lineEnd;
      lineNumber++;
      if (end > at + 1) log.lines++;
      if (isQuote(bytes, at, end)) {
        if (columns.count === columns.capacity) columns.grow(share);
        if (columns.count % LineIndex.STEP === 0) log.index.mark(block.offset + at - block.start, lineNumber);
        addMessage(decoder.decode(bytes.subarray(at, end)));
      }
      at = end + 1;
    }
    share = block.share;
  }
  return log;

  function addMessage(line: string): void {
    const [, stamp, json = ''] = LINE.exec(line) ?? [];
    const message = parseMessage(json);
    const exchangeMs = toNumber(message?.E ?? message?.T);
    let timeMs = exchangeMs;
    if (stamp !== undefined) {
      const unit = inferTimeUnit(Number(stamp));
      timeMs = stamps.toMs(BigInt(stamp) * NANOSECONDS[unit]!);
      log.timeUnit = timeUnitName(unit);
      log.received = true;
      const behind = exchangeMs - timeMs;
      if (!Number.isNaN(behind) && log.exchangeMinusReceiveMs.length < MOST_DELAYS) {
        log.exchangeMinusReceiveMs.push(behind);
      }
    }
    const row = columns.count++;
    columns.timeMs[row] = timeMs;
    columns.bid[row] = toNumber(message?.b);
    columns.ask[row] = toNumber(message?.a);
    columns.bidSize![row] = toNumber(message?.B);
    columns.askSize![row] = toNumber(message?.A);
    if (columns.symbol) {
      columns.symbol[row] = names.code(typeof message?.s === 'string' ? message.s : (names.names[0] ?? 'UNKNOWN'));
    }
    columns.status[row] = message === undefined || Number.isNaN(timeMs) ? RowStatus.unparsable : RowStatus.ok;
  }
}

const decoder = new TextDecoder();

/** The stream's name stands at the beginning; other messages may be long and are not looked through. */
function isQuote(bytes: Uint8Array, start: number, endExclusive: number): boolean {
  return decoder.decode(bytes.subarray(start, Math.min(endExclusive, start + 100))).includes('ookTicker');
}

/** The fields of a message, wrapped in its stream or not; `undefined` where the line is broken. */
function parseMessage(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const message: unknown = JSON.parse(json);
    if (typeof message !== 'object' || message === null) return undefined;
    const data: unknown = 'data' in message ? message.data : message;
    return typeof data === 'object' && data !== null ? { ...data } : undefined;
  } catch {
    return undefined;
  }
}
