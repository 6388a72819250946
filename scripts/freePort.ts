/** A TCP port of this machine that nothing listens on right now. */

import { createServer } from 'node:net';

export function freePort(): Promise<number> {
  return new Promise((done, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address && typeof address === 'object' ? done(address.port) : reject(new Error('no port'))));
    });
  });
}
