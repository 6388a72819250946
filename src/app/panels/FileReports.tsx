/** What was understood of every dropped file: one row each, with what was wrong in it on demand. */

import { createMemo, For, Show } from 'solid-js';
import { policyOptions } from '../../quotes/findings.ts';
import type { FileReport, Finding } from '../../quotes/types.ts';
import { ProblemNote } from '../components/ProblemNote.tsx';
import { formatCount, formatInstant, formatQuantity } from '../format.ts';

export function FileReports(props: { reports: readonly FileReport[] }) {
  const unreadable = createMemo(() => props.reports.filter((report) => report.problem));
  const read = createMemo(() => props.reports.filter((report) => !report.problem));
  return (
    <Show when={props.reports.length > 0}>
      <div class="stack">
        <p role="status">
          {formatQuantity(read().length, 'file')} read
          <Show when={unreadable().length > 0}>, {formatQuantity(unreadable().length, 'file')} not readable</Show>.
        </p>
        <For each={unreadable()}>
          {(report) => (
            <Show when={report.problem}>
              {(problem) => <ProblemNote problem={{ where: nameOf(report), ...problem() }} />}
            </Show>
          )}
        </For>
        <Show when={read().length > 0}>
          <details>
            <summary>Report on {formatQuantity(read().length, 'file')}</summary>
            <ul class="reports">
              <For each={read()}>{(report) => <ReadFile report={report} />}</For>
            </ul>
          </details>
        </Show>
      </div>
    </Show>
  );
}

function ReadFile(props: { report: FileReport }) {
  const report = () => props.report;
  return (
    <li>
      <h4>{nameOf(report())}</h4>
      <p>
        {report().format}, {report().symbols.join(', ')}: {rowsOf(report())}, {formatInstant(report().firstMs, 'UTC')}{' '}
        to {formatInstant(report().lastMs, 'UTC')} UTC. Stamps: {report().timeUnit}, {report().timeZone}.
      </p>
      <Show when={report().findings.length + report().notes.length > 0 || report().duplicateOf}>
        <details>
          <summary>{summaryOf(report())}</summary>
          <ul class="plain">
            <Show when={report().duplicateOf}>{(other) => <li>Same quotes as {other()}, which is used.</li>}</Show>
            <For each={report().notes}>{(note) => <li>{note}</li>}</For>
            <For each={report().findings}>{(finding) => <FindingItem finding={finding} />}</For>
          </ul>
        </details>
      </Show>
    </li>
  );
}

/** Of a pair of files the quotes are counted with one; the other says which. */
function rowsOf({ rowsKept, rowsRead, pairedWith }: FileReport): string {
  if (pairedWith !== undefined && rowsKept === 0) {
    return `${formatCount(rowsRead)} rows, joined with ${pairedWith} and counted there`;
  }
  return `${formatCount(rowsKept)} of ${formatCount(rowsRead)} rows kept`;
}

const kinds = Object.fromEntries(policyOptions.map(({ kind, label }) => [kind, label])) as Readonly<
  Record<Finding['kind'], string>
>;

function FindingItem(props: { finding: Finding }) {
  return (
    <li>
      {formatCount(props.finding.count)} {kinds[props.finding.kind]}: {props.finding.policy}
      <Show when={props.finding.examples.length > 0}>
        <details>
          <summary>Examples</summary>
          <ul class="plain">
            <For each={props.finding.examples}>
              {(example) => (
                <li>
                  row {formatCount(example.row)}: <code>{example.text}</code>
                </li>
              )}
            </For>
          </ul>
        </details>
      </Show>
    </li>
  );
}

/** "3 notes; 12 locked quotes (bid equals ask), 40 gaps" */
function summaryOf({ notes, findings, duplicateOf }: FileReport): string {
  const found = findings.map(({ count, kind }) => `${formatCount(count)} ${kinds[kind]}`).join(', ');
  const noted = notes.length + (duplicateOf ? 1 : 0);
  return [noted > 0 ? formatQuantity(noted, 'note') : '', found].filter(Boolean).join('; ');
}

function nameOf(report: FileReport): string {
  return report.member ? `${report.file} › ${report.member}` : report.file;
}
