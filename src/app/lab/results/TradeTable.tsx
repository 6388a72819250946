/** The trades of one configuration on one symbol, a page at a time. */

import { createEffect, createSignal, For, on, Show } from 'solid-js';
import type { ExitReason, Trade } from '../../../strategy/types.ts';
import { TableBox } from '../../components/TableBox.tsx';
import { formatBps, formatInstant, formatPrice, formatQuantity, formatShort } from '../../format.ts';
import type { PointSlice } from './point.ts';

const pageSize = 100;

const reasons: Readonly<Record<ExitReason, string>> = {
  stopLoss: 'stop loss',
  takeProfit: 'take profit',
  maxHold: 'time limit',
  reverse: 'opposite signal',
  sessionEnd: 'session end',
};

export function TradeTable(props: {
  slice: PointSlice;
  trades: readonly Trade[];
  /** Shows a trade on the quotes. */
  onShow: (trade: number) => void;
}) {
  const [shown, setShown] = createSignal(pageSize);
  createEffect(
    on(
      () => props.trades,
      () => setShown(pageSize),
    ),
  );
  const at = (tick: number): string => formatInstant(props.slice.grid.timeMs[tick] ?? Number.NaN, props.slice.timeZone);
  return (
    <details>
      <summary>
        {formatQuantity(props.trades.length, 'trade')} on {props.slice.grid.symbol}
      </summary>
      <TableBox
        tall
        testId="trades"
        caption={`Times in ${props.slice.timeZone}; prices with slippage; return after all costs`}
      >
        <thead>
          <tr>
            <th scope="col">Side</th>
            <th scope="col">Size</th>
            <th scope="col">Entry</th>
            <th scope="col">Price</th>
            <th scope="col">Exit</th>
            <th scope="col">Price</th>
            <th scope="col">Return, bps</th>
            <th scope="col">Left on</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.trades.slice(0, shown())}>
            {(trade, index) => (
              <tr>
                <th scope="row">
                  <button type="button" class="quiet" onClick={() => props.onShow(index())}>
                    {trade.side}
                  </button>
                </th>
                <td>{formatShort(trade.size)}</td>
                <td>{at(trade.entryTick)}</td>
                <td>{formatPrice(trade.entryPrice)}</td>
                <td>{at(trade.exitTick)}</td>
                <td>{formatPrice(trade.exitPrice)}</td>
                <td>{formatBps(trade.netReturn)}</td>
                <td>{reasons[trade.reason]}</td>
              </tr>
            )}
          </For>
        </tbody>
      </TableBox>
      <Show when={props.trades.length > shown()}>
        <button type="button" class="quiet" onClick={() => setShown(shown() + pageSize)}>
          Show {Math.min(pageSize, props.trades.length - shown())} more
        </button>
      </Show>
    </details>
  );
}
