/** Shares of an axis that is zoomed and moved stay within the whole. */

import { expect, test } from 'vitest';
import { including, partOf, scaled, shareOf, shifted, wholePart } from '../../../../src/app/charts/part.ts';

test('a part is zoomed around a share that stays where it is, to a least length, and never beyond the whole', () => {
  const axis = { min: 10, max: 50 };
  const near = scaled(wholePart, 0.5, 0.25);
  expect(near).toEqual({ min: 0.125, max: 0.625 });
  expect(partOf(axis, near)).toEqual({ min: 15, max: 35 });
  expect(shareOf(axis, 15 + 0.25 * 20)).toBe(0.25);
  expect(scaled(near, 4, 0)).toEqual(wholePart);
  expect(scaled(near, 1e-9, 0.5, 0.1)).toEqual({ min: 0.325, max: expect.closeTo(0.425, 12) });
  expect(scaled(wholePart, 0.5, 0.5, 3)).toEqual(wholePart);
});

test('a part is moved as far as there is anything, and no further than to have a place in sight', () => {
  const part = { min: 0.5, max: 0.75 };
  expect(shifted(part, 0.5)).toEqual({ min: 0.625, max: 0.875 });
  expect(shifted(part, 9)).toEqual({ min: 0.75, max: 1 });
  expect(including(part, 0.6)).toBe(part);
  expect(including(part, 0.25).min).toBeCloseTo(0.2375, 12);
  expect(including(part, 1)).toEqual({ min: 0.75, max: 1 });
});
