/** Hosts the model service: checkpoints, sessions and forecasts live here. */

import { transfer } from 'comlink';
import { createModelService, type ModelService } from '../src/models/service.ts';
import { exposeService } from './wire.ts';

const service = createModelService();

const transferring: ModelService = {
  ...service,
  forecast: async (...request) => {
    const forecasts = await service.forecast(...request);
    return transfer(forecasts, [forecasts.predictedMid.buffer]);
  },
};

exposeService(transferring);
