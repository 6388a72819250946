/** Runs of this and earlier sessions that are kept on this device: each can be run again or to its end, shown in Explore, or removed. */

import { createEffect, createSignal, For, on, Show } from 'solid-js';
import { toProblem } from '../../../core/errors.ts';
import { DEFAULT_LIMIT_BYTES } from '../../../forecasts/tidying.ts';
import type { RunRecord } from '../../../studies/runRecord.ts';
import { Fold } from '../../components/Fold.tsx';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { Select } from '../../components/Select.tsx';
import { TableBox } from '../../components/TableBox.tsx';
import { formatBytes, formatCount, formatDuration, formatFixed2, formatInstant, formatShare } from '../../format.ts';
import { exploreHash } from '../../routes.ts';
import { useLab } from '../lab.ts';

export function HistoryBox() {
  const { history, run, studies } = useLab();
  const [chosen, setChosen] = createSignal<ReadonlySet<string>>(new Set());
  const [refused, setRefused] = createSignal<string>();
  const choose = (id: string, on: boolean): void => {
    const next = new Set(chosen());
    if (on) next.add(id);
    else next.delete(id);
    setChosen(next);
    setRefused(undefined);
  };
  const finished = () => history.records().filter(({ state }) => state === 'finished');
  const ids = () => finished().flatMap(({ id }) => (chosen().has(id) ? [id] : []));
  const show = async (): Promise<void> => {
    const wanted = ids();
    const reason = await history.incomparable(wanted).catch((caught: unknown) => toProblem(caught).message);
    setRefused(reason);
    if (!reason) location.hash = exploreHash('plane', wanted);
  };
  return (
    <Show when={history.records().length > 0 || history.problem()}>
      <Fold title={`Earlier runs on this device (${formatCount(history.records().length)})`} testId="history">
        <div class="stack">
          <TableBox testId="history-table" caption="The newest first; SRθ a year on the paper’s priced risk">
            <thead>
              <tr>
                <th scope="col">Choose</th>
                <th scope="col">Run</th>
                <th scope="col">Started</th>
                <th scope="col">Took</th>
                <th scope="col">
                  SR<sub>θ</sub>
                </th>
                <th scope="col">95 % interval</th>
                <th scope="col">R²</th>
              </tr>
            </thead>
            <tbody>
              <For each={history.records()}>
                {(record) => (
                  <RecordRow
                    record={record}
                    chosen={chosen().has(record.id)}
                    locked={run.running() || studies.busy()}
                    onChoose={(on) => choose(record.id, on)}
                  />
                )}
              </For>
            </tbody>
          </TableBox>
          <div class="inline">
            <button type="button" disabled={ids().length < 2} onClick={() => void show()}>
              Show the chosen runs on one plane
            </button>
            <span class="soft small">
              Runs of the same quotes and strategies can lie on one plane. Forecasts that were finished are kept by the
              day: running again makes only what is missing.
            </span>
          </div>
          <KeptForecasts finished={finished().length} />
          <Show when={refused()}>{(reason) => <p class="note warn">{reason()}</p>}</Show>
          <Show when={history.problem()}>{(problem) => <ProblemNote problem={problem()} />}</Show>
        </div>
      </Fold>
    </Show>
  );
}

const limits = [2e8, 5e8, DEFAULT_LIMIT_BYTES, 1e10, Number.POSITIVE_INFINITY].map((bytes) => ({
  value: String(bytes),
  label: Number.isFinite(bytes) ? formatBytes(bytes) : 'no bound',
}));

/** What kept forecasts take, counted when these runs are looked at and again after each that ends. */
function KeptForecasts(props: { finished: number }) {
  const { history, run } = useLab();
  createEffect(
    on(
      () => props.finished,
      () => void history.measureForecasts(),
    ),
  );
  return (
    <Show when={history.forecastBytes() > 0}>
      <div class="inline">
        <span class="soft small">
          Forecasts kept on this device: {formatBytes(history.forecastBytes())}. Beyond this much, those used longest
          ago are removed, none that a run needs:
        </span>
        <Select
          label="Most bytes of kept forecasts"
          options={limits}
          value={String(history.forecastLimit())}
          onChange={(bytes) => void history.limitForecasts(Number(bytes))}
        />
        <button type="button" class="quiet" disabled={run.running()} onClick={() => void history.forgetForecasts()}>
          Forget them
        </button>
      </div>
    </Show>
  );
}

function RecordRow(props: { record: RunRecord; chosen: boolean; locked: boolean; onChoose: (on: boolean) => void }) {
  const lab = useLab();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const finished = () => props.record.state === 'finished';
  const took = (): string => {
    const { imported, seconds, share } = props.record;
    if (imported) return 'imported';
    if (elsewhere()) return 'under way in another tab';
    return finished() ? formatDuration(seconds) : `stopped at ${formatShare(share)}`;
  };
  const elsewhere = () => lab.history.elsewhere().has(props.record.id);
  const goOn = (): void => {
    const { record } = props;
    if (record.kind === 'run') void lab.goOn(record.manifest);
    else void lab.studies.goOn(record.manifest);
  };
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          aria-label={`Choose ${props.record.title}`}
          disabled={!finished()}
          checked={props.chosen}
          onChange={(event) => props.onChoose(event.currentTarget.checked)}
        />
      </td>
      <th scope="row">
        {props.record.title}
        <span class="row-actions">
          <button type="button" class="quiet" disabled={props.locked || elsewhere()} onClick={goOn}>
            {finished() ? 'Run again' : 'Go on'}
          </button>
          <Show when={finished()}>
            <a href={exploreHash('plane', [props.record.id])}>Show in Explore</a>
          </Show>
          <button
            type="button"
            class="quiet"
            disabled={(props.locked && !finished()) || elsewhere()}
            aria-label={`Remove ${props.record.title}`}
            onClick={() => void lab.history.remove(props.record.id)}
          >
            Remove
          </button>
        </span>
      </th>
      <td>{formatInstant(props.record.startedMs, zone)}</td>
      <td>{took()}</td>
      <Show when={props.record.slope} fallback={<td colSpan={3}>{finished() ? 'no line is determined' : '–'}</td>}>
        {(slope) => (
          <>
            <td>{formatFixed2(slope().value)}</td>
            <td>
              {slope().low === null
                ? 'none'
                : `${formatFixed2(slope().low ?? 0)} to ${formatFixed2(slope().high ?? 0)}`}
            </td>
            <td>{formatFixed2(slope().r2)}</td>
          </>
        )}
      </Show>
    </tr>
  );
}
