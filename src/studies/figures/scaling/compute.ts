/** Scaling (Fig. 3b): where the clouds of a family's sizes lie, and what each size still earns when its answers come later. */

import type { MarketLineResult } from '../../../marketLine/marketLineResult.ts';
import { median } from '../../../risk/moments/statistics.ts';
import { type FigureContext, lineOfForecasts } from '../context.ts';
import type { ScalingFigure } from './result.ts';
import type { ScalingSpec } from './spec.ts';

/** Delays from a decision to its fill, in ticks. */
const delaysTicks: readonly number[] = [1, 2, 3, 5, 10, 20];

export async function scalingFigure(
  context: FigureContext,
  { data, models, stepsMs, ...own }: ScalingSpec,
): Promise<ScalingFigure> {
  const { study, gather } = context;
  const strideTicks = own.strideTicks ?? study.manifest.settings.strideTicks;
  const variants = own.variants ?? study.manifest.settings.variants;
  const sizes: ScalingFigure['sizes'][number][] = [];
  for (const stepMs of stepsMs) {
    for (const model of models) {
      const { forecasts } = await gather({ data, stepMs, strideTicks, model });
      const byDelay: MarketLineResult[] = [];
      for (const latencyTicks of delaysTicks) {
        const change = { strideTicks, variants, latencyTicks, inferenceMs: null };
        byDelay.push(await lineOfForecasts(context, data, stepMs, forecasts, change));
      }
      const { parameters, precision = 'f32' } = study.cardOf(model);
      sizes.push({
        model,
        stepMs,
        parameters,
        precision,
        centroid: centroidOf(byDelay[0]!),
        sharpeByDelay: byDelay.map(medianSharpe),
      });
    }
  }
  return { kind: 'scaling', delaysTicks, sizes };
}

/** Mean priced σ and mean return of the configurations that trade. */
function centroidOf({
  configurations,
}: Pick<MarketLineResult, 'configurations'>): { sigmaBps: number; meanBps: number } | null {
  const points = configurations.filter(({ traded }) => traded);
  if (points.length === 0) return null;
  const average = (of: (point: (typeof points)[number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  return { sigmaBps: average((point) => point.sigmaBps.aleatory), meanBps: average((point) => point.meanBps) };
}

function medianSharpe({ configurations }: MarketLineResult): number | null {
  const ratios = configurations.flatMap(({ traded, sharpe }) => (traded && sharpe !== null ? [sharpe] : []));
  return ratios.length === 0 ? null : median(ratios);
}
