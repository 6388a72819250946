/** Hosts the study service, with a model worker, a training worker and backtest workers of its own. The page only asks and shows. */

import '../link/guard.ts';
import { openFiles } from '../../src/storage/place.ts';
import { createStudyService } from '../../src/studies/service.ts';
import { BacktestPool } from '../backtests/client.ts';
import { exposeService } from '../link/expose.ts';
import { fetchEmbeddedCheckpoint } from '../model/embeddedFiles.ts';
import { StudyModels } from './models.ts';

let pool: BacktestPool | undefined;

exposeService(
  createStudyService({
    files: openFiles(),
    machineOn: (provider, sourceOf) => new StudyModels(provider, sourceOf),
    fetchEmbedded: fetchEmbeddedCheckpoint,
    backtester: () => {
      pool ??= new BacktestPool();
      return pool;
    },
  }),
);
