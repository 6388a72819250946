/** A worker that can be told to answer, to fail in every way a worker fails, and to fall silent. */

import { fail } from '../../src/core/errors.ts';
import { exposeService } from '../../workers/link/expose.ts';

export const fixtureService = {
  async double(value: number): Promise<number> {
    return 2 * value;
  },
  async problem(): Promise<never> {
    return fail('fixture/wrong', 'The value is wrong.', { hint: 'Use another.', where: 'value' });
  },
  async waitForAbort(signal: AbortSignal, onAbort: () => void): Promise<void> {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    onAbort();
    signal.throwIfAborted();
  },
  async crash(): Promise<never> {
    setTimeout(() => {
      throw new Error('out of luck');
    });
    return new Promise(() => {});
  },
  /** As a browser ends a worker that takes too much memory: without an error. */
  async closeItself(): Promise<never> {
    globalThis.close();
    return new Promise(() => {});
  },
  async spin(): Promise<void> {
    for (;;);
  },
};

export type FixtureService = typeof fixtureService;

exposeService(fixtureService);
