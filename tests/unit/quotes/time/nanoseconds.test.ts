import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NanosecondStamps } from '../../../../src/quotes/time/nanoseconds.ts';

test('stamps that differ stay apart and in order, within a microsecond of the truth; equal ones stay equal', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 10n ** 18n, max: 2n * 10n ** 18n }),
      fc.array(fc.bigInt({ min: 0n, max: 300n }), { maxLength: 4 }),
      (start, steps) => {
        const stamps = new NanosecondStamps();
        let ns = start;
        let before = stamps.toMs(ns);
        for (const step of steps) {
          ns += step;
          const ms = stamps.toMs(ns);
          expect(Math.sign(ms - before)).toBe(step > 0n ? 1 : 0);
          expect(Math.abs(ms - Number(ns) / 1e6)).toBeLessThan(0.0015);
          before = ms;
        }
      },
    ),
  );
});

test('an earlier stamp is read as it stands', () => {
  const stamps = new NanosecondStamps();
  stamps.toMs(1_700_000_000_000_000_000n);
  expect(stamps.toMs(1_600_000_000_000_500_000n)).toBe(1_600_000_000_000.5);
});
