/** What every figure is made from: the resolved study, the forecasts of its jobs, and a way to backtest. */

import type { Forecasts, Grid } from '../../core/types.ts';
import type { Backtester } from '../../marketLine/backtester.ts';
import type { MarketLineResult } from '../../marketLine/marketLineResult.ts';
import type { ModelCard } from '../../models/types.ts';
import { marketLineOf } from '../../runs/run.ts';
import type { RunSettings } from '../../runs/settings.ts';
import type { DataSet } from '../machine/dataSets.ts';
import { settingsAt } from '../machine/settingsAt.ts';
import type { Gather } from '../machine/wanted.ts';

/** What figures see of a study: its settings, quotes and models. */
export interface FiguredStudy {
  readonly manifest: {
    readonly settings: RunSettings;
    readonly data: readonly Pick<DataSet, 'id' | 'source'>[];
  };
  readonly gridsOf: (data: string, stepMs: number) => readonly Grid[];
  readonly cardOf: (model: string) => ModelCard;
}

export interface FigureContext {
  readonly study: FiguredStudy;
  readonly gather: Gather;
  readonly backtester: Backtester;
  readonly signal?: AbortSignal;
}

/** The market line of one model on one set of quotes; `change` are settings of execution that need no other forecasts. */
export async function lineOfModel(
  context: FigureContext,
  data: string,
  stepMs: number,
  model: string,
  change: Partial<RunSettings> = {},
): Promise<MarketLineResult> {
  const { forecasts } = await context.gather({ data, stepMs, model });
  return lineOfForecasts(context, data, stepMs, forecasts, change);
}

/** The same for forecasts at hand. */
export function lineOfForecasts(
  { study, backtester, signal }: FigureContext,
  data: string,
  stepMs: number,
  forecasts: readonly Forecasts[],
  change: Partial<RunSettings> = {},
): Promise<MarketLineResult> {
  const settings = { ...settingsAt(study.manifest, stepMs), ...change };
  return marketLineOf({
    grids: study.gridsOf(data, stepMs),
    forecasts,
    backtester,
    settings,
    ...(signal && { signal }),
  });
}

/** [C][D] returns of the periods, mean over the dropout variants. */
export function variantMeans({ periodReturns, variants, periods, configurations }: MarketLineResult): Float64Array[] {
  const [rows, count] = [variants + 1, periods.length];
  return configurations.map((_, c) => {
    const mean = new Float64Array(count);
    for (let k = 1; k < rows; k++) {
      const at = (c * rows + k) * count;
      for (let d = 0; d < count; d++) mean[d] = mean[d]! + periodReturns[at + d]! / variants;
    }
    return mean;
  });
}
