/** What pages and tables say of each family, without its code: a page that only shows results does not load the networks. */

import type { FamilyId } from './registry.ts';

interface FamilyFacts {
  /** Pretrained on many series, or trained from scratch on the quotes at hand: what the paper holds the others against. */
  readonly kind: 'foundation' | 'baseline';
  /** Row of Table 2 in the paper that this program implements; null where that has none (its only TimesFM there is the second). */
  readonly paperRow: string | null;
  /** The loss it was published with, where that is more than an error of one forecast. */
  readonly ownLoss?: 'quantiles' | 'crossEntropy' | 'mixture';
  /** How a new one stands in the list of what a training can start from, and whether its layers are stacked; absent: not from scratch. */
  readonly fresh?: { readonly label: string; readonly stacked: boolean };
}

const familyFacts = {
  ttm: { kind: 'foundation', paperRow: 'TTM' },
  'timesfm-1': { kind: 'foundation', paperRow: null },
  'timesfm-2': { kind: 'foundation', paperRow: 'TimesFM-v2' },
  'timesfm-2.5': { kind: 'foundation', paperRow: null },
  'chronos-bolt': { kind: 'foundation', paperRow: 'Chronos', ownLoss: 'quantiles' },
  'chronos-t5': { kind: 'foundation', paperRow: 'Chronos', ownLoss: 'crossEntropy' },
  moirai: { kind: 'foundation', paperRow: 'Moirai', ownLoss: 'mixture' },
  timer: { kind: 'foundation', paperRow: 'Timer' },
  lstm: { kind: 'baseline', paperRow: 'LSTM', fresh: { label: 'A new LSTM', stacked: true } },
  gru: { kind: 'baseline', paperRow: 'GRU', fresh: { label: 'A new GRU', stacked: true } },
  alstm: { kind: 'baseline', paperRow: 'ALSTM', fresh: { label: 'A new ALSTM (attentive LSTM)', stacked: true } },
  'da-rnn': {
    kind: 'baseline',
    paperRow: null,
    fresh: { label: 'A new DA-RNN (dual-stage attention)', stacked: false },
  },
  sfm: { kind: 'baseline', paperRow: 'SFM', fresh: { label: 'A new SFM (state-frequency memory)', stacked: false } },
  mlp: { kind: 'baseline', paperRow: 'MLP', fresh: { label: 'A new MLP', stacked: true } },
  dlinear: { kind: 'baseline', paperRow: null, fresh: { label: 'A new DLinear', stacked: false } },
  nlinear: { kind: 'baseline', paperRow: null, fresh: { label: 'A new NLinear', stacked: false } },
} as const satisfies Readonly<Record<FamilyId, FamilyFacts>>;

/** Families that can be trained from scratch on the page. */
export type FreshFamilyId = {
  [Id in FamilyId]: (typeof familyFacts)[Id] extends { readonly fresh: unknown } ? Id : never;
}[FamilyId];

/** @param family as in a model card; undefined for dropped ONNX models, and for what this version does not know */
export function factsOf(family: string): FamilyFacts | undefined {
  return Object.hasOwn(familyFacts, family) ? familyFacts[family as FamilyId] : undefined;
}

/** Those that can be trained from scratch, as a list of choices. */
export const freshFamilies: readonly {
  readonly id: FreshFamilyId;
  readonly label: string;
  readonly stacked: boolean;
}[] = Object.keys(familyFacts).flatMap((id) => {
  const fresh = factsOf(id)?.fresh;
  return fresh ? [{ id: id as FreshFamilyId, ...fresh }] : [];
});
