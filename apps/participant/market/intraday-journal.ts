import type { Side, TimeInForce } from '#market';
import { DurableLog } from '../node/durable-log.ts';
import type { SiteDirectory } from '../node/site-directory.ts';
import type { TakenDay } from './taken-days.ts';

/** One element of the platform's IntradayOrderInput. */
export interface SignedIntradayOrder {
  readonly id: string;
  readonly startsAt: string;
  readonly side: Side;
  readonly quantityWh: number;
  readonly pricePerMwh: number;
  readonly timeInForce: TimeInForce;
  readonly expiresAt: string | null;
  readonly signature: string;
}

interface Entry extends TakenDay {
  readonly order: SignedIntradayOrder;
}

/**
 * Intraday orders that the owner signed on the command line, written before they leave. A file beside the node's own
 * memory of the market: the node may be running, and reads this one anew each time.
 */
export class IntradayJournal {
  readonly #file: string;

  constructor(directory: SiteDirectory) {
    this.#file = directory.file('intraday.jsonl');
  }

  /** Days that are taken by orders of here. */
  days(): readonly TakenDay[] {
    return this.#entries();
  }

  orders(session: string): readonly SignedIntradayOrder[] {
    return this.#entries()
      .filter((entry) => entry.session === session)
      .map(({ order }) => order);
  }

  append(taken: TakenDay, order: SignedIntradayOrder): void {
    DurableLog.open<Entry>(this.#file).append({ ...taken, order });
  }

  #entries(): readonly Entry[] {
    return DurableLog.peek(this.#file) as readonly Entry[];
  }
}
