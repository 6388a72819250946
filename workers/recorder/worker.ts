/** Hosts the recorder of live quotes. A worker of its own: its timers keep running while the page is hidden. */

import '../link/guard.ts';
import { createRecorderService } from '../../src/quotes/recording/service.ts';
import { exposeService } from '../link/expose.ts';

exposeService(createRecorderService());
