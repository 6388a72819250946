/** A report of what a part of the page shows: its plots as they are drawn now, its tables, and the manifest. */

import { reportHtml } from '../../export/report.ts';
import { pageLook, pictureOf } from './drawing.ts';
import { plotsWithin } from './plots.ts';
import { tableOf } from './tables.ts';

export interface ReportText {
  readonly title: string;
  readonly lead: readonly string[];
  readonly notes: readonly string[];
}

export function pageReport(within: Element, text: ReportText, manifest: object): string {
  const [look, json] = [pageLook(), JSON.stringify(manifest)];
  const figures = plotsWithin(within).map(({ name, drawing, legend }) => ({
    caption: name,
    svg: pictureOf(drawing(), { title: name, legend: legend(), manifest: json }, look),
  }));
  const tables = [...within.querySelectorAll('table')]
    .filter((table) => table.checkVisibility())
    .map((table) => ({ caption: captionOf(table), table: tableOf(table) }));
  return reportHtml({ ...text, figures, tables, manifest });
}

/** A table's name is a paragraph above it. */
function captionOf(table: HTMLTableElement): string {
  const label = document.getElementById(table.getAttribute('aria-labelledby') ?? '');
  return label?.innerText ?? '';
}
