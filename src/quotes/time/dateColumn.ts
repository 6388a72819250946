/**
 * Dates and times of day that stand in columns of their own: `03/01/2024` beside `09:30:00.250`. Bytes to numbers, like isoTime.ts;
 * neither names a zone.
 */

import { dateToMs } from './isoTime.ts';

const ZERO = 48;
const COLON = 58;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/**
 * The wall time of midnight of a date; NaN where it is none. Read are `2024-03-01` with any separator, `20240301`, `03/01/2024`
 * (month first, as with slashes in the USA), `01.03.2024` and `01-03-2024` (day first) and `01MAR2024`.
 */
export function scanDate(bytes: Uint8Array, start: number, endExclusive: number): number {
  const numbers = [0, 0, 0];
  let group = 0;
  let digits = 0;
  let firstDigits = 0;
  let separator = 0;
  for (let at = start; at < endExclusive; at++) {
    const byte = bytes[at]!;
    if (byte >= ZERO && byte <= ZERO + 9) {
      numbers[group] = numbers[group]! * 10 + (byte - ZERO);
      digits++;
    } else if (byte > 32) {
      if (group === 0 && digits <= 2 && isLetter(byte)) return scanNamedMonth(bytes, at, endExclusive, numbers[0]!);
      if (group === 2 || digits === 0 || (group === 1 && byte !== separator)) return Number.NaN;
      if (group === 0) firstDigits = digits;
      separator = byte;
      digits = 0;
      group++;
    }
  }
  const [first, second, third] = numbers as [number, number, number];
  if (group === 0) {
    return digits === 8 ? dateToMs(Math.floor(first / 1e4), Math.floor(first / 100) % 100, first % 100) : Number.NaN;
  }
  if (group !== 2) return Number.NaN;
  if (firstDigits === 4) return dateToMs(first, second, third);
  if (digits !== 4) return Number.NaN;
  return separator === 47 ? dateToMs(third, first, second) : dateToMs(third, second, first);
}

/** Milliseconds since midnight of `9:30`, `09:30:00.012345678` or `093000[123]`; NaN where it is none. Kept to nine digits. */
export function scanTimeOfDay(bytes: Uint8Array, start: number, endExclusive: number): number {
  let end = endExclusive;
  while (end > start && bytes[end - 1]! <= 32) end--;
  let at = start;
  while (at < end && bytes[at]! <= 32) at++;
  const withColons = bytes[at + 1] === COLON || bytes[at + 2] === COLON;
  let total = 0;
  let parts = 0;
  for (; parts < 3 && at < end; parts++) {
    if (parts > 0 && withColons && bytes[at++] !== COLON) return Number.NaN;
    let value = 0;
    let digits = 0;
    for (; at < end && digits < 2 && isDigit(bytes[at]!); at++, digits++) value = value * 10 + (bytes[at]! - ZERO);
    if (digits === 0 || value > (parts === 0 ? 23 : 59)) return Number.NaN;
    total = total * 60 + value;
  }
  if (parts < 2) return Number.NaN;
  if (parts === 2) total *= 60;
  if (at === end) return total * 1000;
  if (bytes[at] === 46 || bytes[at] === 44) at++;
  else if (withColons || parts < 3) return Number.NaN;
  let fraction = 0;
  let read = 0;
  for (; at < end; at++) {
    if (!isDigit(bytes[at]!)) return Number.NaN;
    if (read === 9) continue;
    fraction = fraction * 10 + (bytes[at]! - ZERO);
    read++;
  }
  return total * 1000 + (read <= 3 ? fraction * 10 ** (3 - read) : fraction / 10 ** (read - 3));
}

/** `MAR2024` behind the day. */
function scanNamedMonth(bytes: Uint8Array, start: number, endExclusive: number, day: number): number {
  const match = /^([A-Z]{3})(\d{4})\s*$/.exec(
    String.fromCharCode(...bytes.subarray(start, endExclusive)).toUpperCase(),
  );
  return match ? dateToMs(Number(match[2]), MONTHS.indexOf(match[1]!) + 1, day) : Number.NaN;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9;
}

function isLetter(byte: number): boolean {
  return (byte | 32) >= 97 && (byte | 32) <= 122;
}
