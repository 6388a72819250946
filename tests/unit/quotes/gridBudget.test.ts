import { expect, test } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { checkGridSizes, fitting, mostTicksOf } from '../../../src/quotes/gridBudget.ts';

const sizes = [
  { symbol: 'A', quotes: 10, ticks: 400 },
  { symbol: 'B', quotes: 30, ticks: 500 },
  { symbol: 'C', quotes: 20, ticks: 600 },
];

test('what fits are the symbols with the most quotes, in the order of the file', () => {
  expect(fitting({ sizes, mostTicks: 1000 })).toEqual(['A', 'B']);
  expect(fitting({ sizes, mostTicks: 1100 })).toEqual(['B', 'C']);
  expect(fitting({ sizes, mostTicks: 399 })).toEqual([]);
});

test('grids that do not fit are refused with symbols and a step that would', () => {
  const check = () =>
    checkGridSizes({ sizes: sizes.map((each) => ({ ...each, ticks: each.ticks * 1e5 })), mostTicks: 1e8 }, 1000);
  expect(check).toThrow(UserError);
  try {
    check();
  } catch (caught) {
    expect((caught as UserError).problem).toEqual({
      code: 'quotes/grid-size',
      message:
        'The grids of 3 symbols would have 150,000,000 ticks: they take about 15 GB, and this device has room for 10 GB.',
      hint: 'Choose symbols (2 fit), or take a longer step (2 s fits), a shorter window, or fewer days.',
    });
  }
  checkGridSizes({ sizes, mostTicks: 1500 }, 1000);
});

test('a device has room for a quarter of its memory, up to 3 GB', () => {
  expect(mostTicksOf(8 * 2 ** 30)).toBe(Math.floor((2 * 2 ** 30) / 100));
  expect(mostTicksOf(64 * 2 ** 30)).toBe(3e7);
});
