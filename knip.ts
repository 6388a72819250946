/** What `npm run check` calls unused: files, exports and dependencies that nothing imports. */

import type { KnipConfig } from 'knip';

export default {
  entry: [
    'workers/*/*worker.ts!',
    'scripts/*.ts!',
    'tests/**/*.{test,spec,bench}.{ts,tsx}',
    'tests/support/goldenReporter.ts',
    'tests/faults/support/parserWorker.ts',
    'tests/browser/*.worker.ts',
    // Bundled for a browser by the benchmark beside it.
    'tests/bench/webgpuPass.ts',
    // The live twin of the causal sweep: equal to it (tested), for pages that stream.
    'src/models/sweep/live.ts!',
    // Estimators that reference cases pin.
    'src/analysis/{forecastEvaluation/evaluate,spanning/costs,spanning/regressions}.ts!',
    'src/risk/decomposition/{gaussian,quantile}Uncertainty.ts!',
    'src/risk/inference/sharpeDifference.ts!',
  ],
  project: ['src/**/*.{ts,tsx}!', 'workers/**/*.ts!', 'scripts/**/*.ts!', 'tests/**/*.{ts,tsx}'],
  // A type says what an exported function takes or gives, whether or not somebody names it.
  exclude: ['types'],
  // Biome is run by its name, and apt-get is there where it is used.
  ignoreDependencies: ['@biomejs/biome'],
  ignoreBinaries: ['apt-get', 'tsx'],
} satisfies KnipConfig;
