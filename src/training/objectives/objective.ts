/** What a family is trained by: which of its graphs, what is fed besides the context, and the loss. */

import type { BatchShape } from '../../models/family.ts';
import type { Graph } from '../../models/graph/builder.ts';
import type { Tensor } from '../../models/graph/ir.ts';
import type { Feeds } from '../../models/runtime/runtime.ts';
import type { OrderedTokens } from '../initialise.ts';
import type { Windows } from '../windows.ts';

export interface Objective {
  /** Name of the loss, for people and for provenance. */
  readonly name: string;
  /** Steps after its context that a window has. */
  readonly horizon: number;
  /** A table whose tokens stand for values. */
  readonly ordered?: OrderedTokens;
  /** What the graph is built for besides contexts. */
  readonly batch: Pick<BatchShape, 'part' | 'steps'>;
  /** One element, from the outputs and labels the architecture left in the graph. */
  readonly loss: (g: Graph) => Tensor;
  /** Graph inputs of a batch but for masks. */
  readonly feeds: (windows: Windows) => Feeds;
}
