/** A server that the page has no business with: it counts who connects, and would answer anything. */

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export class ForeignServer {
  /** Connections, of which a single byte would be one too many. */
  connections = 0;
  /** Method, path and token of each request. */
  readonly requests: string[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<ForeignServer> {
    const server = createServer((request, response) => {
      foreign.requests.push(`${request.method} ${request.url} ${request.headers.authorization ?? 'no token'}`);
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
      response.writeHead(404).end('Nothing of the kind is here.');
    });
    const foreign = new ForeignServer(server);
    server.on('connection', () => foreign.connections++);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return foreign;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
