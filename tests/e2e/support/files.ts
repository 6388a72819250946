/** The reference files the tests drop on the page. */

import { join } from 'node:path';
import { sharedFiles, sharedRoot } from '../../support/shared.ts';

const second = 'quotes/lean/equity/usa/second';

/** Four SPY, five AIG and four BAC days; files of different symbols share their names. */
export const leanFiles: readonly string[] = ['spy', 'aig', 'bac'].flatMap((symbol) =>
  sharedFiles(`${second}/${symbol}`, '.zip').map((name) => join(sharedRoot, second, symbol, name)),
);

/** The two files of a checkpoint among the reference cases. */
function checkpointFiles(folder: string): string[] {
  return ['config.json', 'model.safetensors'].map((name) => join(sharedRoot, 'golden', folder, name));
}

/** Real pre-trained weights, a context of 1024 ticks. */
export const realCheckpoint = checkpointFiles('ttm/real-ttm-v1-1024-96');
/** Random weights, a context of 96 ticks: quick. */
export const smallCheckpoint = checkpointFiles('ttm/small-common');
