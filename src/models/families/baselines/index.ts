/**
 * The paper's baselines, as Qlib has them, and DA-RNN from its equations. They read windows of features instead of mids, and their score is a log return in
 * units of its deviation; both are declared in the shape.
 */

import type { BatchShape, ContextBatch, Family, ModelShape, PreparedBatch } from '../../family.ts';
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

export const lstm = baseline<RecurrentConfig>({
  id: 'lstm',
  title: 'LSTM',
  paper: 'doi:10.1162/neco.1997.9.8.1735',
  parse: (json, where) => parseRecurrentConfig(json, where, 'lstm'),
  graph: recurrentGraph,
});

export const gru = baseline<RecurrentConfig>({
  id: 'gru',
  title: 'GRU',
  paper: 'arXiv:1406.1078',
  parse: (json, where) => parseRecurrentConfig(json, where, 'gru'),
  graph: recurrentGraph,
});

export const alstm = baseline<RecurrentConfig>({
  id: 'alstm',
  title: 'ALSTM',
  paper: 'arXiv:1704.02971',
  parse: (json, where) => parseRecurrentConfig(json, where),
  graph: attentiveGraph,
});

export const darnn = baseline<DarnnConfig>({
  id: 'da-rnn',
  title: 'DA-RNN',
  paper: 'arXiv:1704.02971',
  type: 'da_rnn',
  parse: parseDarnnConfig,
  graph: darnnGraph,
});

export const sfm = baseline<SfmConfig>({
  id: 'sfm',
  title: 'SFM',
  paper: 'doi:10.1145/3097983.3098117',
  parse: parseSfmConfig,
  graph: sfmGraph,
});

export const mlp = baseline<MlpConfig>({
  id: 'mlp',
  title: 'MLP',
  paper: 'arXiv:2009.11189',
  type: 'qlib_net',
  parse: parseMlpConfig,
  graph: mlpGraph,
  prepare: prepareFlat,
});

interface Baseline<Config> {
  readonly id: string;
  readonly title: string;
  readonly paper: string;
  /** The config's `model_type`; absent: `qlib_<id>`. */
  readonly type?: string;
  readonly parse: (json: unknown, where: string) => Config;
  readonly graph: (g: Graph, config: Config, batch: BatchShape) => void;
  readonly prepare?: (batch: ContextBatch) => PreparedBatch<null>;
}

type Shaped = Pick<RecurrentConfig, 'contextLength' | 'featureCount' | 'features' | 'targetTicks'>;

function baseline<Config extends Shaped>(about: Baseline<Config>): Family<Config, null> {
  const { id, title, paper, type = `qlib_${id}`, parse, graph, prepare = prepareSequence } = about;
  return {
    id,
    title,
    paper,
    recognises: ({ model_type: named }) => named === type,
    parseConfig: parse,
    shape: shapeOf,
    graph,
    prepare: (_, batch) => prepare(batch),
    finish: (_, forecast) => finishScores(forecast),
  };
}

function shapeOf({ contextLength, featureCount, features, targetTicks }: Shaped): ModelShape {
  return { contextLength, horizon: 1, channels: featureCount, reads: { features, targetTicks } };
}
