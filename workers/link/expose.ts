/**
 * What crosses between the page and its workers beside plain data, on top of Comlink: `UserProblem`s and cancellations
 * thrown by a service arrive as such, and an `AbortSignal` can be an argument. Both sides import this file.
 */

import { expose, type TransferHandler, transferHandlers } from 'comlink';
import { toProblem, UserError, type UserProblem } from '../../src/core/errors.ts';
import { hearPlace } from '../../src/storage/place.ts';
import { holdLife } from './life.ts';

/** Offers a worker's service to the page. */
export function exposeService(service: object): void {
  hearPlace(globalThis);
  holdLife(globalThis);
  expose(service);
}

interface Thrown {
  readonly value: unknown;
}

const comlinkThrow = transferHandlers.get('throw') as TransferHandler<Thrown, unknown>;

/** Comlink's own handler keeps an error's message only; the problem's code and hint have to arrive too. */
const throwHandler: TransferHandler<Thrown, UserProblem> = {
  canHandle: (value): value is Thrown => comlinkThrow.canHandle(value),
  serialize: ({ value }) => [toProblem(value), []],
  deserialize: (problem) => {
    if (problem.code === 'cancelled') throw new DOMException(problem.message, 'AbortError');
    throw new UserError(problem);
  },
};

/** A signal travels as a port: the page posts on it once, when the signal aborts. */
const signalHandler: TransferHandler<AbortSignal, { aborted: boolean; port: MessagePort }> = {
  canHandle: (value): value is AbortSignal => value instanceof AbortSignal,
  serialize: (signal) => {
    const { port1, port2 } = new MessageChannel();
    signal.addEventListener('abort', () => port1.postMessage('abort'), { once: true });
    return [{ aborted: signal.aborted, port: port2 }, [port2]];
  },
  deserialize: ({ aborted, port }) => {
    const controller = new AbortController();
    if (aborted) controller.abort();
    port.onmessage = () => {
      controller.abort();
      port.close();
    };
    return controller.signal;
  },
};

transferHandlers.set('throw', throwHandler as TransferHandler<unknown, unknown>);
transferHandlers.set('abort-signal', signalHandler as TransferHandler<unknown, unknown>);
