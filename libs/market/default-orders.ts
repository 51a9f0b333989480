import { DAY_MS, DomainError, type Interval, type Json, localDate, zoneOffsetMs } from '#core';
import type { Side } from './order.ts';
import type { ProductKind } from './product.ts';
import { type SlotMinutes, slotsOf } from './slot.ts';

/** Signature contexts of a participant's default orders: declaring them, revoking them, keeping them out of one session. */
export const DEFAULTS_CONTEXT = 'gridcommons/default-orders/1';
export const DEFAULTS_REVOKED_CONTEXT = 'gridcommons/default-orders-revoked/1';
export const DEFAULTS_WITHDRAWN_CONTEXT = 'gridcommons/default-orders-withdrawn/1';

/** What a default order says wherever it stands. */
export interface DefaultTerms {
  readonly side: Side;
  readonly quantityWh: number;
  readonly pricePerMwh: number;
}

/** One order for each slot that begins at or after `from` and before `until`, local time `HH:MM`; `until` up to 24:00. */
export type DefaultLine<T extends object = DefaultTerms> = T & {
  readonly from: string;
  readonly until: string;
};

/** Orders that a participant declares for sessions to come, of one product, slot length, zone and currency. */
export interface DefaultDeclaration<T extends object = DefaultTerms> {
  readonly participant: string;
  /** Chosen by the participant. */
  readonly declaration: string;
  readonly product: ProductKind;
  readonly resolutionMinutes: number;
  readonly zone: string;
  readonly currency: string;
  /** Delivery days in the zone, `YYYY-MM-DD`, both inclusive. */
  readonly firstDay: string;
  readonly lastDay: string;
  readonly orders: readonly DefaultLine<T>[];
}

/** A declaration with its times, by the clock of the market. */
export interface TimedDeclaration<T extends object = DefaultTerms> extends DefaultDeclaration<T> {
  readonly declaredAtMs: number;
  readonly revokedAtMs: number | null;
}

/** What of a session decides which default orders stand in it. */
export interface DefaultSession {
  readonly product: ProductKind;
  readonly resolutionMinutes: SlotMinutes;
  readonly zone: string;
  readonly currency: string;
  readonly day: Interval;
  /** When orders are no longer taken. */
  readonly gateMs: number;
}

/** An order that stands where its participant was not heard. */
export type DefaultOrder<T extends object = DefaultTerms> = T & {
  readonly participant: string;
  readonly declaration: string;
  readonly order: string;
  readonly interval: Interval;
};

/** No participant can choose such an id for an order: theirs have no colon. */
const DEFAULT_ID = 'default:';

export const isDefaultOrder = (orderId: string): boolean => orderId.startsWith(DEFAULT_ID);

const MINUTE_MS = 60_000;

/** Minutes since local midnight of `HH:MM`; undefined of any other text. */
function minuteOf(time: string): number | undefined {
  const match = /^(\d{2}):([0-5]\d)$/.exec(time);
  const minute = Number(match?.[1]) * 60 + Number(match?.[2]);
  return minute <= DAY_MS / MINUTE_MS ? minute : undefined;
}

/** Minutes since local midnight, as a clock on the wall has them: what is repeated in autumn is there twice. */
export const minuteOfDay = (zone: string, atMs: number): number =>
  Math.floor(((((atMs + zoneOffsetMs(zone, atMs)) % DAY_MS) + DAY_MS) % DAY_MS) / MINUTE_MS);

/**
 * The orders that stand by default for each participant. Of several declarations that cover a session the one declared last
 * stands alone. Declared at or after the gate, or revoked before it, it does not; nor do its orders for slots that have begun
 * by then. Depends on no order of declarations.
 */
export function standingDefaults<T extends object = DefaultTerms>(
  declarations: readonly TimedDeclaration<T>[],
  session: DefaultSession,
): ReadonlyMap<string, readonly DefaultOrder<T>[]> {
  const standing = new Map<string, TimedDeclaration<T>>();
  for (const declaration of declarations) {
    if (!covers(declaration, session)) continue;
    const other = standing.get(declaration.participant);
    if (other === undefined || isLater(declaration, other))
      standing.set(declaration.participant, declaration);
  }
  const { day, resolutionMinutes, zone, gateMs } = session;
  const slots = slotsOf(day, resolutionMinutes)
    .filter(({ startMs }) => startMs >= gateMs)
    .map((slot) => ({ slot, minute: minuteOfDay(zone, slot.startMs) }));
  const participants = [...standing.keys()].toSorted((a, b) => (a < b ? -1 : 1));
  return new Map(
    participants.map((participant) => [participant, ordersOf(standing.get(participant)!, slots)]),
  );
}

/**
 * The orders that the market places at the gate: those of `standingDefaults` for participants of whom it has no order.
 * @param heard who placed orders, or committed itself to place some
 */
export function defaultOrders<T extends object = DefaultTerms>(
  declarations: readonly TimedDeclaration<T>[],
  session: DefaultSession,
  heard: readonly { readonly participant: string }[],
): readonly DefaultOrder<T>[] {
  return ofTheSilent(
    standingDefaults(declarations, session),
    new Set(heard.map(({ participant }) => participant)),
  );
}

/** What stands for those who were not heard. */
export const ofTheSilent = <T extends object>(
  standing: ReadonlyMap<string, readonly DefaultOrder<T>[]>,
  heard: ReadonlySet<string>,
): readonly DefaultOrder<T>[] =>
  [...standing].flatMap(([participant, orders]) => (heard.has(participant) ? [] : orders));

function covers(
  { product, resolutionMinutes, zone, currency, ...declaration }: TimedDeclaration<object>,
  session: DefaultSession,
): boolean {
  const { firstDay, lastDay, declaredAtMs, revokedAtMs } = declaration;
  const isOfSession =
    product === session.product &&
    resolutionMinutes === session.resolutionMinutes &&
    zone === session.zone &&
    currency === session.currency;
  if (!isOfSession) return false;
  const { gateMs, day } = session;
  const date = localDate(zone, day.startMs);
  const inTime = declaredAtMs < gateMs && (revokedAtMs === null || revokedAtMs >= gateMs);
  return inTime && firstDay <= date && date <= lastDay;
}

const isLater = (a: TimedDeclaration<object>, b: TimedDeclaration<object>): boolean =>
  a.declaredAtMs > b.declaredAtMs || (a.declaredAtMs === b.declaredAtMs && a.declaration > b.declaration);

function ordersOf<T extends object>(
  { participant, declaration, orders }: DefaultDeclaration<T>,
  slots: readonly { readonly slot: Interval; readonly minute: number }[],
): readonly DefaultOrder<T>[] {
  const lines = orders.map(({ from, until, ...terms }) => ({
    from: minuteOf(from)!,
    until: minuteOf(until)!,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a line less its times is its terms
    terms: terms as unknown as T,
  }));
  return slots
    .flatMap(({ slot, minute }) =>
      lines
        .filter(({ from, until }) => from <= minute && minute < until)
        .map(({ terms }) => ({ terms, slot })),
    )
    .map(({ terms, slot }, n) => ({
      ...terms,
      participant,
      declaration,
      order: `${DEFAULT_ID}${n}`,
      interval: slot,
    }));
}

/** As many as three a quarter of an hour, and a few. */
const MAX_DEFAULT_ORDERS = 300;
const MAX_DAYS = 366;
const DAY_MINUTES = DAY_MS / MINUTE_MS;

/**
 * Checks what a declaration says by itself, before it is signed and when it is taken.
 * @throws DEFAULTS_ID, DEFAULTS_PRODUCT, DEFAULTS_DAYS, DEFAULTS_LINES, ORDER_SELF_CROSSED
 */
export function requireDeclaration(of: Omit<DefaultDeclaration, 'participant'>): void {
  if (!/^[\w-]{1,64}$/.test(of.declaration)) {
    throw new DomainError('DEFAULTS_ID', 'expected an id of 1–64 letters, digits, _ or -, got another');
  }
  if (of.product === 'flexibility') {
    const message = 'expected a product without a baseline, which nobody knows beforehand, got flexibility';
    throw new DomainError('DEFAULTS_PRODUCT', message);
  }
  requireDays(of);
  const { orders, resolutionMinutes } = of;
  if (orders.length < 1) throw lines('at least one order', 'none');
  const starts = startsOfDay(resolutionMinutes);
  const counted = starts.map((minute) => ({
    minute,
    at: orders.filter((line) => coversMinute(line, minute)),
  }));
  const idle = orders.findIndex((line) => !starts.some((minute) => coversMinute(line, minute)));
  if (idle >= 0) {
    const { from, until } = orders[idle]!;
    throw lines(
      `times HH:MM between which slots of ${resolutionMinutes} minutes begin`,
      `${from.slice(0, 16)} to ${until.slice(0, 16)}`,
    );
  }
  const count = counted.reduce((sum, { at }) => sum + at.length, 0);
  if (count > MAX_DEFAULT_ORDERS) throw lines(`at most ${MAX_DEFAULT_ORDERS} orders a day`, String(count));
  for (const { minute, at } of counted) requireUncrossedAt(minute, at);
}

const startsOfDay = (resolutionMinutes: number): number[] =>
  Array.from({ length: Math.ceil(DAY_MINUTES / resolutionMinutes) }, (_, n) => n * resolutionMinutes);

function coversMinute({ from, until }: DefaultLine<object>, minute: number): boolean {
  const [first, end] = [minuteOf(from), minuteOf(until)];
  return first !== undefined && end !== undefined && first <= minute && minute < end;
}

function requireDays({ firstDay, lastDay }: Pick<DefaultDeclaration, 'firstDay' | 'lastDay'>): void {
  const [first, last] = [firstDay, lastDay].map((day) =>
    /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN,
  );
  if (last! >= first! && last! - first! < MAX_DAYS * DAY_MS) return;
  throw new DomainError(
    'DEFAULTS_DAYS',
    `expected firstDay and lastDay YYYY-MM-DD in order, at most ${MAX_DAYS} days, got ${firstDay.slice(0, 16)} and ${lastDay.slice(0, 16)}`,
  );
}

/** A participant's bids must stay below its own asks of the slot. */
function requireUncrossedAt(minute: number, at: readonly DefaultTerms[]): void {
  const limits = (side: Side): number[] =>
    at.filter((order) => order.side === side).map(({ pricePerMwh }) => pricePerMwh);
  if (Math.max(-Infinity, ...limits('buy')) < Math.min(Infinity, ...limits('sell'))) return;
  throw new DomainError(
    'ORDER_SELF_CROSSED',
    `expected default bids below own default asks, got a bid at or above one ${minute} minutes after midnight`,
    'conflict',
    { minute },
  );
}

const lines = (expected: string, got: string): DomainError =>
  new DomainError('DEFAULTS_LINES', `expected ${expected}, got ${got}`);

/** Canonical form for signing: a template, so that nobody can place another order in its name. */
export function defaultsStatement(of: DefaultDeclaration): Json {
  const { participant, declaration, product, resolutionMinutes, zone, currency, firstDay, lastDay } = of;
  const orders = of.orders.map(({ from, until, side, quantityWh, pricePerMwh }) => ({
    from,
    until,
    side,
    quantityWh,
    pricePerMwh,
  }));
  return { participant, declaration, product, resolutionMinutes, zone, currency, firstDay, lastDay, orders };
}

/** Canonical form for signing, in DEFAULTS_REVOKED_CONTEXT. */
export const revocationStatement = (participant: string, declaration: string): Json => ({
  participant,
  declaration,
});

/** Canonical form for signing, in DEFAULTS_WITHDRAWN_CONTEXT. */
export const withdrawalStatement = (participant: string, session: string): Json => ({ participant, session });
