import { DomainError, HOUR_MS, type Interval, overlaps } from '#core';
import type { DayScore } from '#forecasting';
import type { KeptLots } from '#market';
import type { EmissionsPublication } from '../carbon/publication.ts';
import { DurableLog } from '../node/durable-log.ts';
import type { SiteDirectory } from '../node/site-directory.ts';
import type { OwnTrade } from './signed-deliveries.ts';
import type { SignedOrder } from './signed-orders.ts';

/** What this site did in a session; written before it leaves. */
type Entry =
  | {
      readonly kind: 'taken';
      readonly session: string;
      readonly day: Interval;
      readonly resolutionMinutes?: number;
    }
  | { readonly kind: 'orders'; readonly session: string; readonly orders: readonly SignedOrder[] }
  | ({ readonly kind: 'lot'; readonly session: string } & OwnLot)
  | { readonly kind: 'lot-set'; readonly session: string; readonly commitmentsHash: string }
  | { readonly kind: 'emissions'; readonly session: string; readonly input: EmissionsPublication }
  | { readonly kind: 'score'; readonly dayMs: number; readonly modelHash: string; readonly score: DayScore };

/** The site's nonce in a session's lots, and the commitment that the market had made by then. */
export interface OwnLot {
  readonly nonce: string;
  readonly marketCommitment: string;
}

type EntryOf<K extends Entry['kind']> = Extract<Entry, { kind: K }>;

interface Delivery extends Interval {
  readonly id: string;
  readonly resolutionMinutes: number;
}

const LONGEST_DAY_HOURS = 25;
const SHORTEST_DAY_HOURS = 23;
/** Of sessions taken before there were others. */
const HOURLY = 60;

/**
 * The site's own memory of the market. Sessions, trades and grid intensities are the platform's word: if each were
 * answered, sessions opened hour by hour or in other slots later, trades that never were and intensities of a single hour would ask for one
 * reading after another. So a day is traded, and its emissions are published, once; and only own orders can become trades.
 */
export class SessionJournal {
  private readonly log: DurableLog<Entry>;

  constructor(directory: SiteDirectory) {
    this.log = DurableLog.open<Entry>(directory.file('market.jsonl'));
  }

  /** Takes part in an open session from now on. @throws SESSION_NOT_A_DAY, DAY_TAKEN by another session, SESSION_CHANGED */
  take({ id, startMs, endMs, resolutionMinutes }: Delivery): void {
    const hours = (endMs - startMs) / HOUR_MS;
    if (!Number.isInteger(hours) || hours < SHORTEST_DAY_HOURS || hours > LONGEST_DAY_HOURS) {
      throw refuse('SESSION_NOT_A_DAY', 'a session of one local day', { session: id });
    }
    if (this.took({ id, startMs, endMs, resolutionMinutes })) return;
    const day = { startMs, endMs };
    const other = this.entries('taken').find((taken) => overlaps(taken.day, day));
    if (other) throw refuse('DAY_TAKEN', `session ${other.session} alone on its day`, { session: id });
    this.log.append({ kind: 'taken', session: id, day, resolutionMinutes });
  }

  /** Whether this site took part while the session was open. @throws SESSION_CHANGED where it was of another day or slots then */
  took({ id, startMs, endMs, resolutionMinutes }: Delivery): boolean {
    const taken = this.find('taken', id);
    if (taken === undefined) return false;
    const { day, resolutionMinutes: minutes = HOURLY } = taken;
    if (day.startMs !== startMs || day.endMs !== endMs || minutes !== resolutionMinutes) {
      throw refuse('SESSION_CHANGED', 'the day and slots that the session had when it was open', {
        session: id,
      });
    }
    return true;
  }

  /** The site's lot of a session: made once, then the same again. @throws LOT_NOT_COMMITTED where there is none to make */
  lot(session: string, make?: () => OwnLot): OwnLot {
    const known = this.find('lot', session);
    if (known) return known;
    if (!make) throw refuse('LOT_NOT_COMMITTED', 'a lot that this site committed to', { session });
    const lot = make();
    this.log.append({ kind: 'lot', session, ...lot });
    return lot;
  }

  hasLot(session: string): boolean {
    return this.find('lot', session) !== undefined;
  }

  /** Keeps what the commitments of a session were when its nonces began to be known: the first word counts. */
  lotSet(session: string, commitmentsHash: string): void {
    if (!this.find('lot-set', session)) this.log.append({ kind: 'lot-set', session, commitmentsHash });
  }

  /** What a cleared session's lots must agree with; undefined where the site revealed none. */
  keptLots(session: string, participant: string): KeptLots | undefined {
    const [lot, set] = [this.find('lot', session), this.find('lot-set', session)];
    if (!lot || !set) return undefined;
    const { nonce, marketCommitment } = lot;
    return { session, own: { participant, nonce }, marketCommitment, commitmentsHash: set.commitmentsHash };
  }

  /** The orders of a session: made once, then the same again. */
  async orders(
    session: string,
    make: () => Promise<readonly SignedOrder[]>,
  ): Promise<readonly SignedOrder[]> {
    const known = this.find('orders', session);
    if (known) return known.orders;
    const orders = await make();
    this.log.append({ kind: 'orders', session, orders });
    return orders;
  }

  /** The published totals of a session's day: made once, then the same again. */
  async emissions(session: string, make: () => Promise<EmissionsPublication>): Promise<EmissionsPublication> {
    const known = this.find('emissions', session);
    if (known) return known.input;
    const input = await make();
    this.log.append({ kind: 'emissions', session, input });
    return input;
  }

  /** What this site says of a model's forecast of a day: made once, then the same again. */
  async score(
    { startMs: dayMs }: Interval,
    modelHash: string,
    make: () => Promise<DayScore | null>,
  ): Promise<DayScore | null> {
    const known = this.entries('score').find(
      (entry) => entry.dayMs === dayMs && entry.modelHash === modelHash,
    );
    if (known) return known.score;
    const score = await make();
    if (score) this.log.append({ kind: 'score', dayMs, modelHash, score });
    return score;
  }

  /** Of the trades the platform names, those that an order of this participant allows: side, slot, energy and price. */
  allowed(session: string, participantId: string, trades: readonly OwnTrade[]): OwnTrade[] {
    const orders = (this.find('orders', session)?.orders ?? []).map((order) => ({
      ...order,
      startMs: Date.parse(order.startsAt),
    }));
    return trades.filter((trade) =>
      orders.some(
        ({ startMs, side, quantityWh, pricePerMwh }) =>
          startMs === trade.startMs &&
          quantityWh >= trade.quantityWh &&
          (side === 'buy'
            ? trade.buyerParticipantId === participantId && trade.buyPricePerMwh <= pricePerMwh
            : trade.sellerParticipantId === participantId && trade.sellPricePerMwh >= pricePerMwh),
      ),
    );
  }

  private entries<K extends Entry['kind']>(kind: K): EntryOf<K>[] {
    return this.log.entries.filter((entry): entry is EntryOf<K> => entry.kind === kind);
  }

  private find<K extends Entry['kind']>(kind: K, session: string): EntryOf<K> | undefined {
    return this.entries(kind).find((entry) => 'session' in entry && entry.session === session);
  }
}

const refuse = (code: string, expected: string, data: Readonly<Record<string, string>>) =>
  new DomainError(code, `expected ${expected}, got another`, 'forbidden', data);
