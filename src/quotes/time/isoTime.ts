/**
 * Dates with times of day, byte by byte: ISO 8601 and its relatives (`2013-01-01 22:00:00.295+00:00`, `2024/03/10T09:30`,
 * `20070101 21:00`, `20200101 170000065`, `2019-01-01D00:00:02.535068000`). Month names and day-first orders are not read.
 */

import { DAY_MS, type WallClock } from './calendar.ts';

const ZERO = 48;
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/**
 * Milliseconds since the Unix epoch of the time written in `bytes[start, endExclusive)`; NaN where it is none.
 * A time that names no zone, or the clock's own, is read on `clock`. Fractions of a second are kept to nine digits.
 */
export function scanIsoTime(bytes: Uint8Array, start: number, endExclusive: number, clock: WallClock): number {
  let at = start;
  let end = endExclusive;
  while (at < end && bytes[at]! <= 32) at++;
  while (end > at && bytes[end - 1]! <= 32) end--;

  const year = digits(bytes, at, end, 4);
  at += 4;
  const dateSeparator = at < end && isDateSeparator(bytes[at]!) ? bytes[at]! : 0;
  if (dateSeparator) at++;
  const month = digits(bytes, at, end, 2);
  at += 2;
  if (dateSeparator && bytes[at++] !== dateSeparator) return Number.NaN;
  const day = digits(bytes, at, end, 2);
  at += 2;
  const dateMs = dateToMs(year, month, day);
  if (Number.isNaN(dateMs)) return Number.NaN;
  if (at === end) return clock.toEpoch(dateMs);

  const between = bytes[at++]!;
  if (between !== 84 && between !== 116 && between !== 32 && between !== 68) return Number.NaN; // T, t, a space or D
  while (at < end && bytes[at] === 32) at++;
  const hour = digits(bytes, at, end, 2);
  at += 2;
  if (bytes[at] === 58) at++; // :
  const minute = digits(bytes, at, end, 2);
  at += 2;
  let second = 0;
  let fractionMs = 0;
  const colon = at < end && bytes[at] === 58;
  if (colon || (at < end && isDigit(bytes[at]!))) {
    if (colon) at++;
    second = digits(bytes, at, end, 2);
    at += 2;
    // A point, a comma or nothing at all comes before the fraction (`170000065`).
    if (at < end && (bytes[at] === 46 || bytes[at] === 44)) at++;
    let fraction = 0;
    let read = 0;
    for (; at < end && isDigit(bytes[at]!); at++) {
      if (read === 9) continue;
      fraction = fraction * 10 + (bytes[at]! - ZERO);
      read++;
    }
    fractionMs = read <= 3 ? fraction * 10 ** (3 - read) : fraction / 10 ** (read - 3);
  }
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return Number.NaN;
  const wallMs = dateMs + ((hour * 60 + minute) * 60 + second) * 1000 + fractionMs;
  if (at === end) return clock.toEpoch(wallMs);
  const offset = scanOffset(bytes, at, end);
  return Number.isNaN(offset) && namesClock(bytes, at, end, clock) ? clock.toEpoch(wallMs) : wallMs - offset;
}

/** Whether a time text names its zone (`Z` or an offset). */
export function namesZone(text: string): boolean {
  return /\d[t ]\s*\d{2}.*?(?:z|utc|gmt|[+-]\d{2}(?::?\d{2})?)$/i.test(text.trim());
}

/** `Z`, ` UTC`, `+05:30`, `-0500`, `+00` in milliseconds; NaN where it is none. */
function scanOffset(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] === 32) at++;
  const sign = bytes[at]!;
  if (sign !== 43 && sign !== 45) {
    const word = String.fromCharCode(...bytes.subarray(at, end)).toUpperCase();
    return word === 'Z' || word === 'UTC' || word === 'GMT' ? 0 : Number.NaN;
  }
  const hours = digits(bytes, ++at, end, 2);
  at += 2;
  let minutes = 0;
  if (at < end) {
    if (bytes[at] === 58) at++;
    minutes = digits(bytes, at, end, 2);
    at += 2;
  }
  const offset = at === end ? (hours * 60 + minutes) * 60_000 : Number.NaN;
  return sign === 45 ? -offset : offset;
}

/** Whether the text behind a time is the name of the clock's zone, as in `20240301 09:30:00 US/Eastern`. */
function namesClock(bytes: Uint8Array, start: number, end: number, clock: WallClock): boolean {
  return String.fromCharCode(...bytes.subarray(start, end)).trim() === clock.timeZone;
}

function digits(bytes: Uint8Array, start: number, end: number, count: number): number {
  if (start + count > end) return Number.NaN;
  let value = 0;
  for (let at = start; at < start + count; at++) {
    if (!isDigit(bytes[at]!)) return Number.NaN;
    value = value * 10 + (bytes[at]! - ZERO);
  }
  return value;
}

/** Wall time of midnight; NaN where there is no such day. */
export function dateToMs(year: number, month: number, day: number): number {
  if (!(month >= 1 && month <= 12 && day >= 1)) return Number.NaN;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const before = DAYS_BEFORE_MONTH[month - 1]!;
  const monthLength = (month === 12 ? 365 : DAYS_BEFORE_MONTH[month]!) - before + (leap && month === 2 ? 1 : 0);
  if (!(day <= monthLength)) return Number.NaN;
  const past = year - 1;
  const daysBeforeYear = past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  const dayOfYear = before + (leap && month > 2 ? 1 : 0) + day - 1;
  return (daysBeforeYear + dayOfYear - 719_162) * DAY_MS;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 57;
}

function isDateSeparator(byte: number): boolean {
  return byte === 45 || byte === 47 || byte === 46; // - / .
}
