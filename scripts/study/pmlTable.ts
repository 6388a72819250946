/** The PML table (Table 2 of the paper) as text for a terminal, and as CSV. */

import { CSV_METADATA_FILE, csvMetadata, tableCsv } from '../../src/export/csv.ts';
import { annualiseSlope } from '../../src/risk/lines/marketLine.ts';
import { figureOf, type StudyResults } from '../../src/studies/figures/results.ts';
import { tablesOf } from '../../src/studies/figures/tables.ts';

export function pmlTable(results: StudyResults): string {
  const figure = figureOf(results, 'market-line');
  if (!figure) return 'The study has no market line.';
  const rows = figure.clouds.map(({ model, fits, intervals }) => {
    const fit = fits.aleatory;
    const interval = intervals.aleatory.leastSquares;
    if (fit.kind === 'none') return `${model.padEnd(24)} ${fit.problem.message}`;
    const year = (slope: number): string => annualiseSlope(slope, figure.periodsPerYear).toFixed(2);
    const between = interval.kind === 'interval' ? `${year(interval.low)} to ${year(interval.high)}` : 'none';
    const slope = `${fit.annualisedSlope.toFixed(2)} ± ${fit.annualisedSlopeStdErr.toFixed(2)}`;
    return `${model.padEnd(24)} ${slope.padStart(16)}  ${between.padStart(20)}  ${fit.leastSquares.r2.toFixed(2).padStart(6)}  ${String(fit.leastSquares.points).padStart(5)}`;
  });
  const head = `${'model'.padEnd(24)} ${'SR ± s.e., annual'.padStart(16)}  ${'95 % interval'.padStart(20)}  ${'R²'.padStart(6)}  ${'n'.padStart(5)}`;
  return [head, ...rows].join('\n');
}

/** Every table as a CSV file by the file's name, and the manifest they were computed from. */
export function csvFilesOf(results: StudyResults): Readonly<Record<string, string>> {
  const tables = Object.fromEntries(Object.entries(tablesOf(results)).map(([name, table]) => [`${name}.csv`, table]));
  const texts = Object.entries(tables).map(([name, table]) => [name, tableCsv(table)]);
  return { ...Object.fromEntries(texts), [CSV_METADATA_FILE]: csvMetadata(tables, results.manifest) };
}
