/**
 * The forecasts behind a run, made day by day on all assets together: what is done so far can be looked at, and each day of an asset is kept
 * under what determines it, so that a run that was stopped goes on where it was and one with other strategies forecasts nothing anew.
 */

import type { Forecasts, Grid, OnProgress } from '../core/types.ts';
import { neededContext } from '../forecasts/neededContext.ts';
import {
  anyNotFinite,
  bothCounts,
  countNotFinite,
  type NotFinite,
  noneYet,
  refuseNotFinite,
} from '../models/finite.ts';
import type { Forecaster, ForecastSettings, Provider } from '../models/types.ts';
import { type DayPart, dayPartsOf, follows, REQUEST_SECONDS, type SessionRange } from './dayParts.ts';
import { forecastKey } from './forecastKey.ts';
import { emptyForecasts, putRows, takeRows } from './forecastRows.ts';
import type { JobStore } from './jobStore.ts';
import { packForecasts, unpackForecasts } from './packedForecasts.ts';
import { forecastWithSecondChance } from './secondChance.ts';
import { sliceSessions, tickRange } from './sessionParts.ts';

export interface DailyForecasting {
  readonly grids: readonly Grid[];
  readonly forecaster: Forecaster;
  readonly settings: ForecastSettings;
  /** Where finished days are kept; absent: nowhere. */
  readonly store?: JobStore | undefined;
  /** Counts forward passes that are still to be made. */
  readonly onProgress?: OnProgress | undefined;
  /** When all assets are forecast up to a day, that day included. */
  readonly onDays?: ((soFar: ForecastSoFar) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ForecastSoFar {
  /** Ascending: those done. */
  readonly days: readonly string[];
  /** [A] the grids up to the last of them, with their forecasts, copied when they are asked for; without assets that have no such day. */
  readonly take: () => { readonly grids: readonly Grid[]; readonly forecasts: readonly Forecasts[] };
}

export interface DailyForecasts {
  /** [A] as the grids */
  readonly forecasts: readonly Forecasts[];
  /** Of `forwardPasses`, those that were kept from before. */
  readonly keptPasses: number;
  readonly forwardPasses: number;
  /** Forecasts that are no finite numbers; their days are not kept. */
  readonly notFinite: NotFinite;
  /** Forward passes by what executed them; more than one where a back end was given up on the way. */
  readonly passesOn: Readonly<Partial<Record<Provider, number>>>;
  /** What went wrong on the way and what was done about it. */
  readonly notes: readonly string[];
}

/** Consecutive sessions of one asset. */
interface AssetRange extends SessionRange {
  readonly asset: number;
  readonly passes: number;
}

/** An asset's day: kept by itself. */
type Part = DayPart & AssetRange;

/**
 * @throws AbortError soon after the signal; days that were finished are kept
 * @throws UserError `model/not-finite` where too many forecasts are no finite numbers
 */
export async function forecastDays(run: DailyForecasting): Promise<DailyForecasts> {
  const { grids, forecaster, settings, store, signal } = run;
  const forecasts = grids.map(({ symbol, timeMs }) => emptyForecasts(symbol, settings.variants, timeMs.length));
  const context = neededContext(forecaster.card, { anchoredPatches: settings.anchored?.leastPatches ?? null });
  const parts = grids.flatMap((grid, asset) =>
    dayPartsOf(grid, context, settings).map((part): Part => ({ ...part, asset })),
  );
  const sliceOf = ({ asset, firstSession, endSessionExclusive }: AssetRange): Grid =>
    sliceSessions(grids[asset]!, firstSession, endSessionExclusive);
  const startOf = ({ asset, firstSession, endSessionExclusive }: AssetRange): number =>
    tickRange(grids[asset]!, firstSession, endSessionExclusive)[0];
  const count = (made: Forecasts, grid: Grid): NotFinite => countNotFinite(made, grid, forecaster.card, settings);
  const keys = new Map<Part, string>();
  const missing = new Set<Part>();
  for (const part of parts) {
    signal?.throwIfAborted();
    if (part.passes === 0) continue;
    if (store) {
      const slice = sliceOf(part);
      const key = await forecastKey(slice, forecaster.card, settings, forecaster.backend.provider);
      const bytes = await store.get(key);
      const kept = bytes && (await unpackForecasts(bytes, slice));
      // What an earlier version kept is looked at once.
      const usable = kept && (kept.checked || !anyNotFinite(count(kept.forecasts, slice)));
      if (kept && usable) {
        putRows(forecasts[part.asset]!, kept.forecasts, startOf(part));
        if (!kept.checked) await store.put(key, await packForecasts(kept.forecasts, slice));
        continue;
      }
      keys.set(part, key);
    }
    missing.add(part);
  }
  const forwardPasses = passesOf(parts);
  const total = passesOf(missing);
  const planned = forwardPasses / (settings.variants + 1);
  let notFinite = noneYet(settings.variants);
  const notes: string[] = [];
  const passesOn: Partial<Record<Provider, number>> = {};
  if (total < forwardPasses) passesOn[forecaster.backend.provider] = forwardPasses - total;
  const perRequest = total > 0 ? REQUEST_SECONDS / (await forecaster.measure(settings)) : 0;
  let done = 0;
  for (const block of blocksOf(parts, missing, perRequest)) {
    for (const request of requestsOf(block.parts.filter((part) => missing.has(part)))) {
      signal?.throwIfAborted();
      const grid = sliceOf(request);
      const stage = `Forecasting ${grid.symbol}`;
      const report: OnProgress = (progress) =>
        run.onProgress?.({ stage, done: done + progress.done, total, unit: 'forward passes' });
      const { made, notFinite: found } = await forecastWithSecondChance(forecaster, grid, settings, report, signal);
      notes.push(...(made.notes ?? []));
      // Whatever executed them is part of what forecasts are kept under.
      const { provider } = made.ranOn ?? forecaster.backend;
      passesOn[provider] = (passesOn[provider] ?? 0) + request.passes;
      notFinite = bothCounts(notFinite, found);
      refuseNotFinite(notFinite, planned, forecaster.card.name);
      const whole = forecasts[request.asset]!;
      putRows(whole, made, startOf(request));
      for (const part of request.parts) {
        const usual = keys.get(part);
        if (!store || usual === undefined) continue;
        const slice = sliceOf(part);
        const key = made.ranOn ? await forecastKey(slice, forecaster.card, settings, provider) : usual;
        const dayRows = takeRows(whole, startOf(part), startOf(part) + slice.timeMs.length);
        // No day with a forecast that is not finite is kept: it is made anew the next time.
        if (anyNotFinite(found) && anyNotFinite(count(dayRows, slice))) continue;
        await store.put(key, await packForecasts(dayRows, slice));
      }
      done += request.passes;
    }
    run.onDays?.({ days: block.days, take: () => upTo(block.days.at(-1)!, grids, forecasts) });
  }
  return {
    forecasts,
    forwardPasses,
    keptPasses: forwardPasses - total,
    notFinite: { ...notFinite, due: planned },
    passesOn,
    notes,
  };
}

/** Days in groups, ended when an asset's next request has `perRequest` passes; with all days up to theirs. */
function blocksOf(parts: readonly Part[], missing: ReadonlySet<Part>, perRequest: number) {
  const byDay = [...parts].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
  const blocks: { readonly days: readonly string[]; readonly parts: readonly Part[] }[] = [];
  const days: string[] = [];
  const waiting = new Map<number, number>();
  let blockParts: Part[] = [];
  byDay.forEach((part, i) => {
    blockParts.push(part);
    if (missing.has(part)) waiting.set(part.asset, (waiting.get(part.asset) ?? 0) + part.passes);
    if (byDay[i + 1]?.day === part.day) return;
    days.push(part.day);
    if (i < byDay.length - 1 && Math.max(0, ...waiting.values()) < perRequest) return;
    blocks.push({ days: [...days], parts: blockParts });
    waiting.clear();
    blockParts = [];
  });
  return blocks;
}

/** Neighbouring parts of an asset as one. */
function requestsOf(parts: readonly Part[]): (AssetRange & { readonly parts: readonly Part[] })[] {
  const requests: (AssetRange & { readonly parts: readonly Part[] })[] = [];
  for (const part of [...parts].sort((a, b) => a.asset - b.asset || a.firstSession - b.firstSession)) {
    const last = requests.at(-1);
    if (!last || last.asset !== part.asset || !follows(part, last)) {
      requests.push({ ...part, parts: [part] });
      continue;
    }
    const { endSessionExclusive } = part;
    const together = { endSessionExclusive, passes: last.passes + part.passes, parts: [...last.parts, part] };
    requests[requests.length - 1] = { ...last, ...together };
  }
  return requests;
}

function passesOf(parts: Iterable<AssetRange>): number {
  let sum = 0;
  for (const { passes } of parts) sum += passes;
  return sum;
}

function upTo(day: string, grids: readonly Grid[], forecasts: readonly Forecasts[]): ReturnType<ForecastSoFar['take']> {
  const taken = grids.flatMap((grid, asset) => {
    const sessions = grid.sessionDays.filter((each) => each <= day).length;
    if (sessions === 0) return [];
    const end = tickRange(grid, 0, sessions)[1];
    return [{ grid: sliceSessions(grid, 0, sessions), forecasts: takeRows(forecasts[asset]!, 0, end) }];
  });
  return { grids: taken.map(({ grid }) => grid), forecasts: taken.map((each) => each.forecasts) };
}
