/**
 * Checks every request of the page or of a worker before it leaves: imported first by each, so that libraries cannot ask past it either. A worker
 * has the page's Content-Security-Policy only where the server, or the service worker, sends it as a header; this holds everywhere.
 */

import { checkAddress } from '../../src/core/hosts.ts';

const pageOrigin = location.origin;
const check = (address: string | URL): void => checkAddress(address, pageOrigin);

const plainFetch = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  check(input instanceof Request ? input.url : input);
  const response = await plainFetch(input, init);
  // Where it was led to in between; data that came from elsewhere are not read.
  if (response.url !== '') check(response.url);
  return response;
};

/** A constructor whose first argument is an address, which is checked. */
function checked<Made extends object>(original: new (...args: never[]) => Made): typeof original {
  return new Proxy(original, {
    construct: (target, args, newTarget: new (...args: never[]) => Made) => {
      check(String(args[0]));
      return Reflect.construct(target, args, newTarget) as Made;
    },
  });
}

globalThis.WebSocket = checked(WebSocket) as typeof WebSocket;
if ('EventSource' in globalThis) globalThis.EventSource = checked(EventSource) as typeof EventSource;
if ('WebTransport' in globalThis) globalThis.WebTransport = checked(WebTransport) as typeof WebTransport;

const plainOpen = XMLHttpRequest.prototype.open as (method: string, url: string | URL, ...rest: unknown[]) => void;
XMLHttpRequest.prototype.open = function (this: XMLHttpRequest, method: string, url: string | URL, ...rest: unknown[]) {
  check(url);
  plainOpen.call(this, method, url, ...rest);
};
