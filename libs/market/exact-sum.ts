import { exactAmount } from '#core';

/** Σ energy × price, exact: in a double as long as that is, in a bigint beyond. */
export class ExactSum {
  #carried = 0n;
  #pending = 0;

  /** Both integers. */
  add(energyWh: number, pricePerMwh: number): void {
    const product = energyWh * pricePerMwh;
    const sum = this.#pending + product;
    if (Math.abs(product) <= Number.MAX_SAFE_INTEGER && Math.abs(sum) <= Number.MAX_SAFE_INTEGER) {
      this.#pending = sum;
    } else {
      this.#carried += BigInt(this.#pending) + exactAmount(energyWh, pricePerMwh);
      this.#pending = 0;
    }
  }

  /** In millionths of a minor unit. */
  get exact(): bigint {
    return this.#carried + BigInt(this.#pending);
  }
}
