/** `npm start`: builds the page, serves it with isolation headers on a free port, prints the address and opens it. */

import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { build, preview } from 'vite';

const root = resolve(import.meta.dirname, '..');
await build({ root, logLevel: 'warn' });
const server = await preview({ root });
const address = server.resolvedUrls?.local[0];
console.log(`PML Lab is served at ${address} (stop it with Ctrl+C).`);
if (address) openBrowser(address);

/** Opens the address where there is a desktop; where there is none nothing happens. */
function openBrowser(url: string): void {
  const { platform, env } = process;
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return;
  const [command, args]: [string, string[]] =
    platform === 'win32'
      ? ['cmd', ['/c', 'start', '""', url]]
      : platform === 'darwin'
        ? ['open', [url]]
        : ['xdg-open', [url]];
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => console.log('No browser could be opened: open the address by hand.'))
    .unref();
}
