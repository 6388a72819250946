/**
 * Interactive Brokers' tick feed as a JSON array of events `{time, price, size, tickType}`. Each event is about one side: the last bid and
 * the last ask are carried forward. Events of other kinds (trades, volumes) leave the quote as it was.
 */

import { emptyColumn, rowsOfColumns } from '../table/columns.ts';
import { wallClock } from '../time/calendar.ts';
import { scanIsoTime } from '../time/isoTime.ts';
import { ALWAYS_OPEN, type QuoteFormat } from './format.ts';
import { damagedJson, jsonHead, parseJson, toNumber } from './json.ts';
import { symbolFromName } from './symbolNames.ts';

/** Tick types by Interactive Brokers' list, live and delayed: bid size, bid; ask, ask size. */
const BID_TYPES = [0, 1, 66, 69];
const ASK_TYPES = [2, 3, 67, 70];

export const ibkrTicks: QuoteFormat = {
  title: 'Interactive Brokers tick events (JSON)',

  detect(sample) {
    const head = jsonHead(sample);
    return head.startsWith('[{') && head.includes('"tickType":') && head.includes('"price":') ? 0.95 : 0;
  },

  async read(sample, overrides) {
    const events = await parseJson(sample);
    if (!Array.isArray(events)) return damagedJson('it holds no list of events');
    const clock = wallClock(overrides.timeZone ?? 'UTC');
    const encoder = new TextEncoder();
    const names = ['timeMs', 'bid', 'ask', 'bidSize', 'askSize'] as const;
    const [timeMs, bid, ask, bidSize, askSize] = names.map(() => emptyColumn(events.length)) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const last = { bid: Number.NaN, ask: Number.NaN, bidSize: Number.NaN, askSize: Number.NaN };
    events.forEach((event: unknown, i) => {
      const fields = typeof event === 'object' && event !== null ? event : {};
      const { time, tickType, price, size } = fields as Readonly<Record<string, unknown>>;
      if (typeof time === 'string') {
        const text = encoder.encode(time);
        timeMs[i] = scanIsoTime(text, 0, text.length, clock);
      }
      const type = toNumber(tickType);
      if (BID_TYPES.includes(type)) {
        last.bid = updated(last.bid, price);
        last.bidSize = updated(last.bidSize, size);
      } else if (ASK_TYPES.includes(type)) {
        last.ask = updated(last.ask, price);
        last.askSize = updated(last.askSize, size);
      }
      bid[i] = last.bid;
      ask[i] = last.ask;
      bidSize[i] = last.bidSize;
      askSize[i] = last.askSize;
    });
    return {
      symbols: [overrides.symbol ?? symbolFromName(sample.memberName)],
      rows: rowsOfColumns({ timeMs, bid, ask, bidSize, askSize }),
      calendar: overrides.calendar ?? ALWAYS_OPEN,
      barMs: 0,
      timeUnit: 'date and time',
      timeZone: 'as written with each time',
      notes: ['Each event is about one side only: the last bid and the last ask were carried forward.'],
      oneUpdatePerStamp: false,
    };
  },
};

/** An event that leaves a value out keeps the last; −1 says that there is none. */
function updated(last: number, value: unknown): number {
  const number = toNumber(value);
  if (Number.isNaN(number)) return last;
  return number === -1 ? Number.NaN : number;
}
