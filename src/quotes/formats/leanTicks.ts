/**
 * QuantConnect LEAN quote ticks, milliseconds since midnight in headerless columns. Forex and CFD: time, bid, ask. US equities: one side
 * a row (the other is 0), bid price, bid size, ask price, ask size, exchange, condition, suspicious flag: the last bid and the last ask
 * carry forward whatever the exchange letter says, and all rows of one millisecond make one update.
 */

import { isNumber, mostRows, type TextSample } from '../bytes/text.ts';
import { policyOf } from '../cleaning/findings.ts';
import { Role, type RoleCode } from '../table/roles.ts';
import { RowStatus, type Rows, readRows } from '../table/rows.ts';
import { DAY_MS, parseDay, wallClock } from '../time/calendar.ts';
import type { FileOverrides } from '../types.ts';
import type { QuoteFormat, RawTable } from './format.ts';
import { leanConvention, leanNames, requireDay } from './leanNames.ts';
import { dividePrices } from './prices.ts';
import { carrySidesForward } from './sides.ts';

const { skip, time, bid, ask, bidSize, askSize, flag } = Role;
const TWO_SIDED = [time, bid, ask] as const;
const ONE_SIDED = [time, bid, bidSize, ask, askSize, skip, skip, flag] as const;

export const leanTicks: QuoteFormat = {
  title: 'QuantConnect LEAN forex and CFD ticks',

  /** Three numbers a row could be anything: only LEAN's name makes them ticks. */
  detect(sample) {
    const fits = mostRows(sample, (row) => row.length === 3 && row.every(isNumber) && isTimeOfDay(row[0]!));
    if (!fits) return 0;
    const names = leanNames(sample);
    return names.resolution === 'tick' || names.day !== undefined ? 0.9 : 0.4;
  },

  read: (sample, overrides) => readTicks(sample, overrides, TWO_SIDED),
};

export const leanEquityTicks: QuoteFormat = {
  title: 'QuantConnect LEAN equity ticks',

  detect(sample) {
    const fits = mostRows(
      sample,
      (row) =>
        row.length === ONE_SIDED.length &&
        isTimeOfDay(row[0]!) &&
        row.slice(1, 5).every(isNumber) &&
        (row[1] === '0' || row[3] === '0') &&
        /^[01]$/.test(row[7]!),
    );
    return fits ? 0.95 : 0;
  },

  read: (sample, overrides) => readTicks(sample, overrides, ONE_SIDED),
};

async function readTicks(sample: TextSample, overrides: FileOverrides, roles: readonly RoleCode[]): Promise<RawTable> {
  const names = leanNames(sample);
  const midnight = parseDay(requireDay(names));
  const utc = wallClock('UTC');
  const rows = await readRows(sample, sample.start, { delimiter: 44, roles, time: 'number', clock: utc });
  const oneSided = roles === ONE_SIDED;
  // Only US equities are written one side a row.
  const assetClass = names.assetClass ?? (oneSided ? 'equity' : undefined);
  const convention = leanConvention({ ...names, assetClass }, rows, overrides);
  const clock = wallClock(convention.timeZone);
  for (let i = 0; i < rows.count; i++) rows.timeMs[i] = clock.toEpoch(midnight + rows.timeMs[i]!);
  dividePrices(rows, convention.priceDivisor);
  const notes = [convention.note];
  if (oneSided) {
    markSuspicious(rows);
    carrySidesForward(rows, policyOf('suspicious', overrides.policies).action === 'keep');
    notes.push('Each row carries one side only: the last bid and the last ask were carried forward.');
  }
  return {
    symbols: [overrides.symbol ?? names.symbol],
    rows,
    calendar: convention.calendar,
    barMs: 0,
    timeUnit: 'milliseconds since midnight',
    timeZone: convention.timeZone,
    notes,
    questions: convention.questions,
    ...(convention.decided && { decided: { assetClass: convention.decided } }),
    oneUpdatePerStamp: oneSided,
  };
}

function markSuspicious({ count, status, flag }: Rows): void {
  for (let i = 0; i < count; i++) if (status[i] === RowStatus.ok && flag![i] === 1) status[i] = RowStatus.suspicious;
}

function isTimeOfDay(cell: string): boolean {
  return isNumber(cell) && Number(cell) >= 0 && Number(cell) < DAY_MS;
}
