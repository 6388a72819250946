/** A stream of best bids and offers on this machine, which misbehaves as told: the exchange's part in recording tests. */

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** What the server does with one connection, from its opening on. */
export type Conduct = (socket: WebSocket, symbols: readonly string[]) => void;

export class StreamServer {
  connections = 0;

  private constructor(private readonly server: WebSocketServer) {}

  /** Each connection meets the next conduct; the last one stays. */
  static async start(conducts: readonly Conduct[]): Promise<StreamServer> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    const stream = new StreamServer(server);
    server.on('connection', (socket, request) => {
      const streams = new URL(request.url ?? '', 'http://localhost').searchParams.get('streams') ?? '';
      const symbols = streams.split('/').map((name) => name.replace('@bookTicker', '').toUpperCase());
      const conduct = conducts[Math.min(stream.connections++, conducts.length - 1)];
      conduct?.(socket, symbols);
    });
    return stream;
  }

  get address(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const client of this.server.clients) client.terminate();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** An update as the exchange words it. */
function update(symbol: string, updateId: number, bid: number): string {
  const data = {
    u: updateId,
    s: symbol,
    b: bid.toFixed(2),
    B: '1.50000000',
    a: (bid + 0.01).toFixed(2),
    A: '2.25000000',
  };
  return JSON.stringify({ stream: `${symbol.toLowerCase()}@bookTicker`, data });
}

/** Quotes of every pair, every 20 ms. */
export function quoting(firstUpdateId = 1): Conduct {
  return (socket, symbols) => {
    let updateId = firstUpdateId;
    const timer = setInterval(() => {
      updateId++;
      for (const symbol of symbols) socket.send(update(symbol, updateId, 100 + (updateId % 50) / 100));
    }, 20);
    socket.on('close', () => clearInterval(timer));
  };
}

/** Garbage and old updates in between, then the line goes dead without a word. */
export const garbling: Conduct = (socket, symbols) => {
  quoting(1000)(socket, symbols);
  const timer = setInterval(() => {
    socket.send('not JSON at all {');
    socket.send(Buffer.from([1, 2, 3]));
    socket.send('{"data":{"s":"BTCUSDT","u":7,"b":"","B":"1","a":"2","A":"1"}}');
    for (const symbol of symbols) socket.send(update(symbol, 3, 1));
  }, 50);
  setTimeout(() => socket.terminate(), 1500);
  socket.on('close', () => clearInterval(timer));
};
