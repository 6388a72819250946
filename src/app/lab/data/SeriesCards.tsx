/** A card a symbol in use. */

import { createMemo } from 'solid-js';
import { LongList } from '../../components/LongList.tsx';
import { useLab } from '../lab.ts';
import { SeriesCard } from './SeriesCard.tsx';

export function SeriesCards() {
  const { data } = useLab();
  const series = createMemo(() => new Map(data.inUse().series.map((each) => [each.symbol, each])));
  const health = createMemo(() => new Map(data.inUse().health.map((each) => [each.symbol, each])));
  return (
    <div aria-busy={data.state.busy !== undefined}>
      <LongList class="cards" label="Symbols in use" items={data.grids()} rowPx={190} columnPx={260}>
        {(grid) => <SeriesCard grid={grid} series={series().get(grid.symbol)} health={health().get(grid.symbol)} />}
      </LongList>
    </div>
  );
}
