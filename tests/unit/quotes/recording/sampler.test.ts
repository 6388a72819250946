import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QuoteSampler, REPEAT_MS, type SampledQuote } from '../../../../src/quotes/recording/sampler.ts';

const START = 1_700_000_000_000;

function quote(updateId: number, bid = updateId) {
  return { symbol: 'BTCUSDT', updateId, bid, bidSize: 1, ask: bid + 1, askSize: 1 };
}

function sampled(stepMs = 100) {
  const rows: SampledQuote[] = [];
  const sampler = new QuoteSampler(['BTCUSDT'], stepMs, (row) => rows.push(row));
  const advance = (nowMs: number, heardMs = nowMs) => sampler.advance(nowMs, heardMs);
  const shown = () => rows.map(({ timeMs, quote }) => [timeMs - START, quote.updateId]);
  return { sampler, advance, shown };
}

describe('sampling a live stream', () => {
  it('writes the last quote before each instant, and none where nothing changed', () => {
    const { sampler, advance, shown } = sampled();
    sampler.accept(quote(1), START + 10);
    sampler.accept(quote(2), START + 90);
    sampler.accept(quote(3), START + 310);
    advance(START + 1000);
    expect(shown()).toEqual([
      [100, 2],
      [400, 3],
    ]);
  });

  it('lets an update received at an instant prevail at it', () => {
    const { sampler, advance, shown } = sampled();
    sampler.accept(quote(1), START + 50);
    sampler.accept(quote(2), START + 100);
    advance(START + 150);
    expect(shown()).toEqual([[100, 2]]);
  });

  it('repeats a quote that stays every second, so that a longer gap means a lost connection', () => {
    const { sampler, advance, shown } = sampled();
    sampler.accept(quote(1), START + 100);
    advance(START + 2 * REPEAT_MS + 150);
    sampler.interrupt();
    advance(START + 60_000);
    sampler.accept(quote(2), START + 60_010);
    advance(START + 60_100);
    expect(shown()).toEqual([
      [100, 1],
      [1100, 1],
      [2100, 1],
      [60_100, 2],
    ]);
  });

  it('repeats nothing beyond the last sign of life, whatever the clock says', () => {
    const { sampler, advance, shown } = sampled();
    sampler.accept(quote(1), START + 100);
    advance(START + 9000, START + 2000);
    sampler.interrupt();
    expect(shown()).toEqual([
      [100, 1],
      [1100, 1],
    ]);
  });

  it('throws away and counts updates that are older than one received, until the connection is made anew', () => {
    const { sampler, advance, shown } = sampled();
    expect(sampler.accept(quote(5), START + 10)).toBe(true);
    expect(sampler.accept(quote(5), START + 20)).toBe(false);
    expect(sampler.accept(quote(4), START + 30)).toBe(false);
    expect(sampler.states()[0]).toMatchObject({ updates: 1, outOfSequence: 2 });
    sampler.interrupt();
    expect(sampler.accept(quote(1), START + 210)).toBe(true);
    advance(START + 300);
    expect(shown()).toEqual([
      [100, 5],
      [300, 1],
    ]);
  });

  it('ignores pairs that were not asked for', () => {
    const { sampler, advance, shown } = sampled();
    expect(sampler.accept({ ...quote(1), symbol: 'ETHUSDT' }, START)).toBe(false);
    advance(START + 500);
    expect(shown()).toEqual([]);
  });

  it('agrees with looking up the prevailing quote at every instant, whenever it is asked to write', () => {
    const steps = fc.array(fc.record({ waitMs: fc.integer({ min: 0, max: 700 }), tick: fc.boolean() }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(steps, fc.constantFrom(50, 100, 250), (given, stepMs) => {
        const { sampler, advance, shown } = sampled(stepMs);
        const updates: { atMs: number; id: number }[] = [];
        let nowMs = START;
        given.forEach(({ waitMs, tick }, id) => {
          nowMs += waitMs;
          if (tick) advance(nowMs - 1);
          else {
            sampler.accept(quote(id), nowMs);
            updates.push({ atMs: nowMs, id });
          }
        });
        const endMs = Math.floor(nowMs / stepMs) * stepMs;
        advance(endMs);
        const want: number[][] = [];
        for (let instant = START; instant <= endMs; instant += stepMs) {
          const id = updates.findLast(({ atMs }) => atMs <= instant)?.id;
          const before = want.at(-1);
          if (id === undefined) continue;
          if (before?.[1] !== id || instant - START - before[0]! >= REPEAT_MS) want.push([instant - START, id]);
        }
        expect(shown().filter(([atMs]) => atMs! <= endMs - START)).toEqual(want);
      }),
    );
  });
});
