/** Who trades how much with whom, by rank in the book, in columns. */
export class Matches {
  readonly buys: number[] = [];
  readonly sells: number[] = [];
  readonly quantitiesWh: number[] = [];
  readonly buyPricesPerMwh: number[] = [];
  readonly sellPricesPerMwh: number[] = [];

  get count(): number {
    return this.buys.length;
  }

  /** `buy` and `sell` are ranks; the buyer pays the first price, the seller receives the second (default: the same). */
  add(buy: number, sell: number, quantityWh: number, buyPrice: number, sellPrice = buyPrice): void {
    this.buys.push(buy);
    this.sells.push(sell);
    this.quantitiesWh.push(quantityWh);
    this.buyPricesPerMwh.push(buyPrice);
    this.sellPricesPerMwh.push(sellPrice);
  }

  addAll({ buys, sells, quantitiesWh, buyPricesPerMwh, sellPricesPerMwh }: Matches): void {
    quantitiesWh.forEach((wh, i) => {
      this.add(buys[i]!, sells[i]!, wh, buyPricesPerMwh[i]!, sellPricesPerMwh[i]);
    });
  }
}
