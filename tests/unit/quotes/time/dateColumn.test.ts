import { strToU8 } from 'fflate';
import { describe, expect, test } from 'vitest';
import { scanDate, scanTimeOfDay } from '../../../../src/quotes/time/dateColumn.ts';

const day = (text: string) => scanDate(strToU8(text), 0, text.length);
const time = (text: string) => scanTimeOfDay(strToU8(text), 0, text.length);

describe('dates in a column of their own', () => {
  test.each([
    '2024-02-29',
    '2024/02/29',
    '20240229',
    '02/29/2024',
    '29.02.2024',
    '29-02-2024',
    '29FEB2024',
    ' 2024-02-29 ',
  ])('%s', (text) => expect(day(text)).toBe(Date.UTC(2024, 1, 29)));
  test.each(['', '2023-02-29', '13/13/2024', '2024-02', '2024-02-29-1', '29XXX2024', 'noon', '1/2/3'])(
    'not “%s”',
    (text) => expect(day(text)).toBeNaN(),
  );
});

describe('times of day', () => {
  test.each([
    ['9:30', 34_200_000],
    ['09:30:00', 34_200_000],
    ['09:30:00.25', 34_200_250],
    ['9:30:00.000000250', 34_200_000.00025],
    ['093000', 34_200_000],
    ['093000123', 34_200_123],
  ])('%s', (text, ms) => expect(time(text)).toBe(ms));
  test.each(['', '24:00', '09:60', '9', '09:30:61', '09:30x', '09:30:00.1x'])('not “%s”', (text) =>
    expect(time(text)).toBeNaN(),
  );
});
