/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type DataCarrier =
  | 'ELECTRICITY'
  | 'GAS'
  | 'HEAT'
  | 'OIL'
  | 'WATER';

export type DataKind =
  | 'CARBON_SERIES'
  | 'FORECAST'
  | 'MODEL'
  | 'READINGS'
  | 'REPORT';

/** A draft is seen by its publisher; listed by everybody; retired by its publisher and who has an agreement about it. */
export type DataSetStatus =
  | 'DRAFT'
  | 'LISTED'
  | 'RETIRED';

export type DeliveryStatementInput = {
  netExportWh: number;
  netImportWh: number;
  /** Ed25519 over the canonical JSON {interval: {end, start}, netExportWh, netImportWh, participant, session} in context 'gridcommons/delivery/1'. */
  signature: string;
  /** Start of a slot in which the participant traded. */
  startsAt: string;
};

/** COMMIT takes commitments of lots, BID orders, REVEAL the nonces behind the commitments. */
export type MarketPhase =
  | 'BID'
  | 'COMMIT'
  | 'REVEAL';

/** What a session trades. */
export type MarketProduct =
  | 'energy'
  | 'flexibility'
  | 'reserve'
  | 'storageCapacity';

/** OPEN takes orders, CLOSED is being cleared, CLEARED takes delivery statements, DELIVERED is being settled; CANCELLED is over without trades. */
export type MarketState =
  | 'CANCELLED'
  | 'CLEARED'
  | 'CLOSED'
  | 'DELIVERED'
  | 'OPEN'
  | 'SETTLED';

export type OrderInput = {
  /** Of flexibility on sale: net import of the slot in Wh that the seller deviates from. */
  baselineWh?: number | null | undefined;
  /** For sessions of block-orders: the participant’s block it is part of, accepted at one share in all its slots. */
  block?: string | number | null | undefined;
  /** 1–64 letters, digits, _ or -; unique among the participant’s orders of the session. */
  id: string | number;
  /** Likewise: own order or block whose accepted share is the most this one’s can be. */
  linkedTo?: string | number | null | undefined;
  /** Likewise: least share that is accepted if any is, of the order or its whole block, 0 to 1. */
  minAcceptance?: number | null | undefined;
  preferences?: OrderPreferencesInput | null | undefined;
  /** Limit in minor units per MWh; may be negative. */
  pricePerMwh: number;
  quantityWh: number;
  side: OrderSide;
  /** Ed25519 over the canonical JSON {interval: {end, start}, order, participant, pricePerMwh, quantityWh, session, side} and those of the optional fields that are given, in context 'gridcommons/order/1'. */
  signature: string;
  /** Start of a slot of the session that has not begun. */
  startsAt: string;
};

/** Whom an order would rather trade with: neighbours first, then green for green, then who trusts whom. For sessions whose mechanism takes preferences. */
export type OrderPreferencesInput = {
  /** On sale: it is green. Wanted: rather green. */
  green?: boolean | null | undefined;
  /** Name of a neighbourhood, 1–64 letters, digits, _ or -; orders that say the same are local. */
  local?: string | null | undefined;
  /** Participants it trusts, at most 100. */
  trusted?: Array<string | number> | null | undefined;
};

export type OrderSide =
  | 'buy'
  | 'sell';

/** What a credential may do. */
export type Role =
  | 'admin'
  | 'analyst'
  | 'auditor'
  | 'firm'
  | 'market'
  | 'operator';

/** At most 100 statements of traded slots, accepted or refused as a whole. */
export type SubmitDeliveryStatementsInput = {
  sessionId: string | number;
  statements: Array<DeliveryStatementInput>;
};

/** At most 500 orders, accepted or refused as a whole. */
export type SubmitOrdersInput = {
  orders: Array<OrderInput>;
  sessionId: string | number;
};

export type TradeVenue =
  | 'auction'
  | 'intraday';

export type ClientMeQueryVariables = Exact<{ [key: string]: never; }>;


export type ClientMeQuery = { me: { id: string, kind: string, roles: Array<Role>, organisation: { id: string, name: string } } };

export type ClientProductsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ClientProductsQuery = { forecastProducts: { edges: Array<{ node: { id: string, name: string, series: string, zone: string, resolution: string, stepMinutes: number, horizon: number, organisationId: string, createdAt: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ClientForecastsQueryVariables = Exact<{
  series?: string | null | undefined;
  productId?: string | number | null | undefined;
  organisationIds?: Array<string | number> | string | number | null | undefined;
  from?: string | null | undefined;
  to?: string | null | undefined;
  latest?: boolean | null | undefined;
  asOf?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ClientForecastsQuery = { forecasts: { edges: Array<{ node: { id: string, organisationId: string, participantId: string, productId: string | null, series: string, intervalStart: string, resolution: string, version: number, unit: string, p10: number, p50: number, p90: number, p10Wh: number | null, p50Wh: number | null, p90Wh: number | null, issuedAt: string, publishedAt: string, modelHash: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ClientForecastPublishedSubscriptionVariables = Exact<{
  series?: string | null | undefined;
  productId?: string | number | null | undefined;
  organisationIds?: Array<string | number> | string | number | null | undefined;
  after?: string | null | undefined;
}>;


export type ClientForecastPublishedSubscription = { forecastPublished: { cursor: string, node: { id: string, organisationId: string, participantId: string, productId: string | null, series: string, intervalStart: string, resolution: string, version: number, unit: string, p10: number, p50: number, p90: number, p10Wh: number | null, p50Wh: number | null, p90Wh: number | null, issuedAt: string, publishedAt: string, modelHash: string } | null, notices: Array<{ code: string, organisationId: string, series: string, termsId: string, from: string, to: string }> | null } };

export type ClientSessionsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ClientSessionsQuery = { marketSessions: { edges: Array<{ node: { id: string, state: MarketState, phase: MarketPhase | null, product: MarketProduct, mechanism: string, currency: string, zone: string, startsAt: string, endsAt: string, resolutionMinutes: number, gateClosesAt: string | null, retailPerMwh: number, feedInPerMwh: number } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ClientSessionChangedSubscriptionVariables = Exact<{
  sessionId: string | number;
  after?: string | null | undefined;
}>;


export type ClientSessionChangedSubscription = { marketSessionChanged: { cursor: string, session: { id: string, state: MarketState, phase: MarketPhase | null, tradeCount: number | null, tradedWh: number | null, gateClosesAt: string | null, settledAt: string | null } } };

export type ClientPlaceOrdersMutationVariables = Exact<{
  input: SubmitOrdersInput;
}>;


export type ClientPlaceOrdersMutation = { submitOrders: { accepted: number, unchanged: number } };

export type ClientStateDeliveriesMutationVariables = Exact<{
  input: SubmitDeliveryStatementsInput;
}>;


export type ClientStateDeliveriesMutation = { submitDeliveryStatements: { accepted: number, unchanged: number } };

export type ClientTradesQueryVariables = Exact<{
  sessionId: string | number;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ClientTradesQuery = { marketTrades: { edges: Array<{ node: { id: string, startsAt: string, venue: TradeVenue, quantityWh: number, buyPricePerMwh: number, sellPricePerMwh: number, buyerParticipantId: string, sellerParticipantId: string, buyerOrganisationId: string, sellerOrganisationId: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ClientSettlementsQueryVariables = Exact<{
  sessionId: string | number;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ClientSettlementsQuery = { marketSettlements: { edges: Array<{ node: { participantId: string, version: number, boughtWh: number, soldWh: number, shortfallWh: number, excessWh: number, localMinor: number, chargeMinor: number, deviationMinor: number, savingsMinor: number, missingHours: Array<string> } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ClientCatalogueQueryVariables = Exact<{
  search?: string | null | undefined;
  kind?: DataKind | null | undefined;
  carrier?: DataCarrier | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ClientCatalogueQuery = { dataSets: { edges: Array<{ node: { id: string, organisationId: string, key: string, title: string, description: string, kind: DataKind, carrier: DataCarrier, resolution: string | null, zone: string, area: string | null, licence: string, status: DataSetStatus, keywords: Array<string> } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const ClientMeDocument = new TypedDocumentString(`
    query ClientMe {
  me {
    id
    kind
    roles
    organisation {
      id
      name
    }
  }
}
    `) as unknown as TypedDocumentString<ClientMeQuery, ClientMeQueryVariables>;
export const ClientProductsDocument = new TypedDocumentString(`
    query ClientProducts($first: Int, $after: String) {
  forecastProducts(first: $first, after: $after) {
    edges {
      node {
        id
        name
        series
        zone
        resolution
        stepMinutes
        horizon
        organisationId
        createdAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ClientProductsQuery, ClientProductsQueryVariables>;
export const ClientForecastsDocument = new TypedDocumentString(`
    query ClientForecasts($series: ForecastSeries, $productId: ID, $organisationIds: [ID!], $from: DateTime, $to: DateTime, $latest: Boolean, $asOf: DateTime, $first: Int, $after: String) {
  forecasts(
    series: $series
    productId: $productId
    organisationIds: $organisationIds
    from: $from
    to: $to
    latest: $latest
    asOf: $asOf
    first: $first
    after: $after
  ) {
    edges {
      node {
        id
        organisationId
        participantId
        productId
        series
        intervalStart
        resolution
        version
        unit
        p10
        p50
        p90
        p10Wh
        p50Wh
        p90Wh
        issuedAt
        publishedAt
        modelHash
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ClientForecastsQuery, ClientForecastsQueryVariables>;
export const ClientForecastPublishedDocument = new TypedDocumentString(`
    subscription ClientForecastPublished($series: ForecastSeries, $productId: ID, $organisationIds: [ID!], $after: String) {
  forecastPublished(
    series: $series
    productId: $productId
    organisationIds: $organisationIds
    after: $after
  ) {
    cursor
    node {
      id
      organisationId
      participantId
      productId
      series
      intervalStart
      resolution
      version
      unit
      p10
      p50
      p90
      p10Wh
      p50Wh
      p90Wh
      issuedAt
      publishedAt
      modelHash
    }
    notices {
      code
      organisationId
      series
      termsId
      from
      to
    }
  }
}
    `) as unknown as TypedDocumentString<ClientForecastPublishedSubscription, ClientForecastPublishedSubscriptionVariables>;
export const ClientSessionsDocument = new TypedDocumentString(`
    query ClientSessions($first: Int, $after: String) {
  marketSessions(first: $first, after: $after) {
    edges {
      node {
        id
        state
        phase
        product
        mechanism
        currency
        zone
        startsAt
        endsAt
        resolutionMinutes
        gateClosesAt
        retailPerMwh
        feedInPerMwh
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ClientSessionsQuery, ClientSessionsQueryVariables>;
export const ClientSessionChangedDocument = new TypedDocumentString(`
    subscription ClientSessionChanged($sessionId: ID!, $after: String) {
  marketSessionChanged(sessionId: $sessionId, after: $after) {
    cursor
    session {
      id
      state
      phase
      tradeCount
      tradedWh
      gateClosesAt
      settledAt
    }
  }
}
    `) as unknown as TypedDocumentString<ClientSessionChangedSubscription, ClientSessionChangedSubscriptionVariables>;
export const ClientPlaceOrdersDocument = new TypedDocumentString(`
    mutation ClientPlaceOrders($input: SubmitOrdersInput!) {
  submitOrders(input: $input) {
    accepted
    unchanged
  }
}
    `) as unknown as TypedDocumentString<ClientPlaceOrdersMutation, ClientPlaceOrdersMutationVariables>;
export const ClientStateDeliveriesDocument = new TypedDocumentString(`
    mutation ClientStateDeliveries($input: SubmitDeliveryStatementsInput!) {
  submitDeliveryStatements(input: $input) {
    accepted
    unchanged
  }
}
    `) as unknown as TypedDocumentString<ClientStateDeliveriesMutation, ClientStateDeliveriesMutationVariables>;
export const ClientTradesDocument = new TypedDocumentString(`
    query ClientTrades($sessionId: ID!, $first: Int, $after: String) {
  marketTrades(sessionId: $sessionId, first: $first, after: $after) {
    edges {
      node {
        id
        startsAt
        venue
        quantityWh
        buyPricePerMwh
        sellPricePerMwh
        buyerParticipantId
        sellerParticipantId
        buyerOrganisationId
        sellerOrganisationId
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ClientTradesQuery, ClientTradesQueryVariables>;
export const ClientSettlementsDocument = new TypedDocumentString(`
    query ClientSettlements($sessionId: ID!, $first: Int, $after: String) {
  marketSettlements(sessionId: $sessionId, first: $first, after: $after) {
    edges {
      node {
        participantId
        version
        boughtWh
        soldWh
        shortfallWh
        excessWh
        localMinor
        chargeMinor
        deviationMinor
        savingsMinor
        missingHours
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ClientSettlementsQuery, ClientSettlementsQueryVariables>;
export const ClientCatalogueDocument = new TypedDocumentString(`
    query ClientCatalogue($search: String, $kind: DataKind, $carrier: DataCarrier, $first: Int, $after: String) {
  dataSets(
    search: $search
    kind: $kind
    carrier: $carrier
    first: $first
    after: $after
  ) {
    edges {
      node {
        id
        organisationId
        key
        title
        description
        kind
        carrier
        resolution
        zone
        area
        licence
        status
        keywords
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ClientCatalogueQuery, ClientCatalogueQueryVariables>;