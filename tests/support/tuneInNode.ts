/** Fine-tunes in node as the page's training worker does, and opens what comes out. */

import { openCheckpoint } from '../../src/models/checkpoint.ts';
import { createForecaster } from '../../src/models/forecaster.ts';
import type { Runtime } from '../../src/models/runtime/runtime.ts';
import type { CheckpointFiles, Forecaster } from '../../src/models/types.ts';
import type { StudyEnvironment } from '../../src/studies/machine/environment.ts';
import { GraphTrainer } from '../../src/training/graphTrainer.ts';
import { createTrainingService } from '../../src/training/service.ts';
import { MemoryStore } from './memoryStore.ts';

/** @param filesOf the checkpoint of a manifest's model */
export function tuneInNode(
  runtime: Runtime,
  filesOf: (model: Parameters<StudyEnvironment['tune']>[0]) => CheckpointFiles,
): StudyEnvironment['tune'] {
  const service = createTrainingService((task, start) => GraphTrainer.create(runtime, task, start), new MemoryStore());
  return async (model, grids, settings, signal = new AbortController().signal): Promise<Forecaster> => {
    const request = { source: filesOf(model), answers: {}, grids, settings, preference: 'wasm' } as const;
    const { files } = await service.run(request, () => {}, signal);
    return createForecaster(await openCheckpoint(files), runtime);
  };
}
