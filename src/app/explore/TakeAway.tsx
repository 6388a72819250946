/** The precomputed study to take away: its tables at full precision, all of it as JSON, and what is shown now as a report. */

import { CSV_METADATA_FILE, csvMetadata, type Table, tableCsv } from '../../export/csv.ts';
import type { StudyResults } from '../../studies/figures/results.ts';
import { tablesOf } from '../../studies/figures/tables.ts';
import { SaveBar, type SaveOffer } from '../components/SaveBar.tsx';
import { blobs } from '../export/saving.ts';

export function TakeAway(props: { results: StudyResults; question: string }) {
  const tables = (): [string, Table][] => Object.entries(tablesOf(props.results));
  const csv = ([name, table]: [string, Table]): SaveOffer => ({
    label: `Save ${name} as CSV`,
    file: `${name}.csv`,
    content: () => blobs.csv(tableCsv(table)),
  });
  const metadata: SaveOffer = {
    label: 'Save the manifest of these tables',
    file: CSV_METADATA_FILE,
    content: () => {
      const files = Object.fromEntries(tables().map(([name, table]) => [`${name}.csv`, table]));
      return blobs.json(csvMetadata(files, props.results.manifest));
    },
  };
  const parquet = ([name, table]: [string, Table]): SaveOffer => ({
    label: `Save ${name} as Parquet`,
    file: `${name}.parquet`,
    content: async () => {
      const { tableParquet } = await import('../../export/parquet.ts');
      return blobs.parquet(tableParquet(table, props.results.manifest));
    },
  });
  const report = async (): Promise<Blob> => {
    const section = document.querySelector('.explore .card');
    if (!section) throw new Error('the page has no figure');
    const { pageReport } = await import('../export/pageReport.ts');
    const { manifest, provider, differences } = props.results;
    const text = {
      title: `${manifest.title}: ${props.question}`,
      lead: [
        `Computed by PML Lab ${manifest.appVersion} on ${provider === 'webgpu' ? 'WebGPU' : 'WASM'}. Simulated and past results promise nothing.`,
        'It holds what was shown on the page when it was saved.',
      ],
      notes: differences.map(({ where, message }) => `Not as the manifest says: ${where}: ${message}`),
    };
    return blobs.html(pageReport(section, text, manifest));
  };
  return (
    <details>
      <summary>Take it away: tables, results, a report</summary>
      <SaveBar
        groups={[
          { title: 'Tables at full precision', offers: [...tables().map(csv), metadata] },
          { title: 'For programs', offers: tables().map(parquet) },
          {
            title: 'The whole study',
            offers: [
              {
                label: 'Save results as JSON',
                file: 'pml-results.json',
                content: () => blobs.json(JSON.stringify(props.results)),
              },
              { label: 'Save report as HTML', file: 'pml-report.html', content: report },
            ],
          },
        ]}
      />
    </details>
  );
}
