/** One side of an order book by price: levels come, change and go, and the best one is asked for. */

export class BookSide {
  private readonly levels = new Map<number, number>();
  private bestPrice = Number.NaN;

  /** @param sign 1 for bids, whose best is the highest, −1 for asks */
  constructor(private readonly sign: 1 | -1) {}

  clear(): void {
    this.levels.clear();
    this.bestPrice = Number.NaN;
  }

  /** The size at a price; 0 takes the level away. */
  set(price: number, size: number): void {
    if (!(price > 0)) return;
    if (size > 0) {
      this.levels.set(price, size);
      if (!(this.sign * price <= this.sign * this.bestPrice)) this.bestPrice = price;
      return;
    }
    this.levels.delete(price);
    if (price !== this.bestPrice) return;
    this.bestPrice = Number.NaN;
    for (const each of this.levels.keys()) if (!(this.sign * each <= this.sign * this.bestPrice)) this.bestPrice = each;
  }

  /** Adds to the size at a price, which may become none. */
  add(price: number, size: number): void {
    this.set(price, (this.levels.get(price) ?? 0) + size);
  }

  /** Price and size of the best level; NaN without any. */
  best(): readonly [price: number, size: number] {
    return [this.bestPrice, this.levels.get(this.bestPrice) ?? Number.NaN];
  }
}
