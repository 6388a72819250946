/**
 * Gives up calls to a back end that never settle (a graphics driver that hangs): onnxruntime-web has no abort, so whoever gets the problem has to
 * replace the worker. How long a call may take grows with what calls took before.
 */

import { UserError } from '../../core/errors.ts';

export interface WatchdogLimits {
  /** For the first call, which compiles shaders: minutes on a slow device. */
  readonly firstMs: number;
  /** For any later one, and this many times as long as the longest so far. */
  readonly leastMs: number;
  readonly times: number;
}

const usual: WatchdogLimits = { firstMs: 120_000, leastMs: 30_000, times: 20 };

export class Watchdog {
  private longestMs: number | undefined;

  constructor(private readonly limits: WatchdogLimits = usual) {}

  /** How long the next call may take. */
  get limitMs(): number {
    const { firstMs, leastMs, times } = this.limits;
    return this.longestMs === undefined ? firstMs : Math.max(leastMs, times * this.longestMs);
  }

  /** @throws UserError `runtime/silent` where the call does not settle in time */
  async watch<T>(call: () => Promise<T>): Promise<T> {
    const { limitMs } = this;
    const startMs = performance.now();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new UserError(silent(limitMs))), limitMs);
    });
    try {
      const result = await Promise.race([call(), late]);
      this.longestMs = Math.max(this.longestMs ?? 0, performance.now() - startMs);
      return result;
    } finally {
      clearTimeout(timer);
    }
  }
}

function silent(limitMs: number) {
  return {
    code: 'runtime/silent',
    message: `The graphics processor did not answer for ${Math.round(limitMs / 1000)} s and was given up.`,
    hint: 'Run again, or choose the WASM back end: what was finished is kept.',
  };
}
