/**
 * A vite plugin for browser tests: serves the reference folder (`$PML_SHARED`, default `../shared`) under `/@shared/`.
 * A file answers with its bytes, a folder with the JSON array of its names (folders end in `/`), anything else with 404.
 */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Plugin } from 'vite';

const prefix = '/@shared/';

export function serveShared(): Plugin {
  const root = resolve(process.env.PML_SHARED ?? join(import.meta.dirname, '../../shared'));
  return {
    name: 'serve-shared',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = new URL(request.url ?? '/', 'http://localhost').pathname;
        if (!path.startsWith(prefix)) return next();
        const found = lookUp(root, decodeURIComponent(path.slice(prefix.length)));
        response.statusCode = found ? 200 : 404;
        response.setHeader('Content-Type', found?.type ?? 'text/plain');
        response.end(found?.body ?? 'not found');
      });
    },
  };
}

function lookUp(root: string, path: string): { type: string; body: string | Buffer } | undefined {
  const full = join(root, path);
  if (relative(root, full).startsWith('..')) return undefined;
  const stat = statSync(full, { throwIfNoEntry: false });
  if (stat?.isFile()) return { type: 'application/octet-stream', body: readFileSync(full) };
  if (!stat?.isDirectory()) return undefined;
  const names = readdirSync(full, { withFileTypes: true }).map(
    (entry) => entry.name + (entry.isDirectory() ? '/' : ''),
  );
  return { type: 'application/json', body: JSON.stringify(names.sort()) };
}
