/**
 * `npm test`: runs every suite, or those named as arguments, one after the other, and prints as its last line
 * `N passed, N failed, N skipped`. Exits with 1 if anything failed. `--full` has the suite `faults` take hours instead of minutes.
 */

import { ensureChromium } from './chromium.ts';
import { type Counts, suites } from './suites.ts';

const given = process.argv.slice(2);
if (given.includes('--full')) process.env.PML_FAULTS_FULL = '1';
const names = given.filter((argument) => argument !== '--full');
const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0) {
  console.error(`No suite is called ${unknown.join(', ')}; there are ${suites.map((suite) => suite.name).join(', ')}.`);
  process.exit(2);
}

const chosen = names.length > 0 ? suites.filter((suite) => names.includes(suite.name)) : suites;
if (chosen.some((suite) => suite.needsChromium)) process.env.CHROMIUM_PATH = ensureChromium();

const total = { passed: 0, failed: 0, skipped: 0 };
for (const suite of chosen) {
  console.log(`\n── ${suite.name} ──`);
  const counts = await suite.run();
  console.log(`${suite.name}: ${format(counts)}`);
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
}
console.log(`\n${format(total)}`);
process.exitCode = total.failed > 0 ? 1 : 0;

function format({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
