import { HOUR_MS, interval, isoInstant, signJson } from '#core';
import {
  INTRADAY_CANCEL_CONTEXT,
  INTRADAY_ORDER_CONTEXT,
  intradayCancelStatement,
  intradayOrderStatement,
  type TimeInForce,
} from '#market';
import { type Draft, type MarketDay, nodes, type Page } from './market-day.ts';
import type { TestParticipant } from './participant.ts';
import type { GraphqlAnswer, Sender } from './platform.ts';

const SUBMIT_INTRADAY = `mutation ($input: SubmitIntradayOrdersInput!) {
  submitIntradayOrders(input: $input) { accepted unchanged orders { id state filledWh remainingWh } }
}`;
const CANCEL_INTRADAY = `mutation ($input: CancelIntradayOrderInput!) {
  cancelIntradayOrder(input: $input) { id state filledWh remainingWh }
}`;
const BOOK = `query ($id: ID!, $startsAt: DateTime!, $depth: Int) {
  intradayBook(sessionId: $id, startsAt: $startsAt, depth: $depth) {
    open gateClosesAt lastPricePerMwh tradedWh bids { pricePerMwh quantityWh } asks { pricePerMwh quantityWh }
  }
}`;
const ORDERS = `query ($id: ID!, $first: Int, $after: String) {
  intradayOrders(sessionId: $id, first: $first, after: $after) {
    edges { node { id participantId state filledWh remainingWh } }
    pageInfo { hasNextPage endCursor }
  }
}`;
export const BOOK_CHANGED = `subscription ($id: ID!, $after: String) {
  intradayBookChanged(sessionId: $id, after: $after) {
    cursor book { startsAt lastPricePerMwh bids { pricePerMwh quantityWh } asks { pricePerMwh quantityWh } }
  }
}`;

export interface IntradayDraft extends Draft {
  readonly timeInForce?: TimeInForce;
  readonly expiresAt?: string | null;
}

export async function signedIntradayOrder(session: string, signer: TestParticipant, draft: IntradayDraft) {
  const {
    id,
    startMs,
    endMs = startMs + HOUR_MS,
    timeInForce = 'gtd',
    expiresAt = null,
    side,
    quantityWh,
    pricePerMwh,
  } = draft;
  const terms = { side, quantityWh, pricePerMwh, timeInForce };
  const statement = intradayOrderStatement({
    session,
    participant: signer.id,
    order: id,
    interval: interval(startMs, endMs),
    ...terms,
    expiresAtMs: expiresAt === null ? null : Date.parse(expiresAt),
  });
  const signature = await signJson(signer.signingKey.privateKey, INTRADAY_ORDER_CONTEXT, statement);
  return { id, startsAt: isoInstant(startMs), ...terms, expiresAt, signature };
}

/** What members do in the order books of a market day. */
export class IntradayMarket {
  constructor(
    private readonly day: MarketDay,
    readonly sessionId: string,
  ) {}

  async submit(
    from: TestParticipant,
    drafts: readonly IntradayDraft[],
    signer = from,
  ): Promise<GraphqlAnswer> {
    const orders = await Promise.all(
      drafts.map((draft) => signedIntradayOrder(this.sessionId, signer, draft)),
    );
    return this.submitSigned(from, orders);
  }

  submitSigned(from: TestParticipant, orders: readonly object[]): Promise<GraphqlAnswer> {
    return this.day.platform.graphql(SUBMIT_INTRADAY, { input: { sessionId: this.sessionId, orders } }, from);
  }

  async cancel(
    from: TestParticipant,
    orderId: string,
    context = INTRADAY_CANCEL_CONTEXT,
  ): Promise<GraphqlAnswer> {
    const { sessionId } = this;
    const statement = intradayCancelStatement({ session: sessionId, participant: from.id, order: orderId });
    const signature = await signJson(from.signingKey.privateKey, context, statement);
    return this.day.platform.graphql(CANCEL_INTRADAY, { input: { sessionId, orderId, signature } }, from);
  }

  async book(startMs: number, sender: Sender): Promise<object> {
    const variables = { id: this.sessionId, startsAt: isoInstant(startMs) };
    return (await this.day.platform.data<{ intradayBook: object }>(BOOK, variables, sender)).intradayBook;
  }

  bookAnswer(variables: object, sender: Sender): Promise<GraphqlAnswer> {
    return this.day.platform.graphql(BOOK, { id: this.sessionId, ...variables }, sender);
  }

  async orders(
    sender: Sender,
    page: object = {},
  ): Promise<{ readonly all: object[]; readonly endCursor: string | null }> {
    const variables = { id: this.sessionId, ...page };
    const { intradayOrders } = await this.day.platform.data<{ intradayOrders: Page<object> }>(
      ORDERS,
      variables,
      sender,
    );
    return { all: nodes(intradayOrders), endCursor: intradayOrders.pageInfo.endCursor };
  }
}
