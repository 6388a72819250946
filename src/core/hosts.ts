/**
 * The servers that the page and its workers may reach besides the one they came from: the one list, from which the Content-Security-Policy is
 * made (`scripts/contentSecurity.ts`) and against which every request is checked before it leaves (`workers/link/guard.ts`).
 */

import { fail } from './errors.ts';

/** What a server is asked for. */
export type Purpose = 'models' | 'samples' | 'streams';

/** The servers that the page asks by itself when somebody wants what they have. Written as sources of a Content-Security-Policy. */
export const officialServers: Readonly<Record<Purpose, readonly string[]>> = {
  models: ['https://huggingface.co', 'https://*.huggingface.co', 'https://*.hf.co'],
  samples: ['https://raw.githubusercontent.com'],
  streams: ['wss://stream.binance.com:9443', 'wss://fstream.binance.com'],
};

/**
 * Servers that a link can name in place of an official one (`src/app/address.ts`). None is asked before a click on a button that names it.
 * To use a mirror, add it here and build the page again.
 */
export const otherServers: readonly string[] = [
  'http://localhost:*',
  'http://127.0.0.1:*',
  'ws://localhost:*',
  'ws://127.0.0.1:*',
];

/** `official`: may be asked; `other`: after a click that names it; `unknown`: never. */
export type Standing = 'official' | 'other' | 'unknown';

/** How an address stands, for a purpose or for any. */
export function standingOf(address: string, purpose?: Purpose): Standing {
  const url = parsed(address);
  // A name before the host looks like another host, and would be sent.
  if (url === undefined || url.username !== '' || url.password !== '') return 'unknown';
  const official = purpose ? officialServers[purpose] : Object.values(officialServers).flat();
  if (official.some((source) => matches(url, source))) return 'official';
  return otherServers.some((source) => matches(url, source)) ? 'other' : 'unknown';
}

/** Origins of `otherServers` that somebody allowed by a click: in this page or worker, until it ends. */
const clicked = new Set<string>();

/**
 * Takes note that somebody clicked on a button with this address in full.
 * @throws UserError where it is none of the servers that may be asked
 */
export function admitServer(address: string, purpose: Purpose): void {
  const standing = standingOf(address, purpose);
  if (standing === 'unknown') refuse(address);
  if (standing === 'other') clicked.add(new URL(address).origin);
}

/**
 * Lets an address pass, or not: it is of the page's own server, official, or was clicked on.
 *
 * @param pageOrigin origin of the page
 * @throws UserError `network/not-allowed`
 */
export function checkAddress(address: string | URL, pageOrigin: string): void {
  const url = parsed(String(address), pageOrigin);
  if (!url) refuse(String(address));
  if (url.protocol === 'blob:' || url.protocol === 'data:') return;
  // The page's own server may be asked for a stream of changes, where it serves while one develops.
  const origin = url.origin.replace(/^ws/, 'http');
  if (origin === pageOrigin && url.username === '') return;
  if (standingOf(url.href) === 'official' || clicked.has(url.origin)) return;
  refuse(url.href);
}

function parsed(address: string, base?: string): URL | undefined {
  try {
    return new URL(address, base);
  } catch {
    return undefined;
  }
}

function refuse(address: string): never {
  return fail('network/not-allowed', `This page may not reach ${address.split(/[?#]/, 1)[0]}, and did not.`, {
    hint: 'The servers it may reach are listed in its source, src/core/hosts.ts.',
  });
}

/** Whether an address is within a source such as `https://*.example.org` or `http://localhost:*`. */
function matches(url: URL, source: string): boolean {
  const [, scheme, host = '', port = ''] = /^(\w+):\/\/([^:/]+)(?::(\d+|\*))?$/.exec(source) ?? [];
  if (url.protocol !== `${scheme}:`) return false;
  if (port !== '*' && url.port !== port) return false;
  return host.startsWith('*.') ? url.hostname.endsWith(host.slice(1)) : url.hostname === host;
}
