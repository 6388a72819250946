/** Time and sockets that a test plays: nothing here waits. */

import type { Clock, OpenSocket, SocketEvents } from '../../../../src/quotes/recording/connection.ts';

export class FakeClock implements Clock {
  private due: { readonly atMs: number; readonly callback: () => void }[] = [];

  constructor(private timeMs = 1_700_000_000_000) {}

  nowMs(): number {
    return this.timeMs;
  }

  after(ms: number, callback: () => void): () => void {
    const entry = { atMs: this.timeMs + ms, callback };
    this.due.push(entry);
    return () => {
      this.due = this.due.filter((each) => each !== entry);
    };
  }

  /** Lets time pass; whatever falls due is called at its time. */
  advance(ms: number): void {
    const untilMs = this.timeMs + ms;
    for (;;) {
      const next = this.due.reduce((a, b) => (b.atMs < a.atMs ? b : a), { atMs: untilMs + 1, callback: () => {} });
      if (next.atMs > untilMs) break;
      this.due = this.due.filter((each) => each !== next);
      this.timeMs = Math.max(this.timeMs, next.atMs);
      next.callback();
    }
    this.timeMs = untilMs;
  }

  /** The device sleeps: time passes and nothing is called. */
  sleep(ms: number): void {
    this.timeMs += ms;
  }
}

/** Every socket that was opened, to be played by the test. */
export class FakeNetwork {
  readonly sockets: { readonly url: string; readonly events: SocketEvents; closed: boolean }[] = [];

  readonly open: OpenSocket = (url, events) => {
    const socket = { url, events, closed: false };
    this.sockets.push(socket);
    return {
      close: () => {
        socket.closed = true;
      },
    };
  };

  get latest(): SocketEvents {
    return this.sockets.at(-1)!.events;
  }
}

/** A message of a combined stream. */
export function ticker(symbol: string, updateId: number, bid: number, ask: number): string {
  const data = { u: updateId, s: symbol, b: String(bid), B: '1.5', a: String(ask), A: '2.5' };
  return JSON.stringify({ stream: `${symbol.toLowerCase()}@bookTicker`, data });
}
