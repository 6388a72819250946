/**
 * The vitest reporter of `npm run test:golden`: per reference folder and back end how many cases passed, with the largest
 * error against its tolerance; then the folders nothing was compared with. A run without any case fails.
 */

import type { Reporter, TestCase, TestModule } from 'vitest/node';
import type { GoldenRecord } from './golden.ts';
import { sharedFolders, sharedRoot } from './shared.ts';

interface Row {
  readonly folder: string;
  readonly backend: string;
  passed: number;
  failed: number;
  worst: number;
  worstAt: string;
}

export default class GoldenReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const cases = modules.flatMap((module) => [...module.children.allTests()]);
    const rows = tabulate(cases);
    console.log(`\nReference cases under ${sharedRoot}`);
    for (const line of formatRows(rows)) console.log(line);
    // What a run of one back end alone leaves out is covered by the other.
    const uncovered = process.env.PML_GOLDEN_PART ? [] : uncoveredFolders(rows.map((row) => row.folder));
    if (uncovered.length > 0) console.log(`\nuncovered: ${uncovered.join(', ')}`);
    const bare = cases.filter((test) => test.result().state === 'failed' && !goldenRecord(test));
    for (const test of bare) console.log(`failed before any comparison: ${test.fullName}`);
    if (rows.length === 0) {
      console.log('No reference case was compared: this counts as a failure.');
      process.exitCode = 1;
    }
  }
}

/** One row a folder and back end, sorted; a case that was skipped is not a record. */
export function tabulate(cases: readonly TestCase[]): Row[] {
  const rows = new Map<string, Row>();
  for (const test of cases) {
    const record = goldenRecord(test);
    const { state } = test.result();
    if (!record || state === 'skipped') continue;
    const { folder, backend } = record;
    const key = `${folder}\n${backend}`;
    const row = rows.get(key) ?? { folder, backend, passed: 0, failed: 0, worst: 0, worstAt: '' };
    rows.set(key, row);
    if (state === 'passed') row.passed++;
    else row.failed++;
    if (record.worst >= row.worst) {
      row.worst = record.worst;
      row.worstAt = record.worstAt;
    }
  }
  return [...rows.values()].sort((a, b) => a.folder.localeCompare(b.folder) || a.backend.localeCompare(b.backend));
}

function goldenRecord(test: TestCase): GoldenRecord | undefined {
  return test.meta().golden;
}

function formatRows(rows: readonly Row[]): string[] {
  const folderWidth = Math.max(6, ...rows.map((row) => row.folder.length));
  const backendWidth = Math.max(8, ...rows.map((row) => row.backend.length));
  const heading = `${'folder'.padEnd(folderWidth)}  ${'back end'.padEnd(backendWidth)}  passed  failed  largest error / tolerance`;
  return [heading, ...rows.flatMap((row) => formatRow(row, folderWidth, backendWidth))];
}

function formatRow(row: Row, folderWidth: number, backendWidth: number): string[] {
  const counts = `${String(row.passed).padStart(6)}  ${String(row.failed).padStart(6)}`;
  const line = `${row.folder.padEnd(folderWidth)}  ${row.backend.padEnd(backendWidth)}  ${counts}  ${formatRatio(row.worst)}`;
  return row.failed > 0 && row.worstAt ? [line, `    ${row.worstAt}`] : [line];
}

/** JSON carries an infinite ratio as null on its way from a browser. */
function formatRatio(ratio: number | null): string {
  if (ratio === null || !Number.isFinite(ratio)) return 'infinite';
  return ratio === 0 ? '0 (exact)' : ratio.toPrecision(3);
}

/** Folders of reference cases and quote files (those without folders of their own) that no record lies in. */
function uncoveredFolders(covered: readonly string[]): string[] {
  const leaves = ['golden', 'quotes'].flatMap(leafFolders);
  return leaves.filter((folder) => !covered.some((path) => path === folder || path.startsWith(`${folder}/`)));
}

function leafFolders(folder: string): string[] {
  const inner = sharedFolders(folder);
  return inner.length === 0 ? [folder] : inner.flatMap((name) => leafFolders(`${folder}/${name}`));
}
