/**
 * How a page learns at once that a worker has ended without a word, where the browser ended it for want of memory or it closed itself: the worker holds
 * a lock for as long as it lives, and the page waits for it. A worker that is merely busy keeps its lock.
 */

interface LifeMessage {
  /** Empty where the browser gives no locks (a page that is not served securely): the page is left to wait for answers. */
  readonly lifeLock: string;
}

/** In a worker: takes a lock that ends with it, and names it to the page. */
export function holdLife(scope: { postMessage(message: LifeMessage): void }): void {
  const without = (): void => scope.postMessage({ lifeLock: '' });
  if (!navigator.locks) {
    without();
    return;
  }
  const lifeLock = `pml-life-${crypto.randomUUID()}`;
  const hold = (): Promise<never> => {
    scope.postMessage({ lifeLock });
    return new Promise(() => {});
  };
  navigator.locks.request(lifeLock, hold).catch(without);
}

/** In the page: calls back once the worker has ended. Resolves when it is being watched, before which nothing should be asked of it. */
export function watchLife(worker: Pick<Worker, 'addEventListener'>, onEnd: () => void): Promise<void> {
  return new Promise((resolve) => {
    worker.addEventListener('message', (event) => {
      const data: unknown = event instanceof MessageEvent ? event.data : undefined;
      if (!isLifeMessage(data)) return;
      if (data.lifeLock !== '') void navigator.locks.request(data.lifeLock, onEnd);
      resolve();
    });
  });
}

function isLifeMessage(data: unknown): data is LifeMessage {
  return typeof data === 'object' && data !== null && 'lifeLock' in data;
}
