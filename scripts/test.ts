/**
 * `npm test`: runs every suite, or those named as arguments, and prints as its last line `N passed, N failed, N skipped`.
 * Suites that keep different parts of a machine busy run side by side. Exits with 1 if anything failed. `--full` has the suite `faults` take hours instead of minutes.
 */

import { ensureChromium } from './chromium.ts';
import { type Counts, type Suite, suites, underName } from './suites.ts';

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

/**
 * One stage after the other, the lanes of a stage side by side. The software GPU of the reference cases fills one core with compiling shaders; what
 * runs beside it fills the other. A user's ways through the page have the machine to themselves.
 */
const stages: readonly (readonly (readonly string[])[])[] = [
  [['check']],
  [['golden'], ['unit', 'browser', 'firefox']],
  [['e2e']],
  [['faults']],
];

const total = { passed: 0, failed: 0, skipped: 0 };
for (const stage of stages) {
  const lanes = stage.map((lane) => chosen.filter(({ name }) => lane.includes(name))).filter((lane) => lane.length > 0);
  await Promise.all(lanes.map((lane) => runLane(lane, lanes.length > 1)));
}
console.log(`\n${format(total)}`);
process.exitCode = total.failed > 0 ? 1 : 0;

async function runLane(lane: readonly Suite[], besideOthers: boolean): Promise<void> {
  for (const suite of lane) {
    console.log(`\n── ${suite.name} ──`);
    const startedMs = performance.now();
    const counts = await (besideOthers ? underName(suite.name, () => suite.run()) : suite.run());
    console.log(`${suite.name} took ${Math.round((performance.now() - startedMs) / 1000)} s`);
    console.log(`${suite.name}: ${format(counts)}`);
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
  }
}

function format({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
