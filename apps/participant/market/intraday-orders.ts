import { randomUUID } from 'node:crypto';
import { DomainError, type Interval, interval, isoInstant, parseInstant, signJson } from '#core';
import {
  INTRADAY_CANCEL_CONTEXT,
  INTRADAY_ORDER_CONTEXT,
  intradayCancelStatement,
  intradayOrderStatement,
  requireSlot,
  requireSlotMinutes,
  type Side,
  type TimeInForce,
} from '#market';
import { PlatformClient } from '../node/platform-client.ts';
import type { SiteDirectory } from '../node/site-directory.ts';
import { IntradayJournal, type SignedIntradayOrder } from './intraday-journal.ts';
import { daysOfNode } from './session-journal.ts';
import type { GraphqlClient, Signer } from './signer.ts';
import { requireFreeDay, requireLocalDay, type TakenDay, tookDay } from './taken-days.ts';

/** What an owner says of an order; `id` is drawn where it is absent. */
export interface IntradayDraft {
  readonly session: string;
  readonly id?: string | undefined;
  readonly startMs: number;
  readonly side: Side;
  readonly quantityWh: number;
  readonly pricePerMwh: number;
  readonly timeInForce: TimeInForce;
  readonly expiresAtMs: number | null;
}

/** What has become of an order, in the platform's words. */
export interface IntradayResult {
  readonly id: string;
  readonly state: string;
  readonly filledWh: number;
  readonly remainingWh: number;
}

interface Place {
  readonly client: GraphqlClient;
  readonly signer: Signer;
  readonly journal: IntradayJournal;
  readonly directory: SiteDirectory;
}

/** @throws NOT_ENROLLED, KEY_FILE_EXPOSED */
export async function intradayPlace(directory: SiteDirectory): Promise<Place> {
  const { platformUrl, participantId } = directory.enrolment();
  const { privateKey } = (await directory.identity()).signing;
  const signer = { participantId, privateKey };
  return {
    client: new PlatformClient(platformUrl, signer),
    signer,
    journal: new IntradayJournal(directory),
    directory,
  };
}

/**
 * Signs an order, writes it down and submits it; the same id with the same terms is submitted again as it was, and tells
 * what has become of it. What is written down is what the node will later state deliveries for.
 * @throws SESSION_NOT_A_DAY, HOUR_NOT_IN_SESSION, SESSION_CHANGED, DAY_TAKEN, ORDER_CONFLICT, and the platform's refusals
 */
export async function placeIntradayOrder(place: Place, draft: IntradayDraft): Promise<IntradayResult> {
  const { client, journal, directory } = place;
  const taken = await sessionDay(client, draft.session);
  requireLocalDay(taken);
  const { day, resolutionMinutes } = taken;
  const slot = requireSlot(day, requireSlotMinutes(day, resolutionMinutes), draft.startMs);
  const days = [...daysOfNode(directory), ...journal.days()];
  if (!tookDay(days, taken)) requireFreeDay(days, taken);
  const known = journal.orders(draft.session).find(({ id }) => id === draft.id);
  if (known) requireSameTerms(known, draft);
  const order = known ?? (await signedIntradayOrder(place.signer, slot, draft));
  if (!known) journal.append(taken, order);
  const input = { sessionId: draft.session, orders: [order] };
  const { submitIntradayOrders } = await client.request<{
    submitIntradayOrders: { orders: IntradayResult[] };
  }>(
    `mutation ($input: SubmitIntradayOrdersInput!) {
      submitIntradayOrders(input: $input) { orders { id state filledWh remainingWh } }
    }`,
    { input },
  );
  return requireResult(submitIntradayOrders.orders[0]);
}

/** Withdraws what waits of an order. @throws the platform's refusals */
export async function cancelIntradayOrder(
  { client, signer }: Pick<Place, 'client' | 'signer'>,
  session: string,
  order: string,
): Promise<IntradayResult> {
  const statement = intradayCancelStatement({ session, participant: signer.participantId, order });
  const signature = await signJson(signer.privateKey, INTRADAY_CANCEL_CONTEXT, statement);
  const answer = await client.request<{ cancelIntradayOrder: IntradayResult }>(
    `mutation ($input: CancelIntradayOrderInput!) {
      cancelIntradayOrder(input: $input) { id state filledWh remainingWh }
    }`,
    { input: { sessionId: session, orderId: order, signature } },
  );
  return answer.cancelIntradayOrder;
}

async function signedIntradayOrder(
  signer: Signer,
  slot: Interval,
  draft: IntradayDraft,
): Promise<SignedIntradayOrder> {
  const {
    session,
    id = randomUUID(),
    startMs,
    side,
    quantityWh,
    pricePerMwh,
    timeInForce,
    expiresAtMs,
  } = draft;
  const terms = { side, quantityWh, pricePerMwh, timeInForce };
  const statement = intradayOrderStatement({
    session,
    participant: signer.participantId,
    order: id,
    interval: slot,
    ...terms,
    expiresAtMs,
  });
  const signature = await signJson(signer.privateKey, INTRADAY_ORDER_CONTEXT, statement);
  const expiresAt = expiresAtMs === null ? null : isoInstant(expiresAtMs);
  return { id, startsAt: isoInstant(startMs), ...terms, expiresAt, signature };
}

async function sessionDay(client: GraphqlClient, session: string): Promise<Required<TakenDay>> {
  const { marketSession } = await client.request<{
    marketSession: { readonly startsAt: string; readonly endsAt: string; readonly resolutionMinutes: number };
  }>('query ($id: ID!) { marketSession(id: $id) { startsAt endsAt resolutionMinutes } }', { id: session });
  const day = interval(parseInstant(marketSession.startsAt), parseInstant(marketSession.endsAt));
  return { session, day, resolutionMinutes: marketSession.resolutionMinutes };
}

function requireSameTerms(known: SignedIntradayOrder, draft: IntradayDraft): void {
  const same =
    parseInstant(known.startsAt) === draft.startMs &&
    (known.expiresAt === null ? null : parseInstant(known.expiresAt)) === draft.expiresAtMs &&
    (['side', 'quantityWh', 'pricePerMwh', 'timeInForce'] as const).every(
      (term) => known[term] === draft[term],
    );
  if (same) return;
  throw new DomainError(
    'ORDER_CONFLICT',
    `expected order ${known.id} as it was signed, got other terms`,
    'conflict',
    {
      order: known.id,
    },
  );
}

function requireResult(result: IntradayResult | undefined): IntradayResult {
  if (result) return result;
  throw new DomainError('ORDERS_LOST', 'expected the order to be taken', 'unavailable');
}
