/**
 * The paper's baselines, as Qlib has them, and DA-RNN from its equations. They read windows of features instead of mids, and their score is a log return in
 * units of its deviation; both are declared in the shape.
 */

import type { BatchShape, ContextBatch, Family, FreshChoice, ModelShape, PreparedBatch } from '../../family.ts';
import type { Graph } from '../../graph/builder.ts';
import {
  type DarnnConfig,
  type MlpConfig,
  parseDarnnConfig,
  parseMlpConfig,
  parseRecurrentConfig,
  parseSfmConfig,
  type RecurrentConfig,
  type SfmConfig,
} from './config.ts';
import { darnnGraph } from './darnn.ts';
import { mlpGraph } from './mlp.ts';
import { attentiveGraph, recurrentGraph } from './recurrent.ts';
import { sfmGraph } from './sfm.ts';
import { finishScores, prepareFlat, prepareSequence } from './windows.ts';

const BEGINS_ANEW = 'its recurrence begins anew with each context';
const READS_ONE_WINDOW = 'each of its inputs is one place of the window';

export const lstm = baseline<RecurrentConfig>({
  id: 'lstm',
  title: 'LSTM',
  paper: 'doi:10.1162/neco.1997.9.8.1735',
  causal: BEGINS_ANEW,
  freshConfig: (choice) => ({ model_type: 'qlib_lstm', ...sequence(choice), num_layers: choice.layers }),
  parse: (json, where) => parseRecurrentConfig(json, where, 'lstm'),
  graph: recurrentGraph,
});

export const gru = baseline<RecurrentConfig>({
  id: 'gru',
  title: 'GRU',
  paper: 'arXiv:1406.1078',
  causal: BEGINS_ANEW,
  freshConfig: (choice) => ({ model_type: 'qlib_gru', ...sequence(choice), num_layers: choice.layers }),
  parse: (json, where) => parseRecurrentConfig(json, where, 'gru'),
  graph: recurrentGraph,
});

export const alstm = baseline<RecurrentConfig>({
  id: 'alstm',
  title: 'ALSTM',
  paper: 'arXiv:1704.02971',
  causal: BEGINS_ANEW,
  freshConfig: (choice) => ({
    model_type: 'qlib_alstm',
    ...sequence(choice),
    num_layers: choice.layers,
    rnn_type: 'gru',
  }),
  parse: (json, where) => parseRecurrentConfig(json, where),
  graph: attentiveGraph,
});

export const darnn = baseline<DarnnConfig>({
  id: 'da-rnn',
  title: 'DA-RNN',
  paper: 'arXiv:1704.02971',
  causal: BEGINS_ANEW,
  freshConfig: (choice) => ({ model_type: 'da_rnn', ...sequence(choice), decoder_size: choice.hidden }),
  type: 'da_rnn',
  parse: parseDarnnConfig,
  graph: darnnGraph,
});

export const sfm = baseline<SfmConfig>({
  id: 'sfm',
  title: 'SFM',
  paper: 'doi:10.1145/3097983.3098117',
  causal: BEGINS_ANEW,
  freshConfig: (choice) => ({ model_type: 'qlib_sfm', ...sequence(choice), freq_dim: 10, output_dim: 1 }),
  parse: parseSfmConfig,
  graph: sfmGraph,
});

export const mlp = baseline<MlpConfig>({
  id: 'mlp',
  title: 'MLP',
  paper: 'arXiv:2009.11189',
  causal: READS_ONE_WINDOW,
  freshConfig: ({ features, targetTicks, contextTicks, hidden, layers }) => ({
    model_type: 'qlib_net',
    features,
    target_ticks: targetTicks,
    input_dim: contextTicks * features.length,
    layers: new Array<number>(layers).fill(2 * hidden),
  }),
  type: 'qlib_net',
  parse: parseMlpConfig,
  graph: mlpGraph,
  prepare: prepareFlat,
});

interface Baseline<Config> {
  readonly id: string;
  readonly title: string;
  readonly paper: string;
  /** Why its forecasts at different ticks cannot share a pass. */
  readonly causal: string;
  readonly freshConfig: NonNullable<Family<Config, null>['freshConfig']>;
  /** The config's `model_type`; absent: `qlib_<id>`. */
  readonly type?: string;
  readonly parse: (json: unknown, where: string) => Config;
  readonly graph: (g: Graph, config: Config, batch: BatchShape) => void;
  readonly prepare?: (batch: ContextBatch) => PreparedBatch<null>;
}

type Shaped = Pick<RecurrentConfig, 'contextLength' | 'featureCount' | 'features' | 'targetTicks'>;

function baseline<Config extends Shaped>(about: Baseline<Config>): Family<Config, null> {
  const { id, type = `qlib_${id}`, parse, graph, prepare = prepareSequence } = about;
  const { title, paper, causal, freshConfig } = about;
  return {
    id,
    title,
    paper,
    causal,
    freshConfig,
    recognises: ({ model_type: named }) => named === type,
    parseConfig: parse,
    shape: shapeOf,
    graph,
    prepare: (_, batch) => prepare(batch),
    finish: (_, forecast) => finishScores(forecast),
  };
}

/** The keys of a checkpoint that reads sequences of features. */
function sequence({ features, targetTicks, contextTicks, hidden }: FreshChoice): Readonly<Record<string, unknown>> {
  const sizes = { d_feat: features.length, seq_len: contextTicks, hidden_size: hidden };
  return { features, target_ticks: targetTicks, ...sizes };
}

function shapeOf({ contextLength, featureCount, features, targetTicks }: Shaped): ModelShape {
  return { contextLength, horizon: 1, channels: featureCount, reads: { features, targetTicks } };
}
