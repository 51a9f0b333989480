import { DomainError, HOUR_MS, isoInstant, signJson } from '#core';
import {
  bidCurve,
  type BidStep,
  blockOrders,
  sessionMechanism,
  ORDER_CONTEXT,
  orderStatement,
  type RetailTerms,
  sessionNeeds,
  type Side,
  singleStep,
  type SlotForecast,
} from '#market';
import type { CurveOf } from './device-curves.ts';
import type { GraphqlClient, Signer } from './signer.ts';

/** The session's terms as the platform states them. */
export interface SessionTerms extends RetailTerms {
  readonly id: string;
  readonly mechanism: string;
  /** The size of every order, where the mechanism needs one. */
  readonly unitWh: number | null;
}

/** One element of the platform's OrderInput. */
export interface SignedOrder {
  readonly id: string;
  readonly startsAt: string;
  readonly side: Side;
  readonly quantityWh: number;
  readonly pricePerMwh: number;
  readonly signature: string;
}

/** As many as the platform takes in one request. */
const ORDERS_PER_REQUEST = 500;

/**
 * The site's bid curves as signed orders; the forecast's quantiles themselves stay here. Ids follow from slot and step, so the same forecast gives the same orders and
 * a repeated submission changes nothing.
 * @param curveOf what is bid for a slot: its forecast alone unless given
 * @throws MECHANISM_UNKNOWN, what bidCurve in libs/market throws.
 */
export async function signedOrders(
  signer: Signer,
  session: SessionTerms,
  forecasts: readonly SlotForecast[],
  curveOf: CurveOf = (net) => bidCurve(net, session),
): Promise<SignedOrder[]> {
  const orders: SignedOrder[] = [];
  for (const forecast of forecasts) {
    const { startMs, endMs } = forecast;
    const slot = { startMs, endMs };
    for (const [step, bid] of stepsFor(session, curveOf(forecast)).entries()) {
      const order = `${Math.trunc(startMs / Math.min(HOUR_MS, endMs - startMs))}-${step}`;
      const statement = orderStatement({
        session: session.id,
        participant: signer.participantId,
        order,
        interval: slot,
        ...bid,
      });
      const signature = await signJson(signer.privateKey, ORDER_CONTEXT, statement);
      orders.push({ id: order, startsAt: isoInstant(startMs), ...bid, signature });
    }
  }
  return orders;
}

/** Whether a participant has one order in a slot. @throws MECHANISM_UNKNOWN */
const takesOneOrder = ({ mechanism }: Pick<SessionTerms, 'mechanism'>): boolean =>
  sessionNeeds(sessionMechanism(mechanism)).includes('oneOrder');

/** Whether the session takes fewer orders of a participant than a curve of devices has steps. @throws MECHANISM_UNKNOWN */
export const takesFewOrders = (session: Pick<SessionTerms, 'mechanism'>): boolean =>
  takesOneOrder(session) ||
  session.mechanism === blockOrders.name ||
  sessionMechanism(session.mechanism).takes.includes('preferences');

/** A curve as the session's mechanism takes it. @throws MECHANISM_UNKNOWN */
function stepsFor(session: SessionTerms, curve: readonly BidStep[]): readonly BidStep[] {
  if (!takesOneOrder(session)) return curve;
  const single = singleStep(curve, session, session.unitWh);
  return single === null ? [] : [single];
}

/** Submits orders in as many requests as needed. @throws the platform's refusal; what was accepted before stays. */
export async function submitOrders(
  client: GraphqlClient,
  sessionId: string,
  orders: readonly SignedOrder[],
): Promise<number> {
  let accepted = 0;
  for (let from = 0; from < orders.length; from += ORDERS_PER_REQUEST) {
    const input = { sessionId, orders: orders.slice(from, from + ORDERS_PER_REQUEST) };
    const { submitOrders: submitted } = await client.request<{
      submitOrders: { accepted: number; unchanged: number };
    }>('mutation ($input: SubmitOrdersInput!) { submitOrders(input: $input) { accepted unchanged } }', {
      input,
    });
    if (submitted.accepted + submitted.unchanged !== input.orders.length) {
      throw new DomainError(
        'ORDERS_LOST',
        `expected ${input.orders.length} orders to be taken`,
        'unavailable',
      );
    }
    accepted += submitted.accepted;
  }
  return accepted;
}
