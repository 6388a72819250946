/** What is tried when a back end fails: the same in a fresh worker, then smaller batches, then WASM where the choice of back end was left open. */

import type { UserProblem } from '../../src/core/errors.ts';
import type { ProviderPreference } from '../../src/models/runtime/browser.ts';
import type { Provider } from '../../src/models/types.ts';

/** How a checkpoint is loaded anew. */
export interface Recovery {
  readonly preference: ProviderPreference;
  readonly smallBatches: boolean;
  /** For people: what happened, and what was done about it. */
  readonly note: string;
}

/** What has been tried for one request. */
export interface Attempt {
  readonly preference: ProviderPreference;
  readonly provider: Provider;
  readonly smallBatches: boolean;
  /** Failures of this request so far. */
  readonly failures: number;
}

/** Whether another worker may get further: anything else is a matter of the request. */
export function isFailedBackend({ code }: UserProblem): boolean {
  return code.startsWith('runtime/') || code === 'worker/failed' || code === 'worker/silent';
}

/** The next thing to try; undefined where there is nothing left. */
export function nextRecovery(problem: UserProblem, attempt: Attempt): Recovery | undefined {
  const { preference, provider, smallBatches, failures } = attempt;
  const happened = problem.message;
  // A graph that is refused, or does not fit, is so in a fresh worker too.
  const again = problem.code !== 'runtime/create' && problem.code !== 'runtime/too-large';
  if (again && failures === 1) {
    return { preference, smallBatches, note: `${happened} The same was done again in a fresh worker.` };
  }
  if (again && !smallBatches) {
    return { preference, smallBatches: true, note: `${happened} From there on it computes in smaller batches.` };
  }
  if (provider === 'webgpu' && preference === 'auto') {
    return {
      preference: 'wasm',
      smallBatches: false,
      note: `${happened} From there on it computes on WASM, which agrees with WebGPU to rounding.`,
    };
  }
  return undefined;
}
