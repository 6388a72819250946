/** One thing at a time: requests wait for each other, whatever became of those before. */

export class Turns {
  private last: Promise<unknown> = Promise.resolve();

  /** Starts a request when every earlier one has settled; settles as it does. */
  take<T>(request: () => Promise<T>): Promise<T> {
    const result = this.last.then(request);
    this.last = result.catch(() => undefined);
    return result;
  }
}
