/** Hosts backtests; nothing is kept between two calls. */

import '../link/guard.ts';
import { transfer } from 'comlink';
import { type Backtester, directBacktester } from '../../src/marketLine/backtester.ts';
import { exposeService } from '../link/expose.ts';

const service: Backtester = {
  run: async (...request) => {
    const batch = await directBacktester.run(...request);
    return transfer(batch, [batch.periodReturns.buffer]);
  },
  detail: async (job) => {
    const detail = await directBacktester.detail(job);
    return transfer(detail, [detail.equity.buffer]);
  },
};

exposeService(service);
