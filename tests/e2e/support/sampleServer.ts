/** Serves the reference quote files as the public repositories they come from, and misbehaves as told. */

import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { sharedRoot } from '../../support/shared.ts';

/** Answers one request in place of the file; false: the file is sent after all. */
export type Mischief = (path: string, response: ServerResponse) => boolean;

export class SampleServer {
  requests = 0;
  mischief: Mischief = () => false;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<SampleServer> {
    const server = createServer();
    const samples = new SampleServer(server);
    server.on('request', (request, response) => {
      samples.requests++;
      response.setHeader('Access-Control-Allow-Origin', '*');
      const path = decodeURIComponent(request.url ?? '');
      if (samples.mischief(path, response)) return;
      const file = reference(path);
      if (file === undefined) response.writeHead(404).end();
      else createReadStream(file).pipe(response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return samples;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** `/<owner>/<name>/<commit>/<path>` → the file among the references. */
function reference(path: string): string | undefined {
  const file = path
    .replace(/^\/QuantConnect\/Lean\/[0-9a-f]{40}\/Data\//, 'lean/')
    .replace(/^\/nkaz001\/hftbacktest\/[0-9a-f]{40}\/examples\//, 'hftbacktest/');
  const full = join(sharedRoot, 'quotes', file);
  return existsSync(full) ? full : undefined;
}
