/** Hosts the model service: checkpoints, sessions and forecasts live here. */

import '../link/guard.ts';
import { transfer } from 'comlink';
import { isShared, toShared } from '../../src/core/sharedArray.ts';
import { createModelService, type ModelService } from '../../src/models/service.ts';
import { exposeService } from '../link/expose.ts';

const service = createModelService();

const transferring: ModelService = {
  ...service,
  forecast: async (...request) => {
    const forecasts = await service.forecast(...request);
    // In shared memory, where there is some, all workers that backtest them read them in place.
    const predictedMid = toShared(forecasts.predictedMid);
    return transfer({ ...forecasts, predictedMid }, isShared(predictedMid) ? [] : [predictedMid.buffer]);
  },
};

exposeService(transferring);
