/** Reference cases of TimesFM and Chronos-Bolt as requests to the families' own forecasting functions. */

import type { SafetensorsFile } from '../../../src/models/checkpoints/safetensors.ts';
import { parseTimesfm1And2Config } from '../../../src/models/families/timesfm1and2/config.ts';
import { decodeTimesfm1And2 } from '../../../src/models/families/timesfm1and2/forecast.ts';
import { parseTimesfm25Config } from '../../../src/models/families/timesfm25/config.ts';
import { decodeTimesfm25 } from '../../../src/models/families/timesfm25/forecast.ts';
import type { Forward, OfficialOptions, SeriesForecast, SeriesRequest } from '../../../src/models/family.ts';
import { joinValues } from '../../../src/models/series.ts';
import { type CaseFolder, integerValues, rowsOfCase, shapeOf, tensorValues } from '../caseFiles.ts';

/** A case as a question: its answer holds the case's outputs by name, a variant after the other. */
export interface Question {
  readonly rows: number;
  readonly ask: (variants: number, forward: Forward) => Promise<ReadonlyMap<string, readonly Float64Array[]>>;
}

export function requestOf(folder: CaseFolder, name: string): Question {
  const { cases, meta, model } = folder;
  const { call } = meta.cases[name]!;
  const horizon = call.horizon ?? call.long ?? model.card.horizon;
  const options = optionsOf(folder, name);
  if (call.mode === 'decode') return decodeQuestion(folder, name, { horizon, variants: 1, options });
  const frequency = cases.tensors.has(`${name}.freq`) ? integerValues(cases, `${name}.freq`) : [];
  const series = seriesInputs(cases, name);
  const rollOut = (asked: Pick<SeriesRequest, 'series' | 'variants' | 'options'>, forward: Forward) =>
    model.architecture.rollOut!({ horizon, frequency, options, ...asked }, forward);
  if (call.mode === 'naive') {
    const { patchLength } = parseTimesfm25Config(JSON.parse(folder.configJson), name);
    return {
      rows: 1,
      ask: async (variants, forward) => {
        const answers = new Map<string, Float64Array[]>();
        for (const [i, one] of series.entries()) {
          const paddedLength = Math.ceil(one.length / patchLength) * patchLength;
          const forecast = await rollOut({ series: [one], variants, options: { paddedLength } }, forward);
          answers.set(`output.full.${i}`, namedOutputs(forecast, variants, horizon).get('output.full')!);
        }
        return answers;
      },
    };
  }
  return {
    rows: series.length * (call.window_size === undefined ? 1 : 2),
    ask: async (variants, forward) => {
      const kept = call.fc?.return_backcast ? undefined : horizon;
      const forecast = await rollOut({ series, variants }, forward);
      return new Map([
        ...namedOutputs(forecast, variants, kept),
        ...quantileOutputs(forecast, variants, model.card.horizon),
      ]);
    },
  };
}

function optionsOf({ cases, meta }: CaseFolder, name: string): OfficialOptions {
  const { call } = meta.cases[name]!;
  const flag = (option: keyof OfficialOptions, value: boolean | undefined): OfficialOptions =>
    value === undefined ? {} : { [option]: value };
  return {
    ...flag('normalise', call.normalize ?? call.fc?.normalize_inputs),
    ...flag('truncateNegative', call.truncate_negative ?? call.fc?.infer_is_positive),
    ...flag('flipInvariance', call.force_flip_invariance ?? call.fc?.force_flip_invariance),
    ...flag('continuousQuantiles', call.fc?.use_continuous_quantile_head),
    ...flag('fixCrossing', call.fc?.fix_quantile_crossing),
    ...flag('backcast', cases.tensors.has(`${name}.output.full_on_context`) || call.fc?.return_backcast),
    ...(call.window_size !== undefined && { windowSize: call.window_size }),
    ...(call.fc && { paddedLength: call.fc.max_context }),
  };
}

/** TimesFM's `decode`: rows given with their padding. */
function decodeQuestion(folder: CaseFolder, name: string, asked: Omit<SeriesRequest, 'series'>): Question {
  const { cases, model, configJson } = folder;
  const [rows, length] = shapeOf(cases, `${name}.context`) as [number, number];
  const values = Float64Array.from(tensorValues(cases, `${name}.context`));
  if (model.card.family === 'timesfm-2.5') {
    const config = parseTimesfm25Config(JSON.parse(configJson), name);
    const start = { rows, values, padding: Uint8Array.from(integerValues(cases, `${name}.mask`)) };
    const stored = cases.tensors.has(`${name}.output.quantile_spread`);
    const options = { backcast: stored, continuousQuantiles: stored };
    return {
      rows,
      ask: async (variants, forward) => {
        const decoded = await decodeTimesfm25(config, { ...asked, variants, options }, start, forward);
        const own = (all: readonly Float64Array[]): Float64Array[] =>
          Array.from({ length: variants }, (_, v) => joinValues(all.slice(v * rows, (v + 1) * rows)));
        const columns = config.quantiles.length + 1;
        const full = own(decoded.steps);
        return new Map([
          ['output.full', full],
          ['output.point', full.map((one) => one.filter((_, i) => i % columns === config.pointColumn))],
          ['output.quantile_spread', own(decoded.spread)],
          ['output.all_patches', own(decoded.heads)],
        ]);
      },
    };
  }
  const flags = tensorValues(cases, `${name}.padding`);
  const stride = flags.length / rows;
  const padding = Uint8Array.from(values, (_, i) => flags[Math.floor(i / length) * stride + (i % length)]!);
  const frequency = integerValues(cases, `${name}.freq`);
  const config = parseTimesfm1And2Config(JSON.parse(configJson), name);
  return {
    rows,
    ask: async (variants, forward) => {
      const request = { ...asked, variants, frequency };
      const forecast = await decodeTimesfm1And2(config, request, { rows, values, padding }, forward);
      return namedOutputs(forecast, variants, asked.horizon);
    },
  };
}

/** `input.0`, `input.1` …, or the rows of `context`. */
function seriesInputs(cases: SafetensorsFile, name: string): Float64Array[] {
  const series: Float64Array[] = [];
  if (cases.tensors.has(`${name}.context`) && !cases.tensors.has(`${name}.input.0`)) {
    return rowsOfCase(cases, name);
  }
  while (cases.tensors.has(`${name}.input.${series.length}`)) {
    series.push(Float64Array.from(tensorValues(cases, `${name}.input.${series.length}`)));
  }
  return series;
}

/** The outputs the case files store of a roll-out: all columns, the mean, the point forecast, with and without backcast. */
function namedOutputs(
  forecast: SeriesForecast,
  variants: number,
  horizon = forecast.steps,
): Map<string, Float64Array[]> {
  const { columns, steps, values, point } = forecast;
  const size = values.length / variants;
  const select = (keep: (step: number, column: number) => boolean): Float64Array[] =>
    Array.from({ length: variants }, (_, v) =>
      values
        .subarray(v * size, (v + 1) * size)
        .filter((_, i) => keep(Math.floor(i / columns.length) % steps, i % columns.length)),
    );
  const ahead = (step: number): boolean => step >= steps - horizon;
  return new Map([
    ['output.full', select(ahead)],
    ['output.full_on_context', select(() => true)],
    ['output.mean', select((step, column) => ahead(step) && column === 0)],
    ['output.point', select((step, column) => ahead(step) && column === point)],
  ]);
}

/** Chronos-Bolt's outputs [N, Q, H]: of one pass, and of as many as were asked for. */
function quantileOutputs(
  { columns, steps, values }: SeriesForecast,
  variants: number,
  pass: number,
): Map<string, Float64Array[]> {
  const size = values.length / variants;
  const levels = columns.length;
  const first = (kept: number): Float64Array[] =>
    Array.from({ length: variants }, (_, v) =>
      Float64Array.from({ length: (size / steps) * kept }, (_, i) => {
        const row = Math.floor(i / (levels * kept));
        const level = Math.floor(i / kept) % levels;
        return values[v * size + (row * steps + (i % kept)) * levels + level]!;
      }),
    );
  return new Map([
    ['output.quantiles', first(Math.min(pass, steps))],
    ['output.long', first(steps)],
  ]);
}
