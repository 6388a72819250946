/** Hosts the checkpoints kept on this device: downloads go on while a model computes in its own worker. */

import '../link/guard.ts';
import { wait } from '../../src/core/yielding.ts';
import { CheckpointLibrary } from '../../src/models/hub/library.ts';
import { openFiles } from '../../src/storage/place.ts';
import { exposeService } from '../link/expose.ts';

const library = new CheckpointLibrary({
  fetch: (url, init) => fetch(url, init),
  store: openFiles(),
  wait,
  stallMs: 30_000,
});

export type HubService = CheckpointLibrary;

exposeService(library);
