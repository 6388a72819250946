/** Heat map of the Sharpe ratio over two settings: a table whose cells are coloured, so that it reads the same without colour. */

import { createMemo, createSignal, For } from 'solid-js';
import { type Bin, type SensitivityAxis, sensitivityAxes, sensitivityMap } from '../../../analysis/sensitivity.ts';
import type { MarketLineResult } from '../../../marketLine/marketLineResult.ts';
import { TableBox } from '../../components/TableBox.tsx';
import { formatFixed2, formatQuantity, formatShort } from '../../format.ts';

const axes = Object.keys(sensitivityAxes) as SensitivityAxis[];

export function SensitivityMap(props: { result: MarketLineResult }) {
  const [columnAxis, setColumnAxis] = createSignal<SensitivityAxis>('thresholdBps');
  const [rowAxis, setRowAxis] = createSignal<SensitivityAxis>('maxHoldTicks');
  const map = createMemo(() => sensitivityMap(props.result.configurations, columnAxis(), rowAxis()));
  const largest = () => Math.max(1e-9, ...map().sharpe.flatMap((row) => row.map((value) => Math.abs(value ?? 0))));
  return (
    <details data-testid="sensitivity">
      <summary>What the Sharpe ratio depends on</summary>
      <div class="inline">
        <AxisChoice label="Across" value={columnAxis()} onChange={setColumnAxis} />
        <AxisChoice label="Down" value={rowAxis()} onChange={setRowAxis} />
      </div>
      <TableBox
        caption={`Mean annual Sharpe ratio; across: ${sensitivityAxes[columnAxis()]}; down: ${sensitivityAxes[rowAxis()]}`}
      >
        <thead>
          <tr>
            <td />
            <For each={map().columns}>{(bin) => <th scope="col">{nameOf(bin)}</th>}</For>
          </tr>
        </thead>
        <tbody>
          <For each={map().rows}>
            {(bin, r) => (
              <tr>
                <th scope="row">{nameOf(bin)}</th>
                <For each={map().sharpe[r()]}>
                  {(sharpe, c) => (
                    <td
                      class="heat"
                      style={heat(sharpe, largest())}
                      title={formatQuantity(map().counts[r()]?.[c()] ?? 0, 'configuration')}
                    >
                      {formatFixed2(sharpe ?? Number.NaN)}
                    </td>
                  )}
                </For>
              </tr>
            )}
          </For>
        </tbody>
      </TableBox>
    </details>
  );
}

function AxisChoice(props: { label: string; value: SensitivityAxis; onChange: (axis: SensitivityAxis) => void }) {
  return (
    <label>
      {props.label}
      <select onChange={(event) => props.onChange(axes[event.currentTarget.selectedIndex] ?? 'thresholdBps')}>
        <For each={axes}>
          {(axis) => (
            <option value={axis} selected={axis === props.value}>
              {sensitivityAxes[axis]}
            </option>
          )}
        </For>
      </select>
    </label>
  );
}

/** Blue earns, orange loses; both fade into the page towards 0, so that the ink stays readable. */
function heat(sharpe: number | null, largest: number): string {
  if (sharpe === null) return '';
  const strength = Math.round((45 * Math.abs(sharpe)) / largest);
  return `background: color-mix(in srgb, var(${sharpe >= 0 ? '--accent' : '--point'}) ${strength}%, transparent)`;
}

function nameOf({ low, high }: Bin): string {
  if (low === null || high === null) return 'off';
  return low === high ? formatShort(low) : `${formatShort(low)}–${formatShort(high)}`;
}
