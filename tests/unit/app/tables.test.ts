import { expect, test } from 'vitest';
import { cellOf } from '../../../src/app/export/tables.ts';

test.each([
  ['1,234.5', 1234.5],
  ['−0.25', -0.25],
  ['12', 12],
  ['', null],
  ['–', null],
  ['74 %', '74 %'],
  ['3.44 ± 0.59', '3.44 ± 0.59'],
  ['1,23', '1,23'],
  ['2024-01-02', '2024-01-02'],
])('a cell that shows “%s” is saved as %j', (text, want) => {
  expect(cellOf(text)).toBe(want);
});
