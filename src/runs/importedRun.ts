/**
 * A run that was saved as JSON (`runJson`), read back. The file is from outside: its shape is checked, and what can be computed from the returns
 * in it is computed again and held against what it says.
 */

import * as v from 'valibot';
import { fail } from '../core/errors.ts';
import {
  type ConfigurationSummary,
  figuresOf,
  fitsOf,
  type MarketLineSummary,
} from '../marketLine/marketLineResult.ts';
import { naiveFit } from '../marketLine/naiveLines.ts';
import type { ReturnPeriod } from '../marketLine/periods.ts';
import { type NaiveId, naiveIds } from '../strategy/naive.ts';
import { parseManifest, type RunManifest } from './runManifest.ts';
import { configurationsOf } from './settings.ts';

export interface ImportedRun {
  readonly manifest: RunManifest;
  /** Everything but the intervals, which are drawn again from the same seed. */
  readonly summary: MarketLineSummary;
  readonly model: ImportedModel;
}

/** What the page says about a model beside its name and hashes. */
export interface ImportedModel {
  readonly title: string;
  readonly parameters: number;
  readonly contextLength: number;
  readonly horizon: number;
}

/** JSON has no NaN and no infinity: they come as null. */
const number = v.union([
  v.number(),
  v.pipe(
    v.null(),
    v.transform(() => Number.NaN),
  ),
]);
const numberOrNull = v.nullable(v.number());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const configuration = v.object({
  costsBps: v.object({ gross: number, spread: number, slippage: number, fees: number }),
  activity: v.object({
    hitRate: numberOrNull,
    holdingTicks: numberOrNull,
    exposure: number,
    turnoverPerPeriod: number,
  }),
  meanBps: number,
  sharpe: numberOrNull,
  tradesPerPeriod: number,
  traded: v.boolean(),
});

const naivePoint = v.object({
  index: count,
  meanBps: number,
  sigmaBps: number,
  sharpe: numberOrNull,
  traded: v.boolean(),
});

const isNaive = (id: unknown): id is NaiveId => naiveIds.some((each) => each === id);

const schema = v.object({
  manifest: v.unknown(),
  model: v.optional(v.object({ title: v.string(), parameters: number, contextLength: count, horizon: count })),
  result: v.object({
    symbols: v.pipe(v.array(v.string()), v.minLength(1)),
    period: v.picklist(['day', 'session', 'hour'] satisfies ReturnPeriod[]),
    periods: v.pipe(v.array(v.string()), v.minLength(2)),
    variants: v.pipe(v.number(), v.integer(), v.minValue(1)),
    configurations: v.array(configuration),
    periodReturns: v.array(v.number()),
    tradeCounts: v.array(count),
    naive: v.array(v.object({ id: v.custom<NaiveId>(isNaive), points: v.array(naivePoint) })),
    riskFreePerPeriod: v.number(),
    periodsPerYear: v.pipe(v.number(), v.minValue(1)),
    missingAssetPeriods: count,
    notFinite: v.exactOptional(v.object({ byVariant: v.array(count), due: count })),
    warnings: v.array(v.string()),
  }),
});

/** @throws UserError with what is wrong and where */
export function readRunFile(text: string, where: string): ImportedRun {
  const parsed = v.safeParse(schema, jsonOf(text, where));
  if (!parsed.success) {
    const issue = parsed.issues[0];
    return refuse(where, `It has no usable “${v.getDotPath(issue) ?? 'content'}”: ${issue.message}.`);
  }
  const { manifest: claimed, result, model } = parsed.output;
  const manifest = parseManifest(claimed);
  const configs = configurationsOf(manifest.settings);
  const [rows, periods] = [result.variants + 1, result.periods.length];
  const cells = configs.length * rows;
  if (result.configurations.length !== configs.length) {
    return refuse(
      where,
      `Its settings make ${configs.length} configurations, but it has results of ${result.configurations.length}.`,
    );
  }
  if (result.periodReturns.length !== cells * periods || result.tradeCounts.length !== cells * result.symbols.length) {
    return refuse(where, 'It does not have a return for each configuration, variant and period.');
  }
  const periodReturns = Float64Array.from(result.periodReturns);
  const configurations = configs.map((config, index): ConfigurationSummary => {
    const { sharpe, meanBps, ...told } = result.configurations[index]!;
    const block = periodReturns.subarray(index * rows * periods, (index + 1) * rows * periods);
    const figures = figuresOf(block, result.variants, periods);
    const found = figures.meanBps;
    if (Math.abs(found - meanBps) > 1e-6 * Math.max(1, Math.abs(found))) {
      refuse(
        where,
        `Configuration ${index} is said to earn ${meanBps} bps, but its returns have a mean of ${found}: the file was changed.`,
      );
    }
    return { ...told, index, config, sharpe, ...figures };
  });
  const { riskFreePerPeriod, periodsPerYear } = result;
  const naive = result.naive.map(({ id, points }) => ({
    id,
    points,
    fit: naiveFit(points, riskFreePerPeriod, periodsPerYear),
  }));
  const summary: MarketLineSummary = {
    ...result,
    configurations,
    periodReturns,
    tradeCounts: Int32Array.from(result.tradeCounts),
    fits: fitsOf(configurations, riskFreePerPeriod, periodsPerYear),
    naive,
    exceedsDeterministicCount: configurations.filter((point) => point.exceedsDeterministic).length,
    notTradedCount: configurations.filter((point) => !point.traded).length,
  };
  const { family } = manifest.model;
  return {
    manifest,
    summary,
    model: model ?? { title: family, parameters: Number.NaN, contextLength: 0, horizon: 0 },
  };
}

function jsonOf(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse(where, 'It is not JSON, or not all of it is there.');
  }
}

function refuse(where: string, reason: string): never {
  return fail('study/import', `This file cannot be imported. ${reason}`, {
    where,
    hint: 'Use a run that PML Lab saved as JSON (“Save run as JSON”).',
  });
}
