/** Every architecture the program knows, and how a checkpoint's config finds its own. */

import { fail } from '../core/errors.ts';
import type { UnreadTensors } from './checkpoints/unused.ts';
import { alstm, darnn, gru, lstm, mlp, sfm } from './families/baselines/index.ts';
import { chronosBolt } from './families/chronosBolt/index.ts';
import { chronosT5 } from './families/chronosT5/index.ts';
import { dlinear, nlinear } from './families/ltsfLinear/index.ts';
import { moirai } from './families/moirai/index.ts';
import { timer } from './families/timer/index.ts';
import { timesfm1, timesfm2 } from './families/timesfm1and2/index.ts';
import { timesfm25 } from './families/timesfm25/index.ts';
import { ttm } from './families/ttm/index.ts';
import type {
  BatchShape,
  CausalForm,
  ContextBatch,
  Family,
  Forward,
  ModelShape,
  PreparedBatch,
  SeriesForecast,
  SeriesRequest,
} from './family.ts';
import type { Graph } from './graph/builder.ts';

/** A family with its configuration filled in; nothing outside knows the configuration's type. */
export interface Architecture {
  readonly id: string;
  readonly title: string;
  readonly shape: ModelShape;
  /** Adds the forward pass to a graph: inputs as `prepare` feeds them, one output `forecast` [V, N, C, H] in scaled units. */
  readonly addTo: (g: Graph, batch: BatchShape) => void;
  readonly prepare: (batch: ContextBatch) => PreparedBatch<unknown>;
  /** [V, N, C, H] scaled → [V, N, H, C] in the contexts' units. */
  readonly finish: (forecast: Float32Array, scaling: unknown) => Float64Array;
  /** Where the network is causal. */
  readonly causal?: CausalForm;
  /** The official forecasting function, for any horizon; absent where the family has one pass only. */
  readonly rollOut?: (request: SeriesRequest, forward: Forward) => Promise<SeriesForecast>;
  /** Names that stand for one tensor, in groups. */
  readonly tied: readonly (readonly string[])[];
  /** Tensors that its files may hold and its forecasts do not need. */
  readonly unread: readonly UnreadTensors[];
}

/** A family without a configuration. */
export interface BoundFamily extends Pick<Family<unknown, unknown>, 'title' | 'paper' | 'freshConfig' | 'infer'> {
  /** Why forecasts at different ticks cannot share a pass; undefined for causal families. */
  readonly notCausal: string | undefined;
  /** Undefined for a `config.json` of another family. */
  readonly open: (json: Readonly<Record<string, unknown>>, where: string) => Architecture | undefined;
}

/** All families by their ids, in the order in which a config is offered to them. A new one is an import and a line here, and a line in `familyFacts.ts`. */
export const families = {
  ttm: bind(ttm),
  'timesfm-1': bind(timesfm1),
  'timesfm-2': bind(timesfm2),
  'timesfm-2.5': bind(timesfm25),
  'chronos-bolt': bind(chronosBolt),
  'chronos-t5': bind(chronosT5),
  moirai: bind(moirai),
  timer: bind(timer),
  lstm: bind(lstm),
  gru: bind(gru),
  alstm: bind(alstm),
  'da-rnn': bind(darnn),
  sfm: bind(sfm),
  mlp: bind(mlp),
  dlinear: bind(dlinear),
  nlinear: bind(nlinear),
} satisfies Readonly<Record<string, BoundFamily>>;

/** Name of a family, as in model cards, results and manifests. */
export type FamilyId = keyof typeof families;

export const familyList: readonly BoundFamily[] = Object.values(families);

/** A family by the name that a card or a result gives; undefined for dropped ONNX models and what this version does not know. */
export function familyOf(id: string): BoundFamily | undefined {
  return Object.hasOwn(families, id) ? families[id as FamilyId] : undefined;
}

/**
 * Reads a `config.json` and binds the family it belongs to.
 * @throws UserError where the text is no JSON object, the family is unknown, or a field is wrong.
 */
export function openArchitecture(configJson: string, where: string): Architecture {
  const json = parseObject(configJson, where);
  for (const { open } of familyList) {
    const architecture = open(json, where);
    if (architecture) return architecture;
  }
  const named = json.model_type ?? json.architectures;
  return fail(
    'checkpoint/unknown-family',
    named === undefined
      ? 'The config names no model_type, so the architecture cannot be told.'
      : `The config is of an unknown family (${JSON.stringify(named)}).`,
    { where, hint: `Families that can be read: ${familyList.map(({ title }) => title).join(', ')}.` },
  );
}

function bind<Config, Scaling>(family: Family<Config, Scaling>): BoundFamily {
  const { title, paper, causal, freshConfig, infer } = family;
  return {
    title,
    paper,
    ...(freshConfig && { freshConfig }),
    ...(infer && { infer }),
    notCausal: typeof causal === 'string' ? causal : undefined,
    open: opener(family),
  };
}

function opener<Config, Scaling>(family: Family<Config, Scaling>): BoundFamily['open'] {
  return (json, where) => {
    if (!family.recognises(json)) return undefined;
    const config = family.parseConfig(json, where);
    const { rollOut, causal, tied, unread = [] } = family;
    return {
      id: family.id,
      title: family.title,
      shape: family.shape(config),
      addTo: (g, batch) => family.graph(g, config, batch),
      prepare: (batch) => family.prepare(config, batch),
      // Only what this family's `prepare` returned ever comes back to its `finish`.
      finish: (forecast, scaling) => family.finish(config, forecast, scaling as Scaling),
      tied: tied?.(config) ?? [],
      unread,
      ...(typeof causal !== 'string' && { causal: causal(config) }),
      ...(rollOut && { rollOut: (request: SeriesRequest, forward: Forward) => rollOut(config, request, forward) }),
    };
  };
}

function parseObject(text: string, where: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  } catch {
    // The sentence below says it for both cases.
  }
  return fail('checkpoint/config', 'The file is not a JSON object.', {
    where,
    hint: 'A checkpoint is a config.json and a model.safetensors; drop both.',
  });
}
