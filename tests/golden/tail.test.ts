import { describe, expect, test } from 'vitest';
import { riskFreeAPeriod } from '../../src/risk/moments/performance.ts';
import { tailMeasures } from '../../src/risk/tails/tails.ts';
import { GoldenComparison } from '../support/golden.ts';
import { sharedFiles, sharedPresent, sharedText } from '../support/shared.ts';

type Expected = Readonly<Record<string, number | Readonly<Record<string, number>>>>;

interface TailCase {
  /** [T] */
  readonly returns: readonly number[];
  /** Per period; the paper's 5 % a year where a case does not say. */
  readonly riskFree?: number;
  readonly expected: Expected;
}

const PERIODS = 252;
/** Relative to the expected value: only the order of summation differs. */
const CLOSED_FORM = 1e-9;

describe.skipIf(!sharedPresent)('tail measures against SciPy and empyrical', () => {
  test('there are cases', () => {
    expect(sharedFiles('golden/tail').length).toBeGreaterThan(0);
  });

  test.for(sharedFiles('golden/tail'))('%s', (file, context) => {
    const { returns, riskFree, expected } = JSON.parse(sharedText(`golden/tail/${file}`)) as TailCase;
    const comparison = new GoldenComparison(context, 'golden/tail', 'typescript');
    const got = new Map<string, unknown>(
      Object.entries(tailMeasures(returns, riskFree ?? riskFreeAPeriod(0.05, PERIODS), PERIODS)),
    );
    const compare = (name: string, mine: unknown, want: number) =>
      comparison.number(name, typeof mine === 'number' ? mine : Number.NaN, want, CLOSED_FORM * Math.abs(want));
    for (const [name, want] of Object.entries(expected)) {
      const mine = got.get(name);
      if (typeof want === 'number') compare(name, mine, want);
      else {
        const parts = new Map(Object.entries(mine ?? {}));
        for (const [part, value] of Object.entries(want)) compare(`${name}.${part}`, parts.get(part), value);
      }
    }
    comparison.finish();
  });
});
