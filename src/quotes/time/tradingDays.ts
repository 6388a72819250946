/**
 * Trading days of Chinese futures: what is traded in the evening and after midnight is of the next trading day, and files of CTP name that day.
 * When it was is told by the weekday; before holidays the evening session is another day's, which only the exchange's calendar would tell.
 */

const EVENING_MS = 18 * 3_600_000;
const MORNING_MS = 6 * 3_600_000;
const MONDAY = 1;

/** Days, of none to three before, by which a time of a trading day (`YYYYMMDD`) lies before that day; 0 for the day session. */
export function daysBeforeTradingDay(tradingDay: string, msOfDay: number): number {
  const [, year, month, day] = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(tradingDay) ?? [];
  if (year === undefined || (msOfDay < EVENING_MS && msOfDay >= MORNING_MS)) return 0;
  const monday = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDay() === MONDAY;
  if (msOfDay < MORNING_MS) return monday ? 2 : 0;
  return monday ? 3 : 1;
}
