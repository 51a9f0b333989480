import { DomainError } from '#core';

/** At once in this process: each holds a page in memory and takes turns at the database. */
const MAX_EXPORTS = 8;
/** Of them for one organisation, so that no other waits for it. */
const MAX_OF_ORGANISATION = 2;

/** Which exports run, and for whom. */
export class ExportSlots {
  readonly #running = new Map<string, number>();

  /** @returns what gives the slot back @throws EXPORT_BUSY */
  take(organisation: string): () => void {
    const own = this.#running.get(organisation) ?? 0;
    const all = [...this.#running.values()].reduce((sum, count) => sum + count, 0);
    if (own >= MAX_OF_ORGANISATION) throw busy(`${MAX_OF_ORGANISATION} exports of an organisation`);
    if (all >= MAX_EXPORTS) throw busy(`${MAX_EXPORTS} exports`);
    this.#running.set(organisation, own + 1);
    return () => this.#giveBack(organisation);
  }

  #giveBack(organisation: string): void {
    const left = this.#running.get(organisation)! - 1;
    if (left > 0) this.#running.set(organisation, left);
    else this.#running.delete(organisation);
  }
}

const busy = (most: string): DomainError =>
  new DomainError('EXPORT_BUSY', `expected at most ${most} at once, got one more`, 'unavailable');
