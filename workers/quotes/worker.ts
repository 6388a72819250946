/** Hosts the quotes service: series and grids live here. */

import '../link/guard.ts';
import { transfer } from 'comlink';
import { buffersOf } from '../../src/core/buffers.ts';
import { createQuotesService, type QuotesService } from '../../src/quotes/service.ts';
import { exposeService } from '../link/expose.ts';

const service = createQuotesService();

const transferring: QuotesService = {
  ...service,
  sample: async (...request) => {
    const grids = await service.sample(...request);
    return transfer(grids, buffersOf(grids));
  },
};

exposeService(transferring);
