/**
 * Raw logs of Binance's WebSocket: a line per message, the receive time in front of the JSON where the recorder wrote one. The quotes
 * are the `bookTicker` messages (b, B, a, A: bid, its quantity, ask, its quantity); other streams are passed over.
 */

import { fail } from '../../core/errors.ts';
import { NameCodes, rowsOfColumns } from '../columns.ts';
import { NanosecondStamps } from '../nanoseconds.ts';
import { RowStatus } from '../rows.ts';
import { LF } from '../scan.ts';
import { inferTimeUnit, timeUnitName } from '../stamps.ts';
import type { TextSample } from '../text.ts';
import { ALWAYS_OPEN, type QuoteFormat } from './format.ts';
import { toNumber } from './json.ts';

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

  read(sample, overrides) {
    const log = readLog(sample);
    if (log.timeMs.length === 0) {
      fail('quotes/no-book-ticker', 'The log holds no bookTicker messages, which are where the best bid and ask are.', {
        hint: 'Record the stream <symbol>@bookTicker as well.',
      });
    }
    const rows = rowsOfColumns({
      timeMs: Float64Array.from(log.timeMs),
      bid: Float64Array.from(log.bid),
      ask: Float64Array.from(log.ask),
      bidSize: Float64Array.from(log.bidSize),
      askSize: Float64Array.from(log.askSize),
      symbol: overrides.symbol === undefined ? Uint32Array.from(log.symbol) : undefined,
    });
    rows.status.set(log.status);
    rows.lineStart = Uint32Array.from(log.lineStart);
    const behind = log.exchangeMinusReceiveMs.sort((a, b) => a - b)[log.exchangeMinusReceiveMs.length >> 1];
    return {
      symbols: overrides.symbol === undefined ? log.symbols : [overrides.symbol],
      rows,
      calendar: overrides.calendar ?? ALWAYS_OPEN,
      barMs: 0,
      timeUnit: log.timeUnit,
      timeZone: 'UTC',
      notes: [
        `${log.timeMs.length} of ${log.lines} messages are bookTicker messages; the others are passed over.`,
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

function readLog({ bytes, start }: TextSample) {
  const names = new NameCodes();
  const stamps = new NanosecondStamps();
  const decoder = new TextDecoder();
  const log = {
    timeMs: [] as number[],
    bid: [] as number[],
    ask: [] as number[],
    bidSize: [] as number[],
    askSize: [] as number[],
    symbol: [] as number[],
    status: [] as number[],
    lineStart: [] as number[],
    exchangeMinusReceiveMs: [] as number[],
    symbols: names.names,
    lines: 0,
    received: false,
    timeUnit: timeUnitName('ms'),
  };
  for (let at = start; at < bytes.length; ) {
    const lineEnd = bytes.indexOf(LF, at);
    const end = lineEnd < 0 ? bytes.length : lineEnd;
    if (end > at + 1) log.lines++;
    // The stream's name stands at the beginning; other messages may be long and are not looked through.
    if (decoder.decode(bytes.subarray(at, Math.min(end, at + 100))).includes('ookTicker')) {
      const [, stamp, json = ''] = LINE.exec(decoder.decode(bytes.subarray(at, end))) ?? [];
      const message = parseMessage(json);
      const exchangeMs = toNumber(message?.E ?? message?.T);
      let timeMs = exchangeMs;
      if (stamp !== undefined) {
        const unit = inferTimeUnit(Number(stamp));
        timeMs = stamps.toMs(BigInt(stamp) * NANOSECONDS[unit]!);
        log.timeUnit = timeUnitName(unit);
        log.received = true;
        if (!Number.isNaN(exchangeMs)) log.exchangeMinusReceiveMs.push(exchangeMs - timeMs);
      }
      log.timeMs.push(timeMs);
      log.bid.push(toNumber(message?.b));
      log.ask.push(toNumber(message?.a));
      log.bidSize.push(toNumber(message?.B));
      log.askSize.push(toNumber(message?.A));
      log.symbol.push(names.code(typeof message?.s === 'string' ? message.s : (names.names[0] ?? 'UNKNOWN')));
      log.status.push(message === undefined || Number.isNaN(timeMs) ? RowStatus.unparsable : RowStatus.ok);
      log.lineStart.push(at);
    }
    at = end + 1;
  }
  return log;
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
