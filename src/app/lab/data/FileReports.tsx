/** What was understood of every file: one row each, with what was wrong in it on demand, and a way to say what its columns are. */

import { createMemo, createSignal, For, lazy, Show } from 'solid-js';
import type { AssetClass, FileReport } from '../../../quotes/types.ts';
import { Fold } from '../../components/Fold.tsx';
import { LongList } from '../../components/LongList.tsx';
import { Part } from '../../components/Part.tsx';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { Select } from '../../components/Select.tsx';
import { formatCount, formatInstant, formatQuantity, formatShare } from '../../format.ts';
import { useLab } from '../lab.ts';
import { FindingItem, summariseFindings } from './FindingList.tsx';
import { QuestionNotes } from './QuestionNotes.tsx';

const MappingDialog = lazy(async () => ({ default: (await import('./MappingDialog.tsx')).MappingDialog }));

/** Below this the format is a guess that a person should look at. */
const SURE = 0.7;
const MOST_NAMED = 8;

const classes: readonly { value: AssetClass | ''; label: string }[] = [
  { value: '', label: 'class as its names tell' },
  ...(['equity', 'option', 'future', 'forex', 'cfd', 'crypto'] as const).map((value) => ({ value, label: value })),
];

export function FileReports(props: { reports: readonly FileReport[] }) {
  const unreadable = createMemo(() => props.reports.filter((report) => report.problem));
  const open = createMemo(() => unreadable().filter(({ questions }) => questions));
  const refused = createMemo(() => groupByProblem(unreadable().filter(({ questions }) => !questions)));
  const read = createMemo(() => props.reports.filter((report) => !report.problem));
  const unsure = createMemo(() => read().filter(({ confidence, look }) => look && confidence < SURE));
  const [asked, setAsked] = createSignal<FileReport>();
  return (
    <Show when={props.reports.length > 0}>
      <div class="stack">
        <p role="status">
          {formatQuantity(read().length, 'file')} read
          <Show when={unreadable().length > open().length}>
            , {formatQuantity(unreadable().length - open().length, 'file')} not readable
          </Show>
          <Show when={open().length > 0}>, {formatQuantity(open().length, 'file')} to be asked about</Show>.{' '}
          <span class="soft">{totalsOf(read())}</span>
        </p>
        <LongList class="stack" label="Files that could not be read" items={refused()} rowPx={90}>
          {([report, ...alike]) => (
            <Show when={report.problem}>
              {(problem) => (
                <ProblemNote problem={{ ...problem(), where: nameOf(report) }}>
                  <Show when={alike.length > 0}>
                    <details>
                      <summary>
                        The same holds for {formatQuantity(alike.length, 'more member')} of this archive
                      </summary>
                      <p class="soft small">{few(alike.map(({ member = '' }) => member))}</p>
                    </details>
                  </Show>
                  <MapButton report={report} onAsk={setAsked} />
                </ProblemNote>
              )}
            </Show>
          )}
        </LongList>
        <QuestionNotes reports={props.reports} />
        <LongList class="stack" label="Files whose format is a guess" items={unsure()} rowPx={90}>
          {(report) => (
            <div class="note warn">
              <p>
                <strong>{nameOf(report)}: </strong>
                taken for {report.format}, but not surely ({formatShare(report.confidence)}).
              </p>
              <MapButton report={report} onAsk={setAsked} />
            </div>
          )}
        </LongList>
        <Show when={read().length > 0}>
          <Fold title={`Report on ${formatQuantity(read().length, 'file')}`}>
            <LongList class="reports" label="Files that were read" items={read()} rowPx={110}>
              {(report) => <ReadFile report={report} onAsk={setAsked} />}
            </LongList>
          </Fold>
        </Show>
        <Show when={asked()} keyed>
          {(report) => (
            <Show when={report.look}>
              {(look) => (
                <Part name="Columns">
                  <MappingDialog report={report} look={look()} onClose={() => setAsked(undefined)} />
                </Part>
              )}
            </Show>
          )}
        </Show>
      </div>
    </Show>
  );
}

function ReadFile(props: { report: FileReport; onAsk: (report: FileReport) => void }) {
  const { data } = useLab();
  const report = () => props.report;
  return (
    <div>
      <h4>{nameOf(report())}</h4>
      <p>
        {report().format} ({formatShare(report().confidence)} sure), {few(report().symbols)}: {rowsOf(report())},{' '}
        {formatInstant(report().firstMs, 'UTC')} to {formatInstant(report().lastMs, 'UTC')} UTC. Stamps:{' '}
        {report().timeUnit}, {report().timeZone}.
        <Show when={data.state.remembered.includes(report().file)}> Remembered from before.</Show>
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
      <div class="inline">
        <MapButton report={report()} onAsk={props.onAsk} />
        <Show when={report().format.startsWith('QuantConnect LEAN') && data.hasFile(report().file)}>
          <Select
            label={`Asset class of ${nameOf(report())}`}
            options={classes}
            value={data.overridesOf(report().file).assetClass ?? ''}
            onChange={(assetClass) => assetClass && void data.answer({ [report().file]: { assetClass } })}
          />
        </Show>
      </div>
    </div>
  );
}

/** Only for tables whose file is at hand. */
function MapButton(props: { report: FileReport; onAsk: (report: FileReport) => void }) {
  const { data, run } = useLab();
  return (
    <Show when={props.report.look && data.hasFile(props.report.file)}>
      <button
        type="button"
        class="quiet"
        disabled={run.running()}
        aria-label={`Say what the columns of ${nameOf(props.report)} are`}
        onClick={() => props.onAsk(props.report)}
      >
        Say what the columns are …
      </button>
    </Show>
  );
}

/** Of a pair of files the quotes are counted with one; the other says which. */
function rowsOf({ rowsKept, rowsRead, rowsRepaired, pairedWith }: FileReport): string {
  if (pairedWith !== undefined && rowsKept === 0) {
    return `${formatCount(rowsRead)} rows, joined with ${pairedWith} and counted there`;
  }
  const repaired = rowsRepaired > 0 ? ` (${formatCount(rowsRepaired)} of them repaired)` : '';
  return `${formatCount(rowsKept)} of ${formatCount(rowsRead)} rows kept${repaired}`;
}

/** Members of one archive that are refused for one reason are one thing to look at. */
function groupByProblem(reports: readonly FileReport[]): [FileReport, ...FileReport[]][] {
  const groups = new Map<string, [FileReport, ...FileReport[]]>();
  for (const report of reports) {
    const key = `${report.file} ${report.member === undefined ? '' : report.problem!.code}`;
    const group = groups.get(key);
    if (group) group.push(report);
    else groups.set(key, [report]);
  }
  return [...groups.values()];
}

/** "93,604 rows: 93,600 kept, 2 of them repaired; 4 dropped." Rows that are counted with another file are named, so that it adds up. */
function totalsOf(reports: readonly FileReport[]): string {
  const sum = (count: (report: FileReport) => number) => reports.reduce((total, report) => total + count(report), 0);
  const [read, kept] = [sum(({ rowsRead }) => rowsRead), sum(({ rowsKept }) => rowsKept)];
  const [repaired, dropped] = [sum(({ rowsRepaired }) => rowsRepaired), sum(({ rowsDropped }) => rowsDropped)];
  const elsewhere = sum(({ rowsElsewhere }) => rowsElsewhere);
  const counted =
    elsewhere > 0 ? `; ${formatCount(elsewhere)} counted with another file (its pair, or the very same quotes)` : '';
  if (reports.length === 0) return '';
  return `${formatQuantity(read, 'row')}: ${formatCount(kept)} kept, ${formatCount(repaired)} of them repaired; ${formatCount(dropped)} dropped${counted}.`;
}

/** "3 notes; locked quotes (bid equals ask): 12, gaps: 40" */
function summaryOf({ notes, findings, duplicateOf }: FileReport): string {
  const noted = notes.length + (duplicateOf ? 1 : 0);
  return [noted > 0 ? formatQuantity(noted, 'note') : '', summariseFindings(findings)].filter(Boolean).join('; ');
}

/** A file may hold thousands of symbols. */
function few(symbols: readonly string[]): string {
  const named = symbols.slice(0, MOST_NAMED).join(', ');
  return symbols.length > MOST_NAMED ? `${named} and ${formatCount(symbols.length - MOST_NAMED)} more` : named;
}

function nameOf(report: FileReport): string {
  return report.member ? `${report.file} › ${report.member}` : report.file;
}
