/** TensorFlow.js as this program uses it: the core with its gradients. Imported by training workers only. */

import '@tensorflow/tfjs-core/dist/register_all_gradients';

export * from '@tensorflow/tfjs-core';
