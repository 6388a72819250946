import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../../src/core/random.ts';
import { formOf, type Headline, headlineOf } from '../../../src/marketLine/headline.ts';
import type { MarketLineResult } from '../../../src/marketLine/marketLineResult.ts';
import { maskPanel } from '../../../src/risk/resampling/maskCloud.ts';
import { defaultTwoWay, twoWayInference } from '../../../src/risk/resampling/twoWay.ts';
import { plantedResult } from '../runs/plantedResult.ts';

const plain = { configurations: 12, variants: 8, days: 60, sharpePerDay: 0.3, seed: 1 };

function found(headline: Awaited<ReturnType<typeof headlineOf>>): Headline {
  if ('code' in headline) throw new Error(headline.message);
  return headline;
}

/** Each variant's returns are moved by a constant of its own, the same in every period. */
function withLasting(result: MarketLineResult, size: number): MarketLineResult {
  const { periodReturns, variants, periods } = result;
  const moved = periodReturns.slice();
  result.configurations.forEach((point, c) => {
    for (let k = 1; k <= variants; k++) {
      const stream = new RandomStream(5, 'test/lasting', k);
      const shift = size * (point.sigmaBps.aleatory / 1e4) * stream.normal();
      for (let t = 0; t < periods.length; t++) {
        const at = (c * (variants + 1) + k) * periods.length + t;
        moved[at] = moved[at]! + shift;
      }
    }
  });
  return { ...result, periodReturns: moved };
}

describe('the headline of a market line', () => {
  test('the planted slope lies in its interval, eq. 7 is not rejected, and the corrected σ is the one shown', async () => {
    const headline = found(await headlineOf(await plantedResult(plain), 1));
    expect(headline.form).toBe('corrected');
    const { through, slope, intercept } = formOf(headline);
    expect(through.twoWay!.low).toBeLessThan(0.3);
    expect(through.twoWay!.high).toBeGreaterThan(0.3);
    expect(slope.twoWay!.high - slope.twoWay!.low).toBeGreaterThan(through.twoWay!.high - through.twoWay!.low);
    const shape = headline.shapes.corrected;
    if ('code' in shape) throw new Error(shape.message);
    expect(shape.intercept.pValue).toBeGreaterThan(0.05);
    expect(intercept.twoWay!.low).toBeLessThan(intercept.twoWay!.high);
    expect(headline.kCurve).toHaveLength(8);
    // Averaging over more variants alone lowers plug-in σ.
    expect(headline.kCurve[7]!.throughRiskFreeMean).toBeGreaterThan(headline.kCurve[0]!.throughRiskFreeMean);
  });

  test('variants that differ lastingly widen the two-way interval, not the one given these variants', async () => {
    const result = await plantedResult(plain);
    const [without, lasting] = await Promise.all([headlineOf(result, 1), headlineOf(withLasting(result, 0.4), 1)]);
    const width = (headline: Headline, kind: 'twoWay' | 'days') => {
      const interval = formOf(headline).through[kind]!;
      return interval.high - interval.low;
    };
    expect(width(found(lasting), 'twoWay')).toBeGreaterThan(1.3 * width(found(lasting), 'days'));
    expect(width(found(lasting), 'days')).toBeLessThan(1.3 * width(found(without), 'days'));
    expect(found(lasting).lastingShare).toBeGreaterThan(found(without).lastingShare! + 0.05);
  });

  test('an intercept that is not r_f is found', async () => {
    const result = await plantedResult(plain);
    const shifted = { ...result, periodReturns: result.periodReturns.map((value) => value - 0.02) };
    const shape = found(await headlineOf(shifted, 1)).shapes.corrected;
    if ('code' in shape) throw new Error(shape.message);
    expect(shape.intercept.pValue).toBeLessThan(0.01);
  });

  test('one variant has a line given that variant, and no two-way interval', async () => {
    const result = await plantedResult(plain);
    const cells = result.variants + 1;
    const one = {
      ...result,
      variants: 1,
      periodReturns: result.periodReturns.filter((_, i) => Math.floor(i / result.periods.length) % cells < 2),
    };
    const headline = found(await headlineOf(one, 1));
    expect(headline.form).toBe('plugIn');
    expect(formOf(headline).through).toMatchObject({ twoWay: null, maskError: null });
    expect(formOf(headline).through.days).not.toBeNull();
    expect(headline.lastingShare).toBeNull();
  });

  test('fewer than five days, and configurations that all risk the same, are said', async () => {
    const few = await headlineOf(await plantedResult({ ...plain, days: 4 }), 1);
    expect(few).toMatchObject({ code: 'risk/too-few-days' });
    const result = await plantedResult(plain);
    const block = result.periodReturns.slice(0, (result.variants + 1) * result.periods.length);
    const same = { ...result, periodReturns: result.periodReturns.map((_, i) => block[i % block.length]!) };
    expect(await headlineOf(same, 1)).toMatchObject({ code: 'risk/no-spread' });
    const idle = { ...result, configurations: result.configurations.map((point) => ({ ...point, traded: false })) };
    expect(await headlineOf(idle, 1)).toMatchObject({ code: 'risk/too-few-points' });
  });

  test('a run that is cancelled stops soon', async () => {
    const { periodReturns, variants, periods } = await plantedResult(plain);
    const panel = maskPanel({
      returns: periodReturns,
      rows: variants + 1,
      periods: periods.length,
      firstVariant: 1,
    });
    const controller = new AbortController();
    const options = { ...defaultTwoWay, replicates: 1e6, riskFreePerPeriod: 0, seed: 1 };
    const running = twoWayInference(panel, options, undefined, controller.signal);
    setTimeout(() => controller.abort(), 100);
    await expect(running).rejects.toThrow('abort');
  });
});
