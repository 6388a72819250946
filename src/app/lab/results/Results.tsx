/** A finished run: the risk-return plane, the market line in numbers, one configuration on demand, and what can be taken away. */

import { createMemo, For, Show } from 'solid-js';
import type { RunAnalysis } from '../../../analysis/runAnalysis.ts';
import type { PlanePick } from '../../charts/plane/model.ts';
import { RiskReturnPlane } from '../../charts/plane/RiskReturnPlane.tsx';
import { Awaited } from '../../components/Awaited.tsx';
import { Choice } from '../../components/Choice.tsx';
import { Fold } from '../../components/Fold.tsx';
import { Later } from '../../components/Later.tsx';
import { Marker } from '../../components/Marker.tsx';
import { ProvenanceProvider } from '../../export/provenance.ts';
import { formatCount, formatFixed2, formatQuantity, formatShort } from '../../format.ts';
import { useLab } from '../lab.ts';
import type { RunOutcome } from '../run/run.ts';
import { manifestOf } from '../run/shownManifest.ts';
import { type Answer, createAnswer, found } from './analysis.ts';
import { CalibrationBox } from './CalibrationBox.tsx';
import { CapitalTable } from './CapitalTable.tsx';
import { capitalRows } from './capital.ts';
import { DecompositionTable } from './DecompositionTable.tsx';
import { ExportBar } from './ExportBar.tsx';
import { FitsTable } from './FitsTable.tsx';
import { HeadlineTable } from './HeadlineTable.tsx';
import { HonestyBox } from './HonestyBox.tsx';
import { LineTable } from './LineTable.tsx';
import { NaiveTable } from './NaiveTable.tsx';
import { PointTable } from './PointTable.tsx';
import { PointView } from './PointView.tsx';
import { planeOf, pricedNames, SHOWN_RUN } from './plane.ts';
import { RunsTable } from './RunsTable.tsx';
import { SensitivityMap } from './SensitivityMap.tsx';
import { TailsTable } from './TailsTable.tsx';
import { TheoryBox } from './TheoryBox.tsx';

const conventions = Object.entries(pricedNames).map(([value, label]) => ({ value, label })) as {
  value: keyof typeof pricedNames;
  label: string;
}[];

export function Results(props: { outcome: RunOutcome }) {
  const lab = useLab();
  const capital = createMemo(() => capitalRows(props.outcome, lab.priced()));
  const plane = createMemo(() =>
    planeOf(props.outcome.result, lab.priced(), { runs: lab.kept.runs(), capital: capital() }),
  );
  const analysis = createAnswer(
    () => props.outcome,
    ({ result, settings }, signal) =>
      lab.riskEngine.analyse(result, settings.seed, lab.kept.triedBefore(result), signal),
  );
  /** One part of the analysis, awaited like the whole. */
  const part = <T,>(of: (whole: RunAnalysis) => T): Answer<T> => {
    const now = analysis();
    return now.kind === 'found' ? { kind: 'found', value: of(now.value) } : now;
  };
  const lines = () => props.outcome.result.fits[lab.priced()];
  const stale = () =>
    lab.settings.values() !== props.outcome.settings ||
    lab.studied() !== props.outcome.grids ||
    lab.model.state.loaded?.card.weightsSha256 !== props.outcome.card.weightsSha256;
  const open = (config: number): void => {
    lab.setOpened(config);
    document.getElementById('point')?.scrollIntoView({ block: 'nearest' });
  };
  const opened = (): PlanePick | undefined => {
    const index = lab.opened();
    return index === undefined ? undefined : { series: SHOWN_RUN, index };
  };
  const pointOf = ({ index }: PlanePick) => props.outcome.result.configurations[index];
  const columns = [
    { title: 'Sharpe, annual', textOf: (pick: PlanePick) => formatFixed2(pointOf(pick)?.sharpe ?? Number.NaN) },
    { title: 'Trades', textOf: (pick: PlanePick) => formatShort(pointOf(pick)?.tradesPerPeriod ?? Number.NaN) },
  ];
  return (
    <ProvenanceProvider value={() => manifestOf(props.outcome)}>
      <Show when={stale()}>
        <p class="note">The quotes, the model or the settings above have changed since this run.</p>
      </Show>
      <Choice label="What counts as risk" options={conventions} value={lab.priced()} onChange={lab.setPriced} />
      <RiskReturnPlane
        label="Risk-return plane"
        model={plane()}
        opened={opened()}
        onOpen={({ index }) => open(index)}
        columns={columns}
      />
      <Show when={noLine(lines())}>{(message) => <p class="note warn">{message()}</p>}</Show>
      <Show when={plane().series.length > 1}>
        <ul class="legend" aria-label="Runs on the plane">
          <For each={plane().series}>
            {({ name, marker }) => (
              <li>
                <Show when={marker}>{(found) => <Marker marker={found()} />}</Show> {name}
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Later>
        <Awaited answer={part(({ headline }) => headline)}>
          {(headline) => <HeadlineTable headline={headline} result={props.outcome.result} />}
        </Awaited>
      </Later>
      <Later>
        <LineTable result={props.outcome.result} priced={lab.priced()} />
      </Later>
      <Later>
        <CapitalTable rows={capital()} result={props.outcome.result} priced={lab.priced()} opened={lab.opened()} />
      </Later>
      <p class="small" data-testid="counts">
        {formatQuantity(props.outcome.result.configurations.length, 'configuration')}:{' '}
        {formatCount(props.outcome.result.notTradedCount)} never traded, and in{' '}
        {formatCount(props.outcome.result.exceedsDeterministicCount)} the MC-dropout variance σ²<sub>MC</sub> exceeds
        the deterministic model’s σ² (shown and counted, never clipped).
      </p>
      <Show when={props.outcome.result.warnings.length > 0}>
        <ul class="note warn">
          <For each={props.outcome.result.warnings}>{(warning) => <li>{warning}</li>}</For>
        </ul>
      </Show>
      <Later>
        <RunsTable />
      </Later>
      <Later>
        <Fold title="All lines and their intervals" testId="fold-lines">
          <FitsTable result={props.outcome.result} priced={lab.priced()} lines={part(({ lines }) => lines)} />
        </Fold>
        <Fold title="Variance in its parts, by configuration" testId="fold-decomposition">
          <DecompositionTable result={props.outcome.result} risks={part(({ risks }) => risks)} onOpen={open} />
        </Fold>
        <Fold title="Can the best be believed? Trials, deflated Sharpe ratio, overfitting" testId="fold-honesty">
          <Awaited answer={part(({ honesty }) => honesty)}>
            {(honesty) => (
              <HonestyBox
                honesty={honesty}
                result={props.outcome.result}
                triedBefore={lab.kept.triedBefore(props.outcome.result)}
              />
            )}
          </Awaited>
        </Fold>
        <Fold title="Tails of the cloud" testId="fold-tails">
          <TailsTable result={props.outcome.result} />
        </Fold>
        <Fold title="Theory, live: frontier, tangency, β" testId="fold-theory">
          <TheoryBox outcome={props.outcome} />
        </Fold>
        <Fold title="How well the intervals cover" testId="fold-calibration">
          <CalibrationBox />
        </Fold>
      </Later>
      <Later>
        <PointTable result={props.outcome.result} priced={lab.priced()} onOpen={open} />
      </Later>
      <Later>
        <NaiveTable result={props.outcome.result} />
      </Later>
      <Later>
        <SensitivityMap result={props.outcome.result} />
      </Later>
      <div id="point">
        <Show when={lab.opened() !== undefined && props.outcome.result.configurations[lab.opened() ?? -1]} keyed>
          {(configuration) => <PointView outcome={props.outcome} configuration={configuration} />}
        </Show>
      </div>
      <Later>
        <ExportBar outcome={props.outcome} analysis={found(analysis())} />
      </Later>
    </ProvenanceProvider>
  );
}

function noLine(lines: RunOutcome['result']['fits']['total']): string | undefined {
  return lines.kind === 'none' ? `${lines.problem.message} ${lines.problem.hint ?? ''}` : undefined;
}
