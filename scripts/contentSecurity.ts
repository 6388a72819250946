/**
 * The Content-Security-Policy, in one text for all places it is said in: the pages' own `<meta>`, the headers of the servers that come with this project
 * and of hosts that read `_headers`, and the service worker, which gives it to every answer, those for workers too.
 */

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';
import { officialServers, otherServers } from '../src/core/hosts.ts';

const root = resolve(import.meta.dirname, '..');

/** Without the first two there are no SharedArrayBuffers, and so no WASM threads. */
export const isolationHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** What every answer is to be sent with. */
export function answerHeaders(): Record<string, string> {
  return {
    ...isolationHeaders,
    // What a `<meta>` cannot say: nobody may frame the page and have it clicked on unseen.
    'Content-Security-Policy': `${pagePolicy()}; frame-ancestors 'none'`,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
  };
}

/** Of `index.html`. */
function pagePolicy(): string {
  const html = readFileSync(join(root, 'index.html'), 'utf8');
  const servers = [...Object.values(officialServers).flat(), ...otherServers];
  // Threads of onnxruntime-web start from blob: addresses. The script within the file is allowed by its hash.
  return [
    "default-src 'self'",
    `script-src 'self' 'wasm-unsafe-eval' ${scriptHashes(html).join(' ')}`,
    "worker-src 'self' blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    `connect-src 'self' ${servers.join(' ')}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** Of `study.html`, which reads nothing but its own server's files. */
const studyPolicy = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function scriptHashes(html: string): string[] {
  return [...html.matchAll(/<script>(.*?)<\/script>/gs)].map(
    ([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
  );
}

const PLACE = '__POLICY__';

/** Writes the policy into the pages, and `_headers` into the build. */
export function contentSecurity(): Plugin {
  let folder = '';
  return {
    name: 'pml-content-security',
    configResolved: (config) => {
      folder = resolve(config.root, config.build.outDir);
    },
    transformIndexHtml: {
      order: 'pre',
      handler: (html, { filename }) => {
        if (!html.includes(PLACE)) throw new Error(`${filename} has no place for its Content-Security-Policy`);
        return html.replace(PLACE, filename.endsWith('study.html') ? studyPolicy : pagePolicy());
      },
    },
    writeBundle() {
      const lines = Object.entries(answerHeaders()).map(([name, value]) => `  ${name}: ${value}`);
      writeFileSync(join(folder, HEADERS_FILE), `/*\n${lines.join('\n')}\n`);
    },
  };
}

/** Read by Netlify and Cloudflare Pages, and not served by them. */
export const HEADERS_FILE = '_headers';
