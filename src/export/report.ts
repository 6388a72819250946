/** One HTML file that holds a study's figures, tables and manifest, and needs nothing else: no script, no style sheet, no network. */

import type { Table } from './csv.ts';

export interface ReportParts {
  readonly title: string;
  /** Sentences below the title. */
  readonly lead: readonly string[];
  /** What is not as it should be. */
  readonly notes?: readonly string[];
  readonly figures: readonly ReportFigure[];
  readonly tables: readonly { readonly caption: string; readonly table: Table }[];
  /** Text set as it is. */
  readonly listing?: { readonly title: string; readonly text: string };
  readonly manifest: object;
}

/** An SVG file's text, or a PNG as base64. */
export type ReportFigure = {
  readonly caption: string;
  /** How to read it. */
  readonly text?: string;
  /** Default: the picture's own. */
  readonly widthPx?: number;
} & ({ readonly svg: string } | { readonly pngBase64: string });

const style =
  ':root{color-scheme:light}body{max-width:70rem;margin:2rem auto;padding:0 1rem;font:16px/1.5 system-ui,sans-serif;background:#fff;color:#1b1f24}' +
  'img,svg{max-width:100%;height:auto}figure{margin:2rem 0}figure p{max-width:80ch;font-size:.925rem}figcaption,caption{text-align:left;color:#57606a;font-size:.9rem}' +
  'pre{overflow:auto;font-size:13px}.wide{overflow-x:auto;margin:1.5rem 0}table{border-collapse:collapse;font-size:.85rem}' +
  'th,td{padding:.3rem .75rem .3rem 0;border-bottom:1px solid #d9dcdf;text-align:left;white-space:nowrap;font-variant-numeric:tabular-nums}';

export function reportHtml({ title, lead, notes = [], figures, tables, listing, manifest }: ReportParts): string {
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)}</title>`,
    `<style>${style}</style></head><body><h1>${escapeHtml(title)}</h1>`,
    ...lead.map((sentence) => `<p>${escapeHtml(sentence)}</p>`),
    notes.length > 0
      ? `<h2>To keep in mind</h2><ul>${notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}</ul>`
      : '',
    listing ? `<h2>${escapeHtml(listing.title)}</h2><pre>${escapeHtml(listing.text)}</pre>` : '',
    figures.length > 0 ? '<h2>Figures</h2>' : '',
    ...figures.map(figureHtml),
    tables.length > 0 ? '<h2>Tables</h2>' : '',
    ...tables.map(tableHtml),
    `<h2>Manifest</h2><p>The same manifest gives the same numbers.</p><pre id="manifest">${escapeHtml(JSON.stringify(manifest, null, 1))}</pre>`,
    '</body></html>',
    '',
  ]
    .filter((line, i, all) => line !== '' || i === all.length - 1)
    .join('\n');
}

function figureHtml(figure: ReportFigure): string {
  // As an image, ids within one figure cannot meet those of another.
  const source =
    'svg' in figure
      ? `data:image/svg+xml;charset=utf-8,${encodeURIComponent(figure.svg)}`
      : `data:image/png;base64,${figure.pngBase64}`;
  const caption = escapeHtml(figure.caption);
  const width = figure.widthPx === undefined ? '' : ` width="${figure.widthPx}"`;
  const text = figure.text === undefined ? '' : `<p>${escapeHtml(figure.text)}</p>`;
  return `<figure><img alt="${caption}"${width} src="${source}"><figcaption>${caption}</figcaption>${text}</figure>`;
}

function tableHtml({ caption, table }: ReportParts['tables'][number]): string {
  const cells = (row: Table['rows'][number], tag: 'th' | 'td'): string =>
    `<tr>${row.map((cell) => `<${tag}>${escapeHtml(String(cell ?? ''))}</${tag}>`).join('')}</tr>`;
  const body = table.rows.map((row) => cells(row, 'td')).join('\n');
  return `<div class="wide"><table><caption>${escapeHtml(caption)}</caption><thead>${cells(table.header, 'th')}</thead><tbody>${body}</tbody></table></div>`;
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
