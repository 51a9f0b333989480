import { type Interval, overlaps } from '#core';
import type { DayScore } from '#forecasting';
import type { DefaultOrder, KeptLots } from '#market';
import type { EmissionsPublication } from '../carbon/publication.ts';
import { DurableLog } from '../node/durable-log.ts';
import type { SiteDirectory } from '../node/site-directory.ts';
import { IntradayJournal } from './intraday-journal.ts';
import type { OwnTrade } from './signed-deliveries.ts';
import type { SignedOrder } from './signed-orders.ts';
import { refuse, requireFreeDay, requireLocalDay, type TakenDay, tookDay } from './taken-days.ts';

/** What this site did in a session; written before it leaves. */
type Entry =
  | (TakenDay & { readonly kind: 'taken' })
  | { readonly kind: 'released'; readonly session: string }
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

const MARKET_LOG = 'market.jsonl';

/**
 * The site's own memory of the market. Sessions, trades and grid intensities are the platform's word: if each were
 * answered, sessions opened hour by hour or in other slots later, trades that never were and intensities of a single hour would ask for one
 * reading after another. So a day is traded, and its emissions are published, once; and only own orders can become trades.
 */
export class SessionJournal {
  private readonly log: DurableLog<Entry>;
  private readonly intraday: IntradayJournal;

  constructor(directory: SiteDirectory) {
    this.log = DurableLog.open<Entry>(directory.file(MARKET_LOG));
    this.intraday = new IntradayJournal(directory);
  }

  /** Takes part in an open session from now on. @throws SESSION_NOT_A_DAY, DAY_TAKEN by another session, SESSION_CHANGED */
  take({ id: session, startMs, endMs, resolutionMinutes }: Delivery): void {
    const taken = { session, day: { startMs, endMs }, resolutionMinutes };
    requireLocalDay(taken);
    if (this.find('released', session))
      throw refuse('SESSION_CHANGED', 'a session that was not cancelled', session);
    if (tookDay(this.takenDays(), taken)) return;
    requireFreeDay(this.takenDays(), taken);
    this.log.append({ kind: 'taken', ...taken });
  }

  /**
   * Frees the day of a session that was cancelled before this site said what it wants. @returns whether it did; a day for
   * which it made orders stays taken, or each new session of it would learn other bids
   */
  release(session: string): boolean {
    if (this.madeOrders(session).length > 0) return false;
    this.log.append({ kind: 'released', session });
    return true;
  }

  /** Whether this site took part while the session was open. @throws SESSION_CHANGED where it was of another day or slots then */
  took({ id: session, startMs, endMs, resolutionMinutes }: Delivery): boolean {
    return tookDay(this.takenDays(), { session, day: { startMs, endMs }, resolutionMinutes });
  }

  /** The site's lot of a session: made once, then the same again. @throws LOT_NOT_COMMITTED where there is none to make */
  lot(session: string, make?: () => OwnLot): OwnLot {
    const known = this.find('lot', session);
    if (known) return known;
    if (!make) throw refuse('LOT_NOT_COMMITTED', 'a lot that this site committed to', session);
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

  /** The orders of a session that were made; none yet before it bid. */
  madeOrders(session: string): readonly SignedOrder[] {
    return this.find('orders', session)?.orders ?? [];
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

  /**
   * Of the trades the platform names, those that an order of this participant allows: side, slot, energy and price.
   * @param defaults orders that it declared for the session beforehand
   */
  allowed(
    session: string,
    participantId: string,
    trades: readonly OwnTrade[],
    defaults: readonly DefaultOrder[] = [],
  ): OwnTrade[] {
    const placed = [...this.madeOrders(session), ...this.intraday.orders(session)].map(
      ({ startsAt, side, quantityWh, pricePerMwh }) => ({
        startMs: Date.parse(startsAt),
        side,
        quantityWh,
        pricePerMwh,
      }),
    );
    const orders = [
      ...placed,
      ...defaults.map(({ interval, ...order }) => ({ ...order, startMs: interval.startMs })),
    ];
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

  /** Sessions whose day reaches into `span`, each once, in the order in which they were first taken. */
  sessionsWithin(span: Interval): string[] {
    const within = this.takenDays().filter(({ day }) => overlaps(day, span));
    return [...new Set(within.map(({ session }) => session))];
  }

  private takenDays(): readonly TakenDay[] {
    return [...notReleased(this.log.entries), ...this.intraday.days()];
  }

  private entries<K extends Entry['kind']>(kind: K): EntryOf<K>[] {
    return this.log.entries.filter((entry): entry is EntryOf<K> => entry.kind === kind);
  }

  private find<K extends Entry['kind']>(kind: K, session: string): EntryOf<K> | undefined {
    return this.entries(kind).find((entry) => 'session' in entry && entry.session === session);
  }
}

/** Days on which the node trades, from a log that it may be writing. */
export const daysOfNode = (directory: SiteDirectory): readonly TakenDay[] =>
  notReleased(DurableLog.peek(directory.file(MARKET_LOG)) as readonly Entry[]);

function notReleased(entries: readonly Entry[]): readonly TakenDay[] {
  const released = new Set(entries.flatMap((entry) => (entry.kind === 'released' ? [entry.session] : [])));
  return entries.filter(
    (entry): entry is EntryOf<'taken'> => entry.kind === 'taken' && !released.has(entry.session),
  );
}
