/** The test suites behind `npm test`: each streams its output and comes back with its counts. */

import { AsyncLocalStorage } from 'node:async_hooks';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { ensureFirefox } from './firefox.ts';
import { freePort } from './freePort.ts';

const root = resolve(import.meta.dirname, '..');

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface Suite {
  readonly name: string;
  /** Whether it drives a browser, which must then be there before it starts. */
  readonly needsChromium: boolean;
  run(): Promise<Counts>;
}

export const suites: readonly Suite[] = [
  { name: 'check', needsChromium: false, run: runChecks },
  { name: 'unit', needsChromium: false, run: () => runVitest(['unit']) },
  { name: 'golden', needsChromium: true, run: runGolden },
  { name: 'browser', needsChromium: true, run: () => runVitest(['browser']) },
  { name: 'e2e', needsChromium: true, run: () => runPlaywright('e2e') },
  { name: 'faults', needsChromium: true, run: runFaults },
  { name: 'firefox', needsChromium: false, run: runFirefox },
];

/** Types, types without the DOM, lint and format, dependency direction, links in documents, what nothing uses, licences: one count each. */
async function runChecks(): Promise<Counts> {
  const commands = [
    ['tsc', '--noEmit'],
    ['tsc', '--noEmit', '-p', 'scripts/tsconfig.pure.json'],
    ['biome', 'check', '--error-on-warnings', '.'],
    ['tsx', 'scripts/checkImports.ts'],
    ['tsx', 'scripts/checkLinks.ts'],
    ['knip', '--no-progress'],
    ['knip', '--no-progress', '--production', '--include', 'files'],
    ['tsx', 'scripts/thirdParty.ts'],
  ];
  let failed = 0;
  for (const command of commands) {
    console.log(`> ${command.join(' ')}`);
    if ((await execute(command)) !== 0) failed++;
  }
  return { passed: commands.length - failed, failed, skipped: 0 };
}

async function runGolden(): Promise<Counts> {
  const shared = resolve(process.env.PML_SHARED ?? join(root, '../shared'));
  if (!existsSync(shared)) {
    console.log(`The reference folder ${shared} is absent (PML_SHARED names another): no reference case was compared.`);
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const reporter = ['--reporter=./tests/support/goldenReporter.ts'];
  // Side by side: the software GPU fills one core with compiling shaders.
  const [node, gpu] = await Promise.all([
    underName('golden', () => runVitest(['golden'], reporter)),
    underName('golden on WebGPU', () => runVitest(['golden-browser'], reporter, { PML_GOLDEN_PART: '1' })),
  ]);
  return add(node, gpu);
}

async function runVitest(
  projects: readonly string[],
  options: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Counts> {
  return withReport(async (report) => {
    const code = await execute(
      [
        'vitest',
        'run',
        ...projects.map((name) => `--project=${name}`),
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
        ...options,
      ],
      env,
    );
    return withExitCode(existsSync(report) ? countVitest(readReport<VitestReport>(report)) : nothing, code);
  });
}

/** A project of `playwright.config.ts`, on the built page. */
async function runPlaywright(project: string): Promise<Counts> {
  if ((await buildPage()) !== 0) return { passed: 0, failed: 1, skipped: 0 };
  return withReport(async (report) => {
    const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: report, PML_PORT: String(await freePort()), PML_RETRIES: '1' };
    const code = await execute(['playwright', 'test', `--project=${project}`, '--reporter=list,json'], env);
    if (!existsSync(report)) return withExitCode(nothing, code);
    const { stats } = readReport<PlaywrightReport>(report);
    if (stats.flaky > 0)
      console.log(`${stats.flaky} of them failed once and passed on their second try: see "flaky" above.`);
    return withExitCode(countPlaywright(stats), code);
  });
}

/** Faults provoked in node, then in the built page. */
async function runFaults(): Promise<Counts> {
  return add(await runVitest(['faults']), await runPlaywright('faults'));
}

/** The main ways in another browser than Chromium. */
async function runFirefox(): Promise<Counts> {
  if ((await buildPage()) !== 0) return { passed: 0, failed: 1, skipped: 0 };
  process.env.FIREFOX_PATH = ensureFirefox();
  return runVitest(['firefox']);
}

let built: Promise<number> | undefined;

/** Builds the page once for all suites of this process; the build's exit code. */
function buildPage(): Promise<number> {
  built ??= execute(['vite', 'build', '--logLevel', 'warn']);
  return built;
}

function add(one: Counts, other: Counts): Counts {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  };
}

const nothing: Counts = { passed: 0, failed: 0, skipped: 0 };

/** What of vitest's JSON report is read here. */
interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

function countVitest(report: VitestReport): Counts {
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** What of Playwright's JSON report is read here. */
interface PlaywrightReport {
  readonly stats: {
    readonly expected: number;
    readonly unexpected: number;
    readonly flaky: number;
    readonly skipped: number;
  };
}

function countPlaywright(stats: PlaywrightReport['stats']): Counts {
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
}

/** A failing exit without a failed test (a file that does not load, a crash) still counts as one failure. */
function withExitCode(counts: Counts, code: number): Counts {
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

async function withReport(use: (path: string) => Promise<Counts>): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'pml-'));
  try {
    return await use(join(folder, 'report.json'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

/** The suite that a command belongs to, where several run side by side. */
const speaker = new AsyncLocalStorage<string>();

/** Every line that the commands of a suite print begins with its name. */
export function underName<T>(name: string, run: () => Promise<T>): Promise<T> {
  return speaker.run(name, run);
}

/** Runs a command of `node_modules/.bin` in the repository root with its output on ours; resolves to its exit code. */
function execute(command: readonly string[], env: Record<string, string> = {}): Promise<number> {
  const [name = '', ...args] = command;
  const path = join(root, 'node_modules/.bin', process.platform === 'win32' ? `${name}.cmd` : name);
  const suite = speaker.getStore();
  return new Promise((done, reject) => {
    const child = spawn(path, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: suite === undefined ? 'inherit' : ['inherit', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    for (const output of [child.stdout, child.stderr]) {
      if (output) createInterface({ input: output }).on('line', (line) => console.log(`${suite} │ ${line}`));
    }
    child.once('error', reject);
    // Not before everything it printed has come.
    child.once('close', (code) => done(code ?? 1));
  });
}
