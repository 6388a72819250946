/** Finds the Firefox that a few tests drive, or installs one where that is possible. */

import { findOnPath, installWithApt, isExecutable } from './chromium.ts';

/** Path of a usable Firefox: `$FIREFOX_PATH`, or one on the `PATH`; undefined where there is none. */
export function findFirefox(): string | undefined {
  const wished = process.env.FIREFOX_PATH;
  if (!wished) return findOnPath(['firefox-esr', 'firefox']);
  if (!isExecutable(wished)) throw new Error(`FIREFOX_PATH is ${wished}, which is not an executable file.`);
  return wished;
}

/** The same, installed with apt where there is none and that is allowed; throws a clear sentence otherwise. */
export function ensureFirefox(): string {
  const found = findFirefox() ?? (installWithApt('firefox-esr') ? findFirefox() : undefined);
  if (found) return found;
  throw new Error(
    'No Firefox was found. Install one (firefox-esr, or from your system), or point FIREFOX_PATH at one.',
  );
}
