/** A static host like any other: serves a folder with types and nothing else, without isolation headers. Its folder can be changed. */

import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

export interface PlainHost {
  readonly base: string;
  folder: string;
  /** Whether it answers for a missing file with the page, as hosts of single-page applications do. */
  answersAll: boolean;
  close(): Promise<void>;
}

export async function startPlainHost(folder: string): Promise<PlainHost> {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname));
    let file = join(host.folder, path.endsWith('/') ? `${path}index.html` : path);
    if (!file.startsWith(host.folder) || !existsSync(file) || !statSync(file).isFile()) {
      if (!host.answersAll) {
        response.writeHead(404).end();
        return;
      }
      file = join(host.folder, 'index.html');
    }
    response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
  const host: PlainHost = {
    base: '',
    folder,
    answersAll: false,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(host, { base: `http://localhost:${(server.address() as AddressInfo).port}` });
}
