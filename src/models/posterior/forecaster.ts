/**
 * Forecasts whose variants are networks with other weights: each is forecast like a model of its own, without dropout, and the rows are
 * put together. Nothing else of a study notices.
 */

import { Turns } from '../../core/turns.ts';
import type { Forecasts, Grid, OnProgress } from '../../core/types.ts';
import type { BackendInfo, Forecaster, ForecastSettings, ModelCard } from '../types.ts';

/** Networks whose sessions are kept open between grids; beyond, they are compiled again. */
const MOST_OPEN = 33;

export class VariantForecaster implements Forecaster {
  private readonly members = new Map<number, Forecaster>();
  private readonly turns = new Turns();
  private openedFor = Number.NaN;

  /**
   * @param centre the deterministic model; it is not released
   * @param open makes the forecaster of variant k ≥ 1 of a seed ready
   */
  constructor(
    private readonly centre: Forecaster,
    private readonly open: (k: number, seed: number) => Forecaster,
  ) {}

  get card(): ModelCard {
    return this.centre.card;
  }

  get backend(): BackendInfo {
    return this.centre.backend;
  }

  /** A variant takes what the deterministic model takes alone: nothing is shared among them. */
  measure(settings: ForecastSettings): Promise<number> {
    return this.centre.measure(plain(settings));
  }

  forecast(grid: Grid, settings: ForecastSettings, onProgress?: OnProgress, signal?: AbortSignal): Promise<Forecasts> {
    return this.turns.take(() => this.forecastRows(grid, settings, onProgress, signal));
  }

  release(): Promise<void> {
    return this.turns.take(() => this.releaseMembers());
  }

  private async forecastRows(
    grid: Grid,
    settings: ForecastSettings,
    onProgress: OnProgress | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Forecasts> {
    const { variants, seed } = settings;
    if (this.openedFor !== seed) await this.releaseMembers();
    this.openedFor = seed;
    const rows = variants + 1;
    const predictedMid = new Float64Array(rows * grid.timeMs.length);
    for (let k = 0; k < rows; k++) {
      signal?.throwIfAborted();
      const member = k === 0 ? this.centre : this.member(k, seed);
      const report: OnProgress = ({ done, total, ...rest }) =>
        onProgress?.({ ...rest, done: k * total + done, total: rows * total });
      const row = await member.forecast(grid, plain(settings), report, signal);
      predictedMid.set(row.predictedMid, k * grid.timeMs.length);
      if (k >= MOST_OPEN) await this.close(k);
    }
    return { symbol: grid.symbol, variants, predictedMid };
  }

  private member(k: number, seed: number): Forecaster {
    const member = this.members.get(k) ?? this.open(k, seed);
    this.members.set(k, member);
    return member;
  }

  private async close(k: number): Promise<void> {
    await this.members.get(k)?.release();
    this.members.delete(k);
  }

  private async releaseMembers(): Promise<void> {
    for (const k of [...this.members.keys()]) await this.close(k);
  }
}

/** The same, of one network without dropout. */
function plain({ posterior: _, freshMasks: __, ...settings }: ForecastSettings): ForecastSettings {
  return { ...settings, variants: 0 };
}
