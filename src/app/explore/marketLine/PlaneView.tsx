/** The hero of Explore: plane, table and tear sheet of the precomputed study, linked with each other. */

import { createMemo, createSignal, For, Show } from 'solid-js';
import type { PricedRisk } from '../../../marketLine/marketLineFits.ts';
import { periodWords } from '../../../marketLine/periods.ts';
import type { MarketLineFigure } from '../../../studies/figures/marketLine/result.ts';
import { figureOf, isSimulated, type StudyResults } from '../../../studies/figures/results.ts';
import type { PlanePick } from '../../charts/plane/model.ts';
import { RiskReturnPlane } from '../../charts/plane/RiskReturnPlane.tsx';
import { Choice } from '../../components/Choice.tsx';
import { Later } from '../../components/Later.tsx';
import { Marker } from '../../components/Marker.tsx';
import { formatFixed2, formatShort } from '../../format.ts';
import { pricedNames } from '../../lab/results/plane.ts';
import { ExploreTable } from './ExploreTable.tsx';
import { markersOf, planeOf, type Switches, shownClouds } from './model.ts';
import { PointSheet } from './PointSheet.tsx';

const conventions = (Object.entries(pricedNames) as [PricedRisk, string][]).map(([value, label]) => ({ value, label }));
const monies = [
  { value: 'net', label: 'Net of costs' },
  { value: 'gross', label: 'Gross' },
] as const;
const units = [
  { value: 'bps', label: 'bps a period' },
  { value: 'annual', label: '% a year' },
] as const;

export function PlaneView(props: { results: StudyResults }) {
  return (
    <Show when={figureOf(props.results, 'market-line')} fallback={<p class="note">This study has no market line.</p>}>
      {(figure) => <Plane results={props.results} figure={figure()} />}
    </Show>
  );
}

function Plane(props: { results: StudyResults; figure: MarketLineFigure }) {
  const [priced, setPriced] = createSignal<PricedRisk>('aleatory');
  const [money, setMoney] = createSignal<Switches['money']>('net');
  const [unit, setUnit] = createSignal<Switches['unit']>('bps');
  const [hidden, setHidden] = createSignal<ReadonlySet<string>>(new Set());
  const [picked, setPicked] = createSignal<PlanePick>();
  const [lit, setLit] = createSignal<string>();
  const markers = createMemo(() => markersOf(props.results.models));
  const switches = (): Switches => ({ priced: priced(), money: money(), unit: unit(), hidden: hidden() });
  const clouds = createMemo(() => shownClouds(props.results, props.figure, switches()));
  const plane = createMemo(() => planeOf(props.figure, clouds(), switches()));
  const pointOf = ({ series, index }: PlanePick) =>
    props.figure.clouds.find(({ model }) => model === series)?.points.find((point) => point.index === index);
  const columns = [
    { title: 'Sharpe, annual', textOf: (pick: PlanePick) => formatFixed2(pointOf(pick)?.sharpe ?? Number.NaN) },
    { title: 'Trades', textOf: (pick: PlanePick) => formatShort(pointOf(pick)?.tradesPerPeriod ?? Number.NaN) },
  ];
  const toggle = (model: string): void => {
    const next = new Set(hidden());
    if (!next.delete(model)) next.add(model);
    setHidden(next);
  };
  const pick = (now: PlanePick): void => {
    setPicked(now);
    document.getElementById('sheet')?.scrollIntoView({ block: 'nearest' });
  };
  const taught = () =>
    props.results.models.some(({ name, kind }) => kind === 'baseline' && models().includes(name)) &&
    props.results.manifest.models.some(({ source, folder }) => source === 'embedded' && folder.includes('/'));
  const models = () => props.figure.clouds.map(({ model }) => model);
  const assets = () => props.figure.symbols.length;
  return (
    <>
      <div class="switches">
        <Choice label="What counts as risk" options={conventions} value={priced()} onChange={setPriced} />
        <Choice label="Returns" options={monies} value={money()} onChange={setMoney} />
        <Choice label="Unit" options={units} value={unit()} onChange={setUnit} />
      </div>
      <fieldset class="checks" aria-label="Models on the plane">
        <For each={models()}>
          {(model) => (
            <label onPointerEnter={() => setLit(model)} onPointerLeave={() => setLit(undefined)}>
              <input type="checkbox" checked={!hidden().has(model)} onChange={() => toggle(model)} />
              <Show when={markers().get(model)}>{(marker) => <Marker marker={marker()} />}</Show>
              {model}
            </label>
          )}
        </For>
      </fieldset>
      <RiskReturnPlane
        label="Risk-return plane of all models"
        model={plane()}
        opened={picked()}
        onOpen={pick}
        lit={lit()}
        onLight={setLit}
        columns={columns}
        mostHeight={540}
        hint="Diamonds with thin lines are naive forecasts: the middle of their clouds, and the lines through them."
      />
      <p class="reading">
        Each mark is one of {props.figure.configs.length} trading strategies on one model’s forecasts of {assets()}{' '}
        {isSimulated(props.results) ? 'simulated assets' : 'assets'} over {props.figure.periods.length}{' '}
        {periodWords[props.figure.period].many}; a line’s slope is that model’s SR
        <sub>θ</sub>. <strong>Not to conclude:</strong> that a steeper line here makes a better model elsewhere.{' '}
        {isSimulated(props.results)
          ? 'The signal was planted, and strong: slopes are several times the paper’s. '
          : 'Another market, or other days of this one, may order the models otherwise. '}
        {taught()
          ? 'The baselines, grey, were trained on this very kind of market under another seed, the others on a broad corpus: that grey keeps up says this, and no more. '
          : ''}
        All strategies share the same few {periodWords[props.figure.period].many}.
        {money() === 'gross'
          ? ' Gross: means before spread, slippage and fees; the risk stays that of net returns.'
          : ''}
      </p>
      <Later>
        <ExploreTable clouds={clouds()} naive={props.figure.naive} money={money()} lit={lit()} onLight={setLit} />
      </Later>
      <div id="sheet">
        <Show when={picked()} keyed>
          {(now) => <PointSheet results={props.results} figure={props.figure} picked={now} onPick={setPicked} />}
        </Show>
      </div>
    </>
  );
}
