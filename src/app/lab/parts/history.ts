/** Earlier runs and studies on this device. */

import { forgetKept, keptBytes, keptFiles, keptFolders, keptLimit } from '../../../../workers/kept/client.ts';
import { createHistory, type History } from '../run/history.ts';

export function createKeptHistory(): History {
  return createHistory({
    records: keptFiles(keptFolders.records),
    results: keptFiles(keptFolders.results),
    forecasts: {
      bytes: () => keptBytes(keptFolders.forecasts),
      forget: () => forgetKept(keptFolders.forecasts),
      limit: keptLimit,
    },
  });
}
