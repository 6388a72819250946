import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FieldScanner } from '../../../../src/quotes/table/scan.ts';

const COMMA = 44;
const scannerOf = (text: string) => new FieldScanner(new TextEncoder().encode(text), COMMA);

/** Decimal numbers as files write them: up to 25 digits on both sides, signs, exponents. */
const decimalText = fc
  .tuple(
    fc.constantFrom('', '-', '+'),
    fc.stringMatching(/^\d{0,25}$/),
    fc.option(fc.stringMatching(/^\d{0,25}$/), { nil: undefined }),
    fc.constantFrom('', '', '', 'e5', 'E-7', 'e+300', 'e-320', 'e'),
  )
  .map(
    ([sign, whole, decimals, exponent]) => `${sign}${whole}${decimals === undefined ? '' : `.${decimals}`}${exponent}`,
  )
  .filter((text) => text !== '' && text !== '-' && text !== '.');

describe('FieldScanner', () => {
  test('reads every decimal text exactly as Number does', () => {
    fc.assert(
      fc.property(decimalText, (text) => {
        expect(scannerOf(text).number()).toBe(Number(text));
      }),
      { numRuns: 5000 },
    );
  });

  test('reads every double back from its shortest and its fixed text', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.integer({ min: 0, max: 20 }), (value, decimals) => {
        expect(scannerOf(`${value},`).number()).toBe(Number(`${value}`));
        expect(scannerOf(value.toFixed(decimals)).number()).toBe(Number(value.toFixed(decimals)));
      }),
      { numRuns: 5000 },
    );
  });

  test('is exact at the edge of the fast path', () => {
    for (const text of ['9007199254740991', '9007199254740992', '9007199254740993', '0.029768000000000003', '-0']) {
      expect(scannerOf(text).number()).toBe(Number(text));
    }
  });

  test('tells no value from no number', () => {
    for (const text of ['', '  ', 'NaN', 'null', 'N/A', '""']) {
      const scanner = scannerOf(`${text},1`);
      expect(scanner.number()).toBeNaN();
      expect(scanner.blank).toBe(true);
    }
    const scanner = scannerOf('12x,1');
    expect(scanner.number()).toBeNaN();
    expect(scanner.blank).toBe(false);
  });

  test('walks over fields, quotes and both kinds of line end', () => {
    const scanner = scannerOf('1,"2",a "b",4\r\n5,"x,y",6\n');
    expect(scanner.number()).toBe(1);
    expect(scanner.nextField()).toBe(true);
    expect(scanner.number()).toBe(2);
    scanner.nextField();
    scanner.field();
    scanner.nextField();
    expect(scanner.number()).toBe(4);
    expect(scanner.nextField()).toBe(false);
    scanner.nextLine();
    expect(scanner.number()).toBe(5);
    scanner.nextField();
    scanner.field();
    expect(scanner.fieldEndExclusive - scanner.fieldStart).toBe(3);
    scanner.nextField();
    expect(scanner.number()).toBe(6);
    scanner.nextLine();
    expect(scanner.atEnd()).toBe(true);
  });

  test('reads nanoseconds to a quarter of a microsecond', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 10n ** 17n, max: 2n * 10n ** 18n }), (nanoseconds) => {
        const got = scannerOf(`${nanoseconds}`).nanosecondsAsMs();
        const rest = Number(nanoseconds - BigInt(Math.floor(got)) * 1_000_000n) / 1e6 - (got - Math.floor(got));
        expect(Math.abs(rest)).toBeLessThan(2.5e-4);
      }),
    );
  });
});
