/** The paper's Table 2 (arXiv 2510.17165): to be shown beside this program's figures, labelled as the paper's, never mixed with them. */

import { factsOf } from '../models/familyFacts.ts';

export interface PaperRow {
  readonly model: string;
  readonly kind: 'foundation' | 'baseline';
  /** SR_θ, annual, and its standard error. */
  readonly slope: number;
  readonly stdErr: number;
  readonly r2: number;
}

export const paperTable: readonly PaperRow[] = [
  { model: 'TimesFM-v2', kind: 'foundation', slope: 3.87, stdErr: 0.18, r2: 0.86 },
  { model: 'Moirai', kind: 'foundation', slope: 3.39, stdErr: 0.16, r2: 0.86 },
  { model: 'Chronos', kind: 'foundation', slope: 3.31, stdErr: 0.17, r2: 0.83 },
  { model: 'Timer', kind: 'foundation', slope: 2.77, stdErr: 0.16, r2: 0.8 },
  { model: 'TTM', kind: 'foundation', slope: 2.41, stdErr: 0.17, r2: 0.72 },
  { model: 'LSTM', kind: 'baseline', slope: 3.44, stdErr: 0.59, r2: 0.3 },
  { model: 'ALSTM', kind: 'baseline', slope: 3.19, stdErr: 0.39, r2: 0.47 },
  { model: 'SFM', kind: 'baseline', slope: 2.85, stdErr: 0.71, r2: 0.17 },
  { model: 'GRU', kind: 'baseline', slope: 2.77, stdErr: 0.65, r2: 0.19 },
  { model: 'MLP', kind: 'baseline', slope: 1.73, stdErr: 0.37, r2: 0.23 },
];

/** @param family as in a model card; undefined where the paper has no such family */
export function paperRowOf(family: string): PaperRow | undefined {
  const named = factsOf(family)?.paperRow;
  return paperTable.find(({ model }) => model === named);
}
