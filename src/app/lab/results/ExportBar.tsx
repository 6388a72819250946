/**
 * Takes a run away: tables as CSV and Parquet, the whole study as JSON, a report in one file, and a link. Every file carries the manifest, but for
 * CSV, whose readers would take it for a row: it is in a file beside them.
 */

import { createSignal, Show } from 'solid-js';
import type { RunAnalysis } from '../../../analysis/runAnalysis.ts';
import { CSV_METADATA_FILE, csvMetadata, type Table, tableCsv } from '../../../export/csv.ts';
import {
  analysisJson,
  configurationsTable,
  fitsTable,
  intervalsTable,
  naiveTable,
  returnsTable,
  runJson,
} from '../../../runs/exports.ts';
import { linkQuery } from '../../../runs/link.ts';
import { SaveBar, type SaveOffer } from '../../components/SaveBar.tsx';
import { useProvenance } from '../../export/provenance.ts';
import { blobs } from '../../export/saving.ts';
import type { RunOutcome } from '../run/run.ts';
import { manifestOf } from '../run/shownManifest.ts';

/** @param props.analysis what the worker found, once it has: then it can be saved too */
export function ExportBar(props: { outcome: RunOutcome; analysis: RunAnalysis | undefined }) {
  const provenance = useProvenance();
  const [copied, setCopied] = createSignal<string>();
  const result = () => props.outcome.result;
  const manifest = () => manifestOf(props.outcome);
  const csv = (name: string, file: string, table: () => Table): SaveOffer => ({
    label: `Save ${name} as CSV`,
    file: `pml-${file}.csv`,
    content: () => blobs.csv(tableCsv(table())),
  });
  const parquet = (name: string, file: string, table: () => Table): SaveOffer => ({
    label: `Save ${name} as Parquet`,
    file: `pml-${file}.parquet`,
    content: async () => {
      const { tableParquet } = await import('../../../export/parquet.ts');
      return blobs.parquet(tableParquet(table(), await provenance()));
    },
  });
  const tables = (): SaveOffer[] => [
    csv('configurations', 'configurations', () => configurationsTable(result())),
    csv('lines', 'lines', () => fitsTable(result())),
    csv('naive forecasts', 'naive', () => naiveTable(result())),
    csv('returns', 'returns', () => returnsTable(result())),
    ...analysisTables(),
    {
      label: 'Save the manifest of these tables',
      file: CSV_METADATA_FILE,
      content: async () => blobs.json(csvMetadata(described(), await manifest())),
    },
  ];
  const described = (): Record<string, Table> => ({
    'pml-configurations.csv': configurationsTable(result()),
    'pml-lines.csv': fitsTable(result()),
    'pml-naive.csv': naiveTable(result()),
    'pml-returns.csv': returnsTable(result()),
  });
  const analysisTables = (): SaveOffer[] => {
    const { analysis } = props;
    if (!analysis) return [];
    return [
      csv('intervals', 'intervals', () => intervalsTable(analysis.lines, result().period)),
      csv('configurations with intervals', 'risks', () => configurationsTable(result(), analysis.risks)),
    ];
  };
  const wholes = (): SaveOffer[] => [
    {
      label: 'Save run as JSON',
      file: 'pml-study.json',
      content: async () => blobs.json(runJson(await manifest(), result(), props.outcome.card)),
    },
    ...(props.analysis ? [analysisOffer(props.analysis)] : []),
    parquet('configurations', 'configurations', () => configurationsTable(result(), props.analysis?.risks)),
    parquet('returns', 'returns', () => returnsTable(result())),
    { label: 'Save report as HTML', file: 'pml-report.html', content: report },
  ];
  const analysisOffer = (analysis: RunAnalysis): SaveOffer => ({
    label: 'Save analysis as JSON',
    file: 'pml-analysis.json',
    content: async () => blobs.json(analysisJson(await manifest(), analysis)),
  });
  const report = async (): Promise<Blob> => {
    const section = document.getElementById('results');
    if (!section) throw new Error('the page has no results');
    const { pageReport } = await import('../../export/pageReport.ts');
    const { model, backend, appVersion } = await manifest();
    const text = {
      title: `Pretrained Market Line of ${model.name} on ${result().symbols.join(', ')}`,
      lead: [
        `Computed by PML Lab ${appVersion} on ${backend.provider === 'webgpu' ? 'WebGPU' : 'WASM'}. Simulated and past results promise nothing.`,
        'It holds what was open on the page when it was saved.',
      ],
      notes: result().warnings,
    };
    return blobs.html(pageReport(section, text, await provenance()));
  };
  const copyLink = async (): Promise<void> => {
    const link = `${location.href.replace(/#.*$/, '')}#lab?${linkQuery(await manifest())}`;
    setCopied(link);
    await navigator.clipboard.writeText(link).catch(() => undefined);
  };
  return (
    <SaveBar
      groups={[
        { title: 'Tables', offers: tables() },
        { title: 'The whole run', offers: wholes() },
      ]}
    >
      <div class="inline">
        <button type="button" onClick={() => void copyLink()}>
          Copy link to this study
        </button>
      </div>
      <div role="status">
        <Show when={copied()}>
          {(link) => (
            <p class="small">
              Copied: <a href={link()}>a link to this study</a>. It holds the settings, and model and quotes by name and
              hash; whoever opens it needs the same files.
            </p>
          )}
        </Show>
      </div>
    </SaveBar>
  );
}
