import { describe, expect, test } from 'vitest';
import { evaluateModels, evaluateSeries } from '../../src/analysis/forecastEvaluation/evaluate.ts';
import { breakEvenOf, capacityOf } from '../../src/analysis/spanning/costs.ts';
import { spanningOf } from '../../src/analysis/spanning/regressions.ts';
import {
  calibrationOf,
  partsCorrelation,
  splitEntropy,
  splitVariance,
  temperatureOf,
  uncertaintyMeans,
} from '../../src/risk/decomposition/gaussianUncertainty.ts';
import { normalFit, piecewiseLinear, quantileMoments } from '../../src/risk/decomposition/quantileUncertainty.ts';
import { deflateBest, testMany } from '../../src/risk/inference/manyStrategies.ts';
import { sharpeConventions, sharpeInference } from '../../src/risk/inference/sharpe.ts';
import { sharpeDifference } from '../../src/risk/inference/sharpeDifference.ts';
import { mean } from '../../src/risk/moments/statistics.ts';
import { sharedFiles, sharedPresent } from '../support/shared.ts';
import { compareStatistics, readCase, type StatisticsCase } from '../support/statisticsCase.ts';

type Rows = readonly (readonly number[])[];
type Missing = readonly (number | null)[];

const numbers = (values: Missing) => Float64Array.from(values, (value) => value ?? Number.NaN);

interface ForecastCase extends StatisticsCase {
  readonly horizonRows: number;
  readonly series: readonly {
    readonly model: string;
    readonly asset: string;
    readonly day: readonly number[];
    readonly surpriseBps: Missing;
    readonly realisedBps: Missing;
    readonly quantilesBps: readonly (Missing | null)[] | null;
  }[];
}

interface SharpeCase extends StatisticsCase {
  readonly riskFreeDaily: number;
  readonly periodsPerYear: number;
  readonly confidence: number;
  readonly benchmarkSharpe: number;
  readonly blockDays: number;
  readonly returns: Rows;
  readonly variants: Rows;
  readonly pairs: readonly (readonly [number, number])[];
  readonly indices: Rows;
}

interface SpanningCase extends StatisticsCase {
  readonly periodsPerYear: number;
  readonly strategies: Rows;
  readonly benchmarks: Rows;
  readonly market: readonly number[];
  readonly factorNames: readonly string[];
  readonly turnover: readonly Rows[];
  readonly costBps: number;
  readonly impactCoefficientY: number;
  readonly dayVolatility: readonly number[];
  readonly dayVolumeNotional: readonly number[];
}

interface DecompositionCase extends StatisticsCase {
  readonly levels: readonly number[];
  readonly mean: Rows;
  readonly stdev: Rows;
  readonly realised: Missing;
  readonly quantiles: readonly Rows[];
}

describe.skipIf(!sharedPresent)('statistics against the reference cases', () => {
  test.each(['forecast-eval', 'sharpe-inference', 'spanning', 'decomposition'])('there are cases of %s', (kind) => {
    expect(sharedFiles(`golden/${kind}`).length).toBeGreaterThan(0);
  });

  test.for(sharedFiles('golden/forecast-eval'))('forecast-eval %s', (file, context) => {
    const one = readCase<ForecastCase>('golden/forecast-eval', file);
    const series = one.series.map((part) => ({
      ...part,
      surpriseBps: numbers(part.surpriseBps),
      realisedBps: numbers(part.realisedBps),
      quantilesBps: part.quantilesBps && numbers(part.quantilesBps.flatMap((row) => row ?? new Array(9).fill(null))),
    }));
    const evaluated = series.map((part) => evaluateSeries(part, one.horizonRows));
    compareStatistics(context, 'golden/forecast-eval', one, {
      series: evaluated,
      models: evaluateModels(series, evaluated),
    });
  });

  test.for(sharedFiles('golden/sharpe-inference'))('sharpe-inference %s', (file, context) => {
    const one = readCase<SharpeCase>('golden/sharpe-inference', file);
    const { riskFreeDaily: riskFree, periodsPerYear, benchmarkSharpe, confidence, returns } = one;
    const orders = one.indices.map((row) => Int32Array.from(row));
    const draws = { count: orders.length, blockPeriods: one.blockDays, orderOf: (b: number) => orders[b]! };
    const daily = sharpeConventions(one.variants, riskFree);
    const annual = Object.fromEntries(
      Object.entries(daily).map(([name, value]) => [name, value && value * Math.sqrt(periodsPerYear)]),
    );
    const many = testMany(
      returns.map((row) => row.map((value) => value - riskFree)),
      draws,
    );
    const deflated = deflateBest(returns, riskFree, confidence, draws);
    const strategies = returns.map((row) =>
      sharpeInference(row, { riskFree, periodsPerYear, benchmarkSharpe, confidence }),
    );
    compareStatistics(context, 'golden/sharpe-inference', one, {
      lag: strategies.find((strategy) => strategy)?.stdErr.loHac.lag,
      conventions: { daily, annual },
      strategies,
      pairs: one.pairs.map(([i, j]) => sharpeDifference(returns[i]!, returns[j]!, riskFree, periodsPerYear, draws)),
      many: many && {
        ...many,
        strategies: many.used.length,
        romanoWolf: { ...many.romanoWolf, strategies: many.used },
        deflated: deflated && {
          ...deflated,
          expectedBestAnnual: {
            textbook: deflated.textbook.expectedBest * Math.sqrt(periodsPerYear),
            bootstrap: deflated.bootstrap.expectedBest * Math.sqrt(periodsPerYear),
          },
        },
      },
    });
  });

  test.for(sharedFiles('golden/spanning'))('spanning %s', (file, context) => {
    const one = readCase<SpanningCase>('golden/spanning', file);
    const factors = [...one.benchmarks, one.market].map((values, j) => ({
      name: one.factorNames[j]!,
      returns: values,
    }));
    const liquidity = one.dayVolatility.map((dayVolatility, a) => ({
      dayVolatility,
      dayVolumeNotional: one.dayVolumeNotional[a]!,
    }));
    compareStatistics(context, 'golden/spanning', one, {
      ...spanningOf(one.strategies, factors, one.periodsPerYear),
      breakEven: one.strategies.map((gross, i) => breakEvenOf(gross, one.turnover[i]!, one.costBps)),
      capacity: one.strategies.map((gross, i) =>
        capacityOf(gross, one.turnover[i]!, one.costBps, one.impactCoefficientY, liquidity),
      ),
    });
  });

  test.for(sharedFiles('golden/decomposition'))('decomposition %s', (file, context) => {
    const one = readCase<DecompositionCase>('golden/decomposition', file);
    const realised = numbers(one.realised);
    const rows = splitVariance(
      one.mean,
      one.stdev.map((row) => Float64Array.from(row, (s) => s * s)),
    );
    const entropy = splitEntropy(one.mean, one.stdev);
    const piecewise = quantileMoments(one.quantiles, one.levels, piecewiseLinear);
    const normal = quantileMoments(one.quantiles, one.levels, normalFit);
    const split = ({ means, variances }: typeof normal) => {
      const parts = splitVariance(means, variances);
      return {
        rows: parts,
        means: uncertaintyMeans(parts),
        rankCorrelation: partsCorrelation(parts.aleatory, parts.epistemic),
      };
    };
    compareStatistics(context, 'golden/decomposition', one, {
      gaussian: {
        rows: { ...rows, ...entropy },
        means: {
          ...uncertaintyMeans(rows),
          entropyTotal: mean(entropy.entropyTotal),
          entropyAleatory: mean(entropy.entropyAleatory),
          mutualInformation: mean(entropy.mutualInformation),
        },
        rankCorrelation: {
          variance: partsCorrelation(rows.aleatory, rows.epistemic),
          entropy: partsCorrelation(entropy.entropyAleatory, entropy.mutualInformation),
        },
        calibrationRows: realised.filter(Number.isFinite).length,
        calibration: calibrationOf(one.mean, one.stdev, realised),
        temperature: temperatureOf(one.mean, one.stdev, realised),
      },
      quantile: {
        piecewiseLinear: split(piecewise),
        normalFit: split(normal),
        crossedRows: normal.crossedRows,
      },
    });
  });
});
