/** Hosts fine-tuning by the training graph. */

import '../link/guard.ts';
import { openBrowserRuntime, type ProviderPreference } from '../../src/models/runtime/browser.ts';
import type { Runtime } from '../../src/models/runtime/runtime.ts';
import { openFiles } from '../../src/storage/place.ts';
import { GraphTrainer } from '../../src/training/graphTrainer.ts';
import { createTrainingService } from '../../src/training/service.ts';
import { exposeService } from '../link/expose.ts';

const runtimes = new Map<ProviderPreference, Promise<Runtime>>();

function runtimeFor(preference: ProviderPreference): Promise<Runtime> {
  const runtime = runtimes.get(preference) ?? openBrowserRuntime(preference);
  runtimes.set(preference, runtime);
  runtime.catch(() => runtimes.delete(preference));
  return runtime;
}

exposeService(
  createTrainingService(
    async (task, start, preference) => GraphTrainer.create(await runtimeFor(preference), task, start),
    openFiles(),
  ),
);
