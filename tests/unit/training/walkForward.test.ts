import { describe, expect, it } from 'vitest';
import { toProblem } from '../../../src/core/errors.ts';
import { refuseLookAhead, refuseOverlap } from '../../../src/training/fineTuning/leakGuard.ts';
import { prepareFineTuning } from '../../../src/training/fineTuning/prepare.ts';
import { readWindow, type WindowReader, windowsIn } from '../../../src/training/fineTuning/quoteWindows.ts';
import { backtestGrid, type TimeRange, walkForward } from '../../../src/training/fineTuning/walkForward.ts';
import { shortSettings, smallMarket, smallModel } from '../../support/fineTuning.ts';

const grids = smallMarket(5);
const settings = shortSettings();
const model = await smallModel();
const shape = { model: model.architecture.shape, ahead: 8, strideTicks: 1 };

describe('walk-forward ranges', () => {
  it('follow each other with the embargo between them, and begin where sessions do', () => {
    const { training, validation, backtest, embargoMs } = walkForward(grids, settings);
    expect(embargoMs).toBe(10_000);
    expect(training.endExclusiveMs).toBe(validation.startMs - embargoMs);
    expect(validation.endExclusiveMs).toBe(backtest.startMs - embargoMs);
    const starts = [...grids[0]!.sessionStarts].map((start) => grids[0]!.timeMs[start]);
    expect(starts).toContain(validation.startMs);
    expect(starts).toContain(backtest.startMs);
  });

  it('hold a session each, however few there are', () => {
    for (const trainingShare of [0.05, 0.5, 0.9]) {
      const { training, validation, backtest } = walkForward(smallMarket(3), {
        ...settings,
        trainingShare,
        validationShare: 0.05,
      });
      expect(training.endExclusiveMs).toBeGreaterThan(training.startMs);
      expect(validation.endExclusiveMs).toBeGreaterThan(validation.startMs);
      expect(backtest.startMs).toBeGreaterThan(validation.endExclusiveMs);
      expect(backtestGrid(smallMarket(3)[0]!, backtest)).toBeDefined();
    }
  });

  it('divide a single session by time', () => {
    const { training, validation, backtest } = walkForward(smallMarket(1), settings);
    expect(training.startMs).toBeLessThan(training.endExclusiveMs);
    expect(training.endExclusiveMs).toBeLessThan(validation.startMs);
    expect(validation.endExclusiveMs).toBeLessThan(backtest.startMs);
  });

  it('keep to the days chosen', () => {
    const [, second, third] = grids[0]!.sessionDays;
    const { training, backtest } = walkForward(grids, { ...settings, firstDay: second!, lastDay: third! });
    expect(training.startMs).toBe(grids[0]!.timeMs[grids[0]!.sessionStarts[1]!]);
    expect(backtest.startMs).toBeLessThan(grids[0]!.timeMs[grids[0]!.sessionStarts[3]!]!);
  });

  it('end with the last day chosen, the backtest too: neither windows nor what may be traded lie beyond', async () => {
    const [first, , third] = grids[0]!.sessionDays;
    const days = { ...settings, firstDay: first!, lastDay: third! };
    const { backtest } = walkForward(grids, days);
    const nextSessionMs = grids[0]!.timeMs[grids[0]!.sessionStarts[3]!]!;
    expect(backtest.endExclusiveMs).toBeLessThan(nextSessionMs);
    const set = windowsIn(grids, backtest, shape);
    expect(set.places.length).toBeGreaterThan(0);
    expect(set.lastReadMs).toBeLessThan(backtest.endExclusiveMs);
    const left = backtestGrid(grids[0]!, backtest)!;
    expect(left.timeMs.at(-1)).toBe(grids[0]!.timeMs[grids[0]!.sessionStarts[3]! - 1]);
    expect(left.sessionDays.at(-1)).toBe(third);
    expect(left.sessionStarts).toHaveLength(left.sessionDays.length);
    const { plan } = await prepareFineTuning(model, grids, days);
    expect(plan.backtestEndMs).toBe(backtest.endExclusiveMs);
    expect(plan.backtestWindows).toBe(
      windowsIn(grids, backtest, { ...shape, strideTicks: days.strideTicks }).places.length,
    );
  });

  it('cannot be made by hand, and windows of another role cannot be trained on', () => {
    const byHand = { role: 'training', startMs: 0, endExclusiveMs: 1 } as const;
    // @ts-expect-error A range is made by walkForward alone.
    const refused: TimeRange<'training'> = byHand;
    const backtest = windowsIn(grids, walkForward(grids, settings).backtest, shape);
    // @ts-expect-error A backtest's windows are no training windows.
    const mistaken: ReturnType<typeof windowsIn<'training'>> = backtest;
    expect([refused, mistaken]).toHaveLength(2);
  });

  it('leave to backtests what comes after, in whole or shortened sessions', () => {
    const { backtest } = walkForward(smallMarket(1), settings);
    const [grid] = smallMarket(1);
    const left = backtestGrid(grid!, backtest)!;
    expect(left.timeMs[0]).toBeGreaterThanOrEqual(backtest.startMs);
    expect(left.timeMs.at(-1)).toBe(grid!.timeMs.at(-1));
    expect([...left.sessionStarts]).toEqual([0]);
    expect(left.sessionDays).toHaveLength(1);
    expect(
      backtestGrid(grid!, { startMs: Number.MAX_VALUE, endExclusiveMs: Number.POSITIVE_INFINITY }),
    ).toBeUndefined();
  });
});

describe('training windows', () => {
  it('read nothing outside of their range, however the quotes go on', () => {
    const { training } = walkForward(grids, settings);
    const set = windowsIn(grids, training, shape);
    expect(set.lastReadMs).toBeLessThan(training.endExclusiveMs);
    for (const { asset, tick } of set.places) {
      expect(grids[asset]!.timeMs[tick - 31]).toBeGreaterThanOrEqual(training.startMs);
      expect(grids[asset]!.timeMs[tick + 8]).toBeLessThan(training.endExclusiveMs);
    }
    expect(() => refuseLookAhead(grids, set, readWindow)).not.toThrow();
  });

  it('never cross a session or a gap', () => {
    const [grid] = grids;
    const gap = 100;
    const bid = grid!.bid.with(gap, Number.NaN);
    const { training } = walkForward([grid!], settings);
    const { places } = windowsIn([{ ...grid!, bid }], training, shape);
    expect(places.every(({ tick }) => tick + 8 < gap || tick - 31 > gap)).toBe(true);
    const whole = windowsIn([grid!], training, shape).places;
    expect(whole.every(({ tick }) => (tick - 31) % 240 <= 240 - 40)).toBe(true);
  });
});

describe('the guard against look-ahead', () => {
  const refusal = (work: () => void) => {
    try {
      work();
      return undefined;
    } catch (caught) {
      return toProblem(caught).code;
    }
  };

  it('sees a feature that is scaled by a statistic of the whole grid', async () => {
    const leaky: WindowReader = (columns, tick, ahead, of) => {
      const mean = columns.mids.reduce((sum, mid) => sum + mid, 0) / columns.mids.length;
      const window = readWindow(columns, tick, ahead, of);
      return { ...window, context: window.context.map((value) => value / mean) };
    };
    const set = windowsIn(grids, walkForward(grids, settings).training, shape);
    expect(refusal(() => refuseLookAhead(grids, set, leaky))).toBe('training/look-ahead');
    await expect(prepareFineTuning(model, grids, settings, leaky)).rejects.toMatchObject({
      problem: { code: 'training/look-ahead' },
    });
  });

  it('sees a target that reaches a few ticks beyond the range', () => {
    const leaky: WindowReader = (columns, tick, ahead, of) => readWindow(columns, tick + 4, ahead, of);
    // One session: its training range ends in the middle, so that what follows is there to be read.
    const day = smallMarket(1);
    const set = windowsIn(day, walkForward(day, settings).training, shape);
    expect(refusal(() => refuseLookAhead(day, set, leaky))).toBe('training/look-ahead');
  });

  it('sees ranges that reach into each other', () => {
    const split = walkForward(grids, settings);
    const validated = windowsIn(grids, split.validation, shape);
    const late = { lastReadMs: split.validation.startMs };
    expect(refusal(() => refuseOverlap(split, late, validated))).toBe('training/look-ahead');
    expect(refusal(() => refuseOverlap(split, windowsIn(grids, split.training, shape), validated))).toBeUndefined();
  });
});
