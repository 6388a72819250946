/** The best bid and ask of a log of orders that come, change and go, or of price levels that do. */

import { BookSide } from './priceBook.ts';

interface Order {
  readonly side: 'bid' | 'ask';
  readonly price: number;
  readonly size: number;
}

export interface OrderEvent {
  readonly action: string;
  readonly side: 'bid' | 'ask' | undefined;
  readonly price: number;
  readonly size: number;
  /** Empty where the log is one of price levels: sizes are then what is left at a price. */
  readonly order: string;
}

const ADD = /^(a|add|added|new|insert|open|created?|place|placed|snapshot)$/i;
const CHANGE = /^(m|mod|modify|modified|change|changed|update|r?replace|u)$/i;
const DELETE = /^(d|del|delete|deleted|remove|removed|done)$/i;
/** As many as are said leave the order; all where that is not said. */
const REDUCE = /^(c|cancel|canceled|cancelled|x|e|execute|executed)$/i;
const CLEAR = /^(r|clear|reset)$/i;

export class OrderBook {
  private readonly sides = { bid: new BookSide(1), ask: new BookSide(-1) };
  private readonly orders = new Map<string, Order>();

  /** False where the event leaves the book as it is: a trade, a fill. */
  apply({ action, side, price, size, order }: OrderEvent): boolean {
    if (CLEAR.test(action)) {
      this.orders.clear();
      this.sides.bid.clear();
      this.sides.ask.clear();
      return true;
    }
    const adds = ADD.test(action);
    const changes = CHANGE.test(action);
    const deletes = DELETE.test(action);
    if (!adds && !changes && !deletes && !REDUCE.test(action)) return false;
    if (order === '') {
      if (!side) return false;
      this.sides[side].set(price, adds || changes ? size : 0);
      return true;
    }
    const known = this.orders.get(order);
    if (known) this.sides[known.side].add(known.price, -known.size);
    const left = this.leftOf(known, { adds, changes, deletes, side, price, size });
    if (left && left.size > 0) {
      this.orders.set(order, left);
      this.sides[left.side].add(left.price, left.size);
    } else this.orders.delete(order);
    return known !== undefined || left !== undefined;
  }

  best(side: 'bid' | 'ask'): readonly [price: number, size: number] {
    return this.sides[side].best();
  }

  private leftOf(
    known: Order | undefined,
    event: Pick<OrderEvent, 'side' | 'price' | 'size'> & { adds: boolean; changes: boolean; deletes: boolean },
  ): Order | undefined {
    const { adds, changes, deletes, price, size } = event;
    const side = event.side ?? known?.side;
    if (!side || deletes) return undefined;
    if (adds || changes) return { side, price: price > 0 ? price : (known?.price ?? Number.NaN), size };
    return known && { ...known, size: size > 0 ? known.size - size : 0 };
  }
}
