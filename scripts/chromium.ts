/**
 * Finds the Chromium that tests drive, or installs one where that is possible, and names the flags that give it WebGPU.
 * Run by itself it prints the path of the browser.
 */

import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright';

/** Headless with a software WebGPU adapter, quiet on the network: works without a GPU and as root in a container. */
export const chromiumFlags: readonly string[] = [
  '--headless=new',
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const systemNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Path of a usable browser: `$CHROMIUM_PATH`, Playwright's own, or one on the `PATH`; undefined where there is none. */
export function findChromium(): string | undefined {
  const wished = process.env.CHROMIUM_PATH;
  if (wished) {
    if (!isExecutable(wished)) throw new Error(`CHROMIUM_PATH is ${wished}, which is not an executable file.`);
    return wished;
  }
  const bundled = chromium.executablePath();
  if (existsSync(bundled)) return bundled;
  return findOnPath(systemNames);
}

/** The first of these programs that is on the `PATH`. */
export function findOnPath(names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

/** Path of a usable browser, installed with apt where there is none and that is allowed; throws a clear sentence otherwise. */
export function ensureChromium(): string {
  const found = findChromium() ?? (installWithApt('chromium') ? findChromium() : undefined);
  if (found) return found;
  throw new Error(
    'No Chromium was found. Install one ("npx playwright install chromium", or chromium or google-chrome from your system), ' +
      'or point CHROMIUM_PATH at one.',
  );
}

/** Installs a browser as a package of Debian; false where that is not possible. */
export function installWithApt(browser: string): boolean {
  if (!canUseApt()) return false;
  console.log(`No browser was found: installing the package "${browser}" with apt-get.`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', browser]]) {
    const { status } = spawnSync('apt-get', args, { stdio: ['ignore', 'inherit', 'inherit'], env });
    if (status !== 0) throw new Error(`"apt-get ${args.join(' ')}" failed; install ${browser} by hand.`);
  }
  return true;
}

function canUseApt(): boolean {
  return process.getuid?.() === 0 && spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0;
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) console.log(ensureChromium());
