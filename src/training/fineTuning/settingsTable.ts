/** Every setting of a fine-tuning, once: form, help, validation and provenance derive from this table. */

import type { SettingSpec } from '../../core/settingSpecs.ts';
import { freshFamilies } from '../../models/familyFacts.ts';

export type FineTuneGroup = 'start' | 'data' | 'objective' | 'optimiser' | 'what' | 'run';

const whole = { kind: 'number', whole: true, step: 1 } as const;
const fraction = { kind: 'number', whole: false, step: 0.05, unit: '' } as const;

export const fineTuneTable = {
  start: {
    ...{ group: 'start', kind: 'choice', label: 'Start from', unit: '', default: 'checkpoint' },
    help: 'The weights of the model in use, random ones in their place, or a new baseline as in the paper, trained on these quotes alone.',
    options: [
      { value: 'checkpoint', label: 'The model in use' },
      { value: 'fresh', label: 'The model in use, random weights' },
      ...freshFamilies.map(({ id, label }) => ({ value: id, label })),
    ],
  },
  contextTicks: {
    ...{ ...whole, group: 'start', label: 'Ticks read', unit: 'ticks', min: 2, max: 1024, default: 30 },
    help: 'Length of a new baseline’s windows of mids, returns, spreads and, where quotes have sizes, imbalance.',
  },
  targetTicks: {
    ...{ ...whole, group: 'start', label: 'Ticks ahead', unit: 'ticks', min: 1, max: 10_000, default: 16 },
    help: 'A new baseline predicts the return over so many ticks.',
  },
  hiddenWidth: {
    ...{ ...whole, group: 'start', label: 'Width', unit: 'features', min: 1, max: 1024, default: 32 },
    help: 'Hidden features of a new baseline’s layers; an MLP’s are twice as wide.',
  },
  layers: {
    ...{ ...whole, group: 'start', label: 'Layers', unit: '', min: 1, max: 8, default: 2 },
    help: 'Layers of a new LSTM, GRU, ALSTM or MLP, one upon the other.',
  },
  assets: {
    ...{ group: 'data', kind: 'text', format: 'list', label: 'Assets', unit: '', default: '' },
    help: 'Symbols to train on, with commas between them; empty: all that are loaded.',
  },
  firstDay: {
    ...{ group: 'data', kind: 'text', format: 'day', label: 'First day', unit: '', default: '' },
    help: 'First session to use, included; empty: the first there is.',
  },
  lastDay: {
    ...{ group: 'data', kind: 'text', format: 'day', label: 'Last day', unit: '', default: '' },
    help: 'Last session to divide into ranges, included; empty: the last there is.',
  },
  trainingShare: {
    ...{ ...fraction, group: 'data', label: 'Training share', min: 0.05, max: 0.9, default: 0.5 },
    help: 'The earliest sessions, as a share of all. Weights are fitted to these alone.',
  },
  validationShare: {
    ...{ ...fraction, group: 'data', label: 'Validation share', min: 0.02, max: 0.5, default: 0.15 },
    help: 'The sessions after the training range: they say when to stop. What comes later is left for backtests.',
  },
  embargoTicks: {
    ...{ ...whole, group: 'data', label: 'Embargo', unit: 'ticks', min: 1, max: 1_000_000, default: 60 },
    help: 'Time between two ranges that belongs to neither, so that what one learnt is not still in the air in the next.',
  },
  strideTicks: {
    ...{ ...whole, group: 'data', label: 'Window stride', unit: 'ticks', min: 1, max: 100_000, default: 4 },
    help: 'A training window begins every so many ticks.',
  },
  windowFraction: {
    ...{ ...fraction, group: 'data', label: 'Share of windows', min: 0.001, max: 1, default: 1 },
    help: 'A seeded random subset of the training windows.',
  },
  loss: {
    ...{ group: 'objective', kind: 'choice', label: 'Loss', unit: '', default: 'mse' },
    help: 'What training lowers. The families’ own: quantiles of Chronos-Bolt, cross-entropy of Chronos-T5, likelihood of Moirai.',
    options: [
      { value: 'mse', label: 'Squared error' },
      { value: 'mae', label: 'Absolute error' },
      { value: 'huber', label: 'Huber' },
      { value: 'quantile', label: 'Quantile of the forecast' },
      { value: 'quantiles', label: 'All quantiles (Chronos-Bolt)' },
      { value: 'crossEntropy', label: 'Cross-entropy of tokens (Chronos-T5)' },
      { value: 'mixture', label: 'Mixture likelihood (Moirai)' },
    ],
  },
  huberDelta: {
    ...{ ...fraction, group: 'objective', label: 'Huber δ', min: 0.001, max: 100, default: 1 },
    help: 'Where the Huber loss turns from squared to absolute, in units of the context’s deviation.',
  },
  quantileLevel: {
    ...{ ...fraction, group: 'objective', label: 'Quantile level', min: 0.01, max: 0.99, default: 0.5 },
    help: 'Level of the quantile loss of the point forecast; 0.5 is the median.',
  },
  halfLifeSteps: {
    ...{ group: 'objective', kind: 'optionalNumber', label: 'Half-life of steps ahead', unit: 'steps', step: 1 },
    ...{ min: 0.5, max: 10_000, whole: false, default: null, nullLabel: 'all alike' },
    help: 'Steps after which a step ahead counts half in the loss. Empty: all count alike.',
  },
  weightDecay: {
    ...{ ...fraction, group: 'optimiser', label: 'Weight decay', min: 0, max: 1, step: 0.01, default: 0.01 },
    help: 'AdamW’s decoupled decay of matrices; biases and norms are not decayed.',
  },
  clipNorm: {
    ...{ group: 'optimiser', kind: 'optionalNumber', label: 'Clip gradients at', unit: 'norm', step: 0.1 },
    ...{ min: 0.001, max: 1000, whole: false, default: 1, nullLabel: 'never' },
    help: 'Largest global norm of a gradient; larger ones are shortened.',
  },
  dropoutRate: {
    ...{ ...fraction, group: 'optimiser', label: 'Training dropout', min: 0, max: 0.9, default: 0.1 },
    help: 'Probability that a feature is switched off in a step, by the same kind of masks as MC-dropout’s.',
  },
  learningRate: {
    ...{ ...fraction, group: 'optimiser', label: 'Learning rate', min: 1e-7, max: 1, step: 1e-4, default: 3e-4 },
    help: 'The largest rate of the schedule.',
  },
  schedule: {
    ...{ group: 'optimiser', kind: 'choice', label: 'Schedule', unit: '', default: 'cosine' },
    help: 'How the learning rate goes on after the warm-up.',
    options: [
      { value: 'constant', label: 'Constant' },
      { value: 'cosine', label: 'Cosine to zero' },
      { value: 'linear', label: 'Line to zero' },
    ],
  },
  warmUpSteps: {
    ...{ ...whole, group: 'optimiser', label: 'Warm-up', unit: 'steps', min: 0, max: 100_000, default: 20 },
    help: 'Steps in which the rate grows linearly from zero.',
  },
  trainable: {
    ...{ group: 'what', kind: 'choice', label: 'Trained weights', unit: '', default: 'all' },
    help: 'The others stay as they are. LoRA trains low-rank changes of the matrices, which are merged when the model is kept.',
    options: [
      { value: 'all', label: 'All' },
      { value: 'head', label: 'Head' },
      { value: 'blocks', label: 'Last blocks and head' },
      { value: 'norms', label: 'Norms' },
      { value: 'lora', label: 'LoRA' },
    ],
  },
  lastBlocks: {
    ...{ ...whole, group: 'what', label: 'Last blocks', unit: 'blocks', min: 1, max: 200, default: 1 },
    help: 'How many blocks are trained, counted from the end.',
  },
  loraRank: {
    ...{ ...whole, group: 'what', label: 'LoRA rank', unit: '', min: 1, max: 256, default: 4 },
    help: 'Rank of the change of each matrix.',
  },
  loraAlpha: {
    ...{ ...fraction, group: 'what', label: 'LoRA α', min: 0.01, max: 1000, step: 1, default: 8 },
    help: 'Changes are scaled by α over the rank.',
  },
  posterior: {
    ...{ group: 'what', kind: 'choice', label: 'Posterior', unit: '', default: 'none' },
    help: 'How sure the training is of the weights, for variants beside MC-dropout. SWAG: where training goes on to wander at the constant learning rate; the kept weights are the mean of it. Laplace: how flat the loss is around the head.',
    options: [
      { value: 'none', label: 'None' },
      { value: 'swag', label: 'SWAG' },
      { value: 'laplace', label: 'Laplace, of the head' },
    ],
  },
  steps: {
    ...{ ...whole, group: 'run', label: 'Training steps', unit: 'steps', min: 1, max: 1_000_000, default: 500 },
    help: 'Most steps to take; early stopping may end it before.',
  },
  batchSize: {
    ...{ ...whole, group: 'run', label: 'Batch', unit: 'windows', min: 1, max: 4096, default: 32 },
    help: 'Windows of one step.',
  },
  validateEvery: {
    ...{ ...whole, group: 'run', label: 'Validate every', unit: 'steps', min: 1, max: 100_000, default: 50 },
    help: 'Steps between two looks at the validation range. The best weights there are kept.',
  },
  patience: {
    ...{ group: 'run', kind: 'optionalNumber', label: 'Stop early after', unit: 'validations', step: 1 },
    ...{ min: 1, max: 1000, whole: true, default: 4, nullLabel: 'never' },
    help: 'Validations in a row without a better loss that end the training.',
  },
  checkpointEvery: {
    ...{ ...whole, group: 'run', label: 'Save every', unit: 'steps', min: 1, max: 100_000, default: 100 },
    help: 'Steps between two checkpoints on this device; a training that was interrupted goes on from the last.',
  },
  trainingSeed: {
    ...{ ...whole, group: 'run', label: 'Training seed', unit: '', min: 0, max: 2 ** 31, default: 1 },
    help: 'Of batches, masks, fresh weights and subsets: the same seed gives the same training.',
  },
} as const satisfies Readonly<Record<string, SettingSpec & { readonly group: FineTuneGroup }>>;
