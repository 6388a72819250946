import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../../../src/core/random.ts';
import { memoryJobStore } from '../../../../src/forecasts/jobStore.ts';
import { directBacktester } from '../../../../src/marketLine/backtester.ts';
import { assembleStudy } from '../../../../src/studies/figures/assemble.ts';
import { averageForecasts } from '../../../../src/studies/figures/beyond/compute.ts';
import { portfolioReturns, weightings, weightsBefore } from '../../../../src/studies/figures/beyond/portfolios.ts';
import { eigenOf } from '../../../../src/studies/figures/beyond/sharedRisk.ts';
import { correlationOf } from '../../../../src/studies/figures/correlation.ts';
import { fadingRate, halfLife } from '../../../../src/studies/figures/decay/halfLife.ts';
import { figureOf } from '../../../../src/studies/figures/results.ts';
import { delayOf, sharpeAtDelay } from '../../../../src/studies/figures/scaling/delays.ts';
import type { StudyManifest } from '../../../../src/studies/machine/studyManifest.ts';
import { nodeEnvironment, runSmall, smallManifest } from './support.ts';

const [dataSet] = smallManifest.data;
const { source } = dataSet!;
if (source.kind !== 'simulator') throw new Error('the small study is simulated');
const fading = {
  ...source.settings,
  days: 30,
  assets: source.settings.assets.slice(0, 1),
  signal: { ...source.settings.signal, decayPerWeek: 0.7 },
};
const whole: StudyManifest = {
  ...smallManifest,
  data: [...smallManifest.data, { id: 'fading', source: { kind: 'simulator', settings: fading }, grids: [] }],
  figures: [
    ...smallManifest.figures,
    {
      kind: 'scaling',
      data: 'market',
      models: ['one', 'two'],
      stepsMs: [1000, 2000],
      strideTicks: null,
      variants: null,
    },
    {
      kind: 'decay',
      data: 'fading',
      model: 'one',
      windowWeeks: 2,
      releases: [{ name: 'here', day: '2025-09-20' }],
      pretrainedUntil: null,
      fineTune: null,
    },
    { kind: 'beyond', data: 'market', models: ['one', 'two'] },
  ],
};

describe('all figures of a study', () => {
  test('come out the same from the same manifest, and from shards put together', async () => {
    const assemble = async (shards: number) => {
      const store = memoryJobStore();
      const environment = nodeEnvironment(store);
      let study: Awaited<ReturnType<typeof runSmall>>['study'] | undefined;
      for (let i = 1; i <= shards; i++) ({ study } = await runSmall(environment, whole, { index: i, count: shards }));
      return assembleStudy(study!, { provider: 'wasm', store, backtester: directBacktester });
    };
    const [one, three] = [await assemble(1), await assemble(3)];
    expect(JSON.stringify(three)).toBe(JSON.stringify(one));

    expect(one.figures.map(({ kind }) => kind)).toEqual(['market-line', 'lead-lag', 'scaling', 'decay', 'beyond']);
    const line = figureOf(one, 'market-line')!;
    expect(line.clouds.map(({ model }) => model)).toEqual(['one', 'two']);
    expect(line.clouds[0]!.points[0]!.returnsBps).toHaveLength(8);
    const lag = figureOf(one, 'lead-lag')!.curves[0]!;
    expect(lag.correlations).toHaveLength(7);
    for (const { value, low, high } of lag.correlations) {
      expect(low!).toBeLessThan(value!);
      expect(high!).toBeGreaterThan(value!);
    }
    const scaling = figureOf(one, 'scaling')!;
    expect(scaling.sizes).toHaveLength(4);
    const decay = figureOf(one, 'decay')!;
    const [course] = decay.courses;
    expect(decay.courses).toHaveLength(1);
    expect(course!.weekly).toHaveLength(6);
    expect(course!.windows).toHaveLength(5);
    expect(decay.planted!.halfLifeWeeks).toBeCloseTo(Math.LN2 / -Math.log(0.7), 10);
    // Who knows what was planted earns less and less of it, and more than a model of random weights.
    const planted = course!.windows.map((window) => window.planted!);
    expect(planted.at(-1)!).toBeLessThan(planted[0]!);
    const beyond = figureOf(one, 'beyond')!;
    expect(beyond.sharedRisk.componentShares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 10);
    expect(beyond.portfolios).toHaveLength(6);
  }, 120_000);
});

describe('half-life', () => {
  test('of an exact decay is found, and noise about it is covered by the interval', () => {
    const exact = Float64Array.from({ length: 20 }, (_, week) => 0.2 * 0.8 ** week);
    expect(Math.LN2 / fadingRate(Array.from(exact, (value, week) => [week, value] as const))).toBeCloseTo(
      Math.LN2 / -Math.log(0.8),
      3,
    );
    const random = new RandomStream(3, 'half-life');
    const found = halfLife(
      exact.map((value) => value + 0.01 * random.normal()),
      1,
    );
    expect(found.low!).toBeLessThan(3.106);
    expect(found.high!).toBeGreaterThan(3.106);
  });

  test('does not exist for what lasts, and is not told from too few weeks', () => {
    const growing = Float64Array.from({ length: 20 }, (_, week) => 0.1 + 0.01 * week);
    expect(halfLife(growing, 1).value).toBeNull();
    expect(halfLife([1, 0.5, 0.25], 1)).toEqual({ value: null, low: null, high: null });
  });
});

test('the oracle of linear algebra: eigenvectors reproduce their matrix', () => {
  const matrix = [
    [2, 0.5, 0.1],
    [0.5, 1, -0.3],
    [0.1, -0.3, 0.7],
  ];
  const found = eigenOf(matrix);
  matrix.forEach((row, i) => {
    row.forEach((value, j) => {
      const again = found.reduce((sum, each) => sum + each.value * each.vector[i]! * each.vector[j]!, 0);
      expect(again).toBeCloseTo(value, 12);
    });
  });
  expect(found[0]!.value).toBeGreaterThan(found[1]!.value);
  expect(correlationOf([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 12);
  expect(correlationOf([1, 1, 1], [2, 4, 6])).toBeNull();
});

test('portfolio weights add up to one and know nothing of the day they are for', () => {
  const random = new RandomStream(5, 'portfolio');
  const assets = [1, 2, 5].map((scale) => Float64Array.from({ length: 40 }, () => scale * random.normal()));
  for (const weighting of weightings) {
    const weights = weightsBefore(assets, 30, weighting);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    const changed = assets.map((own) => own.map((value, d) => (d >= 30 ? 99 : value)));
    expect(weightsBefore(changed, 30, weighting)).toEqual(weights);
    expect(portfolioReturns(changed, weighting).slice(0, 30)).toEqual(portfolioReturns(assets, weighting).slice(0, 30));
  }
  const [calm, , wild] = weightsBefore(assets, 40, 'inverse variance');
  expect(calm! / wild!).toBeGreaterThan(10);
});

test('a latency becomes the first tick at which the forecast is there', () => {
  expect([0.2, 1000, 1001, 2500].map((latency) => delayOf(latency, 1000))).toEqual([1, 1, 2, 3]);
  const figure = { delaysTicks: [1, 2, 4] };
  expect([1, 2, 3, 4, 5].map((delay) => sharpeAtDelay(figure, [4, 2, 0], delay))).toEqual([4, 2, 1, 0, null]);
});

test('averaged forecasts are missing where one is', () => {
  const of = (values: number[]) => [{ symbol: 'A', variants: 0, predictedMid: Float64Array.from(values) }];
  expect(averageForecasts([of([1, 2, Number.NaN]), of([3, 4, 5])])[0]!.predictedMid).toEqual(
    Float64Array.of(2, 3, Number.NaN),
  );
});
