/** Hosts fine-tuning by TensorFlow.js, which is loaded with this worker only. */

import '../link/guard.ts';
import { openFiles } from '../../src/storage/place.ts';
import { createTrainingService } from '../../src/training/service.ts';
import { openTensorflow } from '../../src/training/tensorflow/browser.ts';
import { TensorflowTrainer } from '../../src/training/tensorflow/trainer.ts';
import { exposeService } from '../link/expose.ts';

exposeService(
  createTrainingService(
    async (task, start, preference) => new TensorflowTrainer(await openTensorflow(preference), task, start),
    openFiles(),
  ),
);
