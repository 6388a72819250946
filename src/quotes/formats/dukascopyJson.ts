/**
 * Dukascopy ticks as JSON. Columns: the start values `timestamp`, `ask` and `bid` and lists of steps from tick to tick (times in
 * milliseconds, prices in units of `multiplier`). Rows: `[milliseconds, ask, bid, ask volume, bid volume]`, the ask first.
 */

import type { TextSample } from '../bytes/text.ts';
import { rowsOfColumns } from '../table/columns.ts';
import type { Rows } from '../table/rows.ts';
import type { FileOverrides } from '../types.ts';
import { ALWAYS_OPEN, type QuoteFormat, type RawTable } from './format.ts';
import { damagedJson, jsonHead, parseJson, toNumber } from './json.ts';
import { symbolFromName } from './symbolNames.ts';

export const dukascopyColumns: QuoteFormat = {
  title: 'Dukascopy ticks (JSON columns)',

  detect(sample) {
    const head = jsonHead(sample);
    const known = ['"timestamp":', '"multiplier":', '"ask":', '"bid":'].filter((name) => head.includes(name));
    return head.startsWith('{') && known.length === 4 ? 0.95 : 0;
  },

  async read(sample, overrides) {
    const file = await parseJson(sample);
    if (typeof file !== 'object' || file === null) return damagedJson('it holds no columns');
    const fields = new Map<string, unknown>(Object.entries(file));
    const [times, asks, bids] = [list(fields, 'times'), list(fields, 'asks'), list(fields, 'bids')];
    if (times.length !== asks.length || times.length !== bids.length) {
      return damagedJson('its columns are not of one length');
    }
    const multiplier = toNumber(fields.get('multiplier'));
    const rows = rowsOfColumns({
      timeMs: runningSum(times, toNumber(fields.get('timestamp')), 1),
      ask: runningSum(asks, toNumber(fields.get('ask')), multiplier),
      bid: runningSum(bids, toNumber(fields.get('bid')), multiplier),
      askSize: sizes(fields, 'askVolumes', times.length),
      bidSize: sizes(fields, 'bidVolumes', times.length),
    });
    return table(sample, overrides, rows);
  },
};

export const dukascopyRows: QuoteFormat = {
  title: 'Dukascopy ticks (JSON rows)',

  detect(sample) {
    return /^\[\[1\d{12}(,-?[\d.]+){4}\]/.test(jsonHead(sample)) ? 0.9 : 0;
  },

  async read(sample, overrides) {
    const file = await parseJson(sample);
    if (!Array.isArray(file)) return damagedJson('it holds no rows');
    const column = (at: number) =>
      Float64Array.from(file, (row: unknown) => (Array.isArray(row) ? toNumber(row[at]) : Number.NaN));
    const rows = rowsOfColumns({
      timeMs: column(0),
      ask: column(1),
      bid: column(2),
      askSize: column(3),
      bidSize: column(4),
    });
    return table(sample, overrides, rows);
  },
};

function table(sample: TextSample, overrides: FileOverrides, rows: Rows): RawTable {
  return {
    symbols: [overrides.symbol ?? symbolOf(sample.memberName)],
    rows,
    calendar: overrides.calendar ?? ALWAYS_OPEN,
    barMs: 0,
    timeUnit: 'milliseconds since 1970',
    timeZone: 'UTC',
    notes: ['Dukascopy writes the ask before the bid.'],
    oneUpdatePerStamp: false,
  };
}

/** `ticks-BTC-USD-2023-2-20-12.json` → `BTC-USD`. */
function symbolOf(name: string): string {
  const pair = /(?<![A-Za-z])[A-Z]{3,6}[-_/][A-Z]{3}(?![A-Za-z])/.exec(name)?.[0];
  return pair ?? symbolFromName(name);
}

function list(fields: Map<string, unknown>, name: string): readonly unknown[] {
  const found = fields.get(name);
  return Array.isArray(found) ? found : damagedJson(`it has no list “${name}”`);
}

function sizes(fields: Map<string, unknown>, name: string, length: number): Float64Array | undefined {
  const found = fields.get(name);
  return Array.isArray(found) && found.length === length ? Float64Array.from(found, toNumber) : undefined;
}

/** `start` plus the steps so far in units of `unit`. Decimal units are summed as integers, so that prices carry no rounding noise. */
function runningSum(steps: readonly unknown[], start: number, unit: number): Float64Array {
  const perOne = Math.round(1 / unit);
  const decimal = unit <= 1 && Math.abs(perOne * unit - 1) < 1e-9;
  let sum = decimal ? Math.round(start * perOne) : start;
  return Float64Array.from(steps, (step) => {
    sum += decimal ? toNumber(step) : toNumber(step) * unit;
    return decimal ? sum / perOne : sum;
  });
}
