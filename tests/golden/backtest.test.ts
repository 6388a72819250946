import { describe, expect, test } from 'vitest';
import { backtest } from '../../src/strategy/backtest.ts';
import type { StrategyConfig } from '../../src/strategy/config.ts';
import type { Trade } from '../../src/strategy/types.ts';
import { GoldenComparison } from '../support/golden.ts';
import { sharedFiles, sharedPresent, sharedText } from '../support/shared.ts';

interface BacktestCase {
  readonly config: StrategyConfig;
  /** [T] session number of each tick */
  readonly session: readonly number[];
  readonly bid: readonly number[];
  readonly ask: readonly number[];
  readonly predictedMid: readonly (number | null)[];
  readonly expected: { readonly dailyReturns: readonly number[]; readonly trades: readonly Trade[] };
}

describe.skipIf(!sharedPresent)('backtest against the reference trades', () => {
  test('there are cases', () => {
    expect(sharedFiles('golden/backtest').length).toBeGreaterThan(0);
  });

  test.for(sharedFiles('golden/backtest'))('%s', (file, context) => {
    const golden = JSON.parse(sharedText(`golden/backtest/${file}`)) as BacktestCase;
    const { session, expected } = golden;
    const market = {
      bid: Float64Array.from(golden.bid),
      ask: Float64Array.from(golden.ask),
      sessionStarts: Int32Array.from(session.flatMap((s, k) => (k === 0 || s !== session[k - 1] ? [k] : []))),
    };
    const prediction = Float64Array.from(golden.predictedMid, (value) => value ?? Number.NaN);
    const result = backtest(market, prediction, golden.config, { trades: true });

    const timing = (trades: readonly Trade[]) =>
      trades.map(({ side, entryTick, exitTick, reason }) => ({ side, entryTick, exitTick, reason }));
    expect(timing(result.trades!)).toEqual(timing(expected.trades));

    const comparison = new GoldenComparison(context, 'golden/backtest', 'typescript');
    comparison.array('dailyReturns', result.periodReturns, expected.dailyReturns, 1e-12);
    result.trades!.forEach((trade, i) => {
      const want = expected.trades[i]!;
      comparison.number(`trade ${i} entryPrice`, trade.entryPrice, want.entryPrice, 0);
      comparison.number(`trade ${i} exitPrice`, trade.exitPrice, want.exitPrice, 0);
      comparison.number(`trade ${i} netReturn`, trade.netReturn, want.netReturn, 1e-12);
    });
    comparison.finish();
  });
});
