/**
 * A worker the page can rely on. Comlink alone never settles a call whose worker died; here every call settles: with the answer, or
 * with a clear problem when the worker fails, stops answering or is stopped. After that the next call starts a fresh worker.
 */

import { type Remote, wrap } from 'comlink';
import { UserError, type UserProblem } from '../../src/core/errors.ts';
import { tellPlace } from '../../src/storage/place.ts';
import './expose.ts';
import { watchLife } from './life.ts';

/** Asking a Comlink endpoint for a property it lacks answers `undefined`: proof that it is loaded and its loop is free. */
interface Pulse {
  readonly alive: Promise<undefined>;
}

export interface LinkOptions {
  /** What the worker is for, for people: "the model", "reading quotes". */
  readonly purpose: string;
  /** A worker that has calls pending and has not answered a heartbeat for this long is given up. */
  readonly silenceLimitMs: number | (() => number);
}

/** One running worker. */
interface Life<Service> {
  readonly remote: Remote<Service>;
  readonly ready: Promise<void>;
  /** Rejects the calls that are under way, when it fails or is stopped. */
  readonly waiting: Set<(reason: Error) => void>;
  readonly end: (reason: Error) => void;
}

const heartbeatMs = 2_000;

export class WorkerLink<Service> {
  private life: Life<Service> | undefined;
  private pending = 0;
  private started = 0;

  constructor(
    private readonly spawn: () => Worker,
    private readonly options: LinkOptions,
  ) {}

  /** Which worker is running, counted from 1; undefined where none is. State held by another one is lost. */
  get generation(): number | undefined {
    return this.life && this.started;
  }

  /** Runs one request on the worker, which is started if need be. */
  async call<T>(request: (service: Remote<Service>) => Promise<T>): Promise<T> {
    this.life ??= this.start();
    const { ready, waiting, remote } = this.life;
    this.pending++;
    // Not a race with one promise for the whole life of the worker: each call would leave its share behind there.
    let fail: (reason: Error) => void = () => {};
    try {
      return await new Promise<T>((resolve, reject) => {
        fail = reject;
        waiting.add(fail);
        ready.then(() => request(remote)).then(resolve, reject);
      });
    } finally {
      waiting.delete(fail);
      this.pending--;
    }
  }

  /** Stops the worker; what is pending rejects with an AbortError. */
  stop(): void {
    this.life?.end(new DOMException('Cancelled.', 'AbortError'));
  }

  private start(): Life<Service> {
    this.started++;
    const worker = this.spawn();
    const pulse = wrap<Pulse>(worker);
    const waiting = new Set<(reason: Error) => void>();
    const end = (reason: Error): void => {
      if (this.life === life) this.life = undefined;
      clearInterval(watchdog);
      worker.terminate();
      for (const fail of waiting) fail(reason);
    };
    const watchdog = this.watch(pulse, end);
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      end(new UserError(this.failure(event.message)));
    });
    worker.addEventListener('messageerror', () => end(new UserError(this.failure('a message could not be read'))));
    const watched = watchLife(worker, () =>
      end(new UserError(this.failure('it ended without a word, perhaps for want of memory'))),
    );
    // Told before it is asked anything: its files are this page's.
    const ready = Promise.all([pulse.alive, tellPlace(worker), watched]).then(() => undefined);
    const life: Life<Service> = { remote: wrap<Service>(worker), ready, waiting, end };
    return life;
  }

  private watch(pulse: Remote<Pulse>, end: (reason: Error) => void): ReturnType<typeof setInterval> {
    let waitingSinceMs: number | undefined;
    let lastMs = performance.now();
    return setInterval(() => {
      const nowMs = performance.now();
      // A page that was frozen or asleep was not listening: the worker has all its time again.
      if (waitingSinceMs !== undefined && nowMs - lastMs > 3 * heartbeatMs) waitingSinceMs = nowMs;
      lastMs = nowMs;
      if (waitingSinceMs === undefined) {
        if (this.pending === 0) return;
        waitingSinceMs = nowMs;
        void Promise.resolve(pulse.alive).then(() => {
          waitingSinceMs = undefined;
        });
      } else if (nowMs - waitingSinceMs > this.silenceLimitMs()) end(new UserError(this.silence()));
    }, heartbeatMs);
  }

  private silenceLimitMs(): number {
    const { silenceLimitMs } = this.options;
    return typeof silenceLimitMs === 'number' ? silenceLimitMs : silenceLimitMs();
  }

  private failure(detail: string): UserProblem {
    return {
      code: 'worker/failed',
      message: `The worker for ${this.options.purpose} failed${detail ? `: ${detail}` : '.'}`,
      hint: 'The rest of the session is intact; try again, a fresh worker is started.',
    };
  }

  private silence(): UserProblem {
    const seconds = Math.round(this.silenceLimitMs() / 1000);
    return {
      code: 'worker/silent',
      message: `The worker for ${this.options.purpose} did not answer for ${seconds} s and was stopped.`,
      hint: 'The rest of the session is intact; try again with less to do, a fresh worker is started.',
    };
  }
}
