/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** IN_FORCE is the only one in which data may be read. */
export type AgreementStanding =
  | 'AGREED'
  | 'EXPIRED'
  | 'IN_FORCE'
  | 'LAPSED'
  | 'NOT_YET_VALID'
  | 'RETIRED'
  | 'REVOKED'
  | 'SUPERSEDED'
  | 'UNPAID';

export type CertificateKind =
  | 'CONSUMPTION'
  | 'PRODUCTION';

export type CertificateState =
  | 'CLAIMED'
  | 'EXPIRED'
  | 'LIVE'
  | 'STORED'
  | 'WITHDRAWN';

export type CreateApiKeyInput = {
  memberName: string;
  roles: Array<Role>;
};

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

/** UNLISTED: of its publisher alone, who offers it to whom it likes. */
export type DataOfferStatus =
  | 'LISTED'
  | 'UNLISTED'
  | 'WITHDRAWN';

/** Two accounts of the same energy, never added. */
export type EmissionsAccount =
  | 'location'
  | 'market';

/** Emitted where the energy is generated, or over the whole life cycle. Never mixed in one figure. */
export type FactorBasis =
  | 'direct'
  | 'lifecycle';

/** COMMIT takes commitments of lots, BID orders, REVEAL the nonces behind the commitments. */
export type MarketPhase =
  | 'BID'
  | 'COMMIT'
  | 'REVEAL';

/** What a price is: a bid’s limit, an ask’s, both’s or between two of them; each trade’s own; the price rule’s where nobody’s limit is near; none without a trade. */
export type MarketPriceSetter =
  | 'ask'
  | 'bid'
  | 'both'
  | 'eachTrade'
  | 'none'
  | 'rule';

/** OPEN takes orders, CLOSED is being cleared, CLEARED takes delivery statements, DELIVERED is being settled; CANCELLED is over without trades. */
export type MarketState =
  | 'CANCELLED'
  | 'CLEARED'
  | 'CLOSED'
  | 'DELIVERED'
  | 'OPEN'
  | 'SETTLED';

/** FEW_PARTIES: fewer than three organisations stand on a side, whose limits would show. */
export type MarketWithheld =
  | 'FEW_PARTIES';

/** Of a contract negotiation of the Dataspace Protocol 2025-1; FINALIZED and TERMINATED are the last. */
export type NegotiationState =
  | 'ACCEPTED'
  | 'AGREED'
  | 'FINALIZED'
  | 'OFFERED'
  | 'REQUESTED'
  | 'TERMINATED'
  | 'VERIFIED';

export type RequestNegotiationInput = {
  /** The same name with the same content is the same negotiation; 1–200 visible ASCII characters. */
  consumerPid: string;
  offerId: string | number;
  /** ODRL; absent: the offer's own. */
  policy?: unknown;
  /** A price model; absent: the offer's own; {kind: 'free'}: nothing. */
  price?: unknown;
  /** Absent: the offer's own. */
  validFrom?: string | null | undefined;
  /** Exclusive; absent: the offer's own. */
  validUntil?: string | null | undefined;
};

/** What a credential may do. */
export type Role =
  | 'admin'
  | 'analyst'
  | 'auditor'
  | 'firm'
  | 'market'
  | 'operator';

/** SHAPLEY among everybody with an order; NASH between the aggregator and the members that traded, by the session’s powers. */
export type SharingMethod =
  | 'NASH'
  | 'SHAPLEY';

/** TECHNICAL: the platform refuses the read. CONTRACTUAL: the parties promise it. */
export type TermEnforcement =
  | 'CONTRACTUAL'
  | 'TECHNICAL';

export type TradeVenue =
  | 'auction'
  | 'intraday';

export type OverviewQueryVariables = Exact<{ [key: string]: never; }>;


export type OverviewQuery = { platform: { version: string, publicKey: string }, me: { roles: Array<Role>, organisation: { id: string, name: string, legalId: string } }, participants: { edges: Array<{ node: { id: string, organisationId: string, signingKey: string, createdAt: string } }> } };

export type AuditEntriesQueryVariables = Exact<{ [key: string]: never; }>;


export type AuditEntriesQuery = { auditEntries: { edges: Array<{ node: { index: number, at: string, operation: string, decision: string, code: string | null, rows: number, bytes: number, hash: string } }> } };

export type CreateApiKeyMutationVariables = Exact<{
  input: CreateApiKeyInput;
}>;


export type CreateApiKeyMutation = { createApiKey: { secret: string, apiKey: { prefix: string, roles: Array<Role> } } };

export type NewestDeliveryQueryVariables = Exact<{ [key: string]: never; }>;


export type NewestDeliveryQuery = { marketSessions: { edges: Array<{ node: { startsAt: string } }> } };

export type CertificatesQueryVariables = Exact<{ [key: string]: never; }>;


export type CertificatesQuery = { certificates: { edges: Array<{ node: { id: string, startsAt: string, area: string, kind: CertificateKind, technology: string | null, quantityWh: number, state: CertificateState } }> } };

export type GridIntensityQueryVariables = Exact<{
  from: string;
  to: string;
}>;


export type GridIntensityQuery = { gridIntensity: { series: { source: string, region: string, basis: FactorBasis }, hours: Array<{ start: string, kgCo2ePerKwh: string }> } };

export type EmissionsQueryVariables = Exact<{
  from: string;
  to: string;
}>;


export type EmissionsQuery = { emissions: { sums: Array<{ start: string, account: EmissionsAccount, basis: FactorBasis, scope: number, part: string, carrier: string, grams: number }> } };

export type PublishedReportsQueryVariables = Exact<{
  from: string;
  to: string;
}>;


export type PublishedReportsQuery = { publishedReports: { edges: Array<{ node: { id: string, start: string, end: string, version: number, hash: string, methodVersion: string } }> } };

export type DataAgreementsQueryVariables = Exact<{ [key: string]: never; }>;


export type DataAgreementsQuery = { dataAgreements: { edges: Array<{ node: { id: string, standing: AgreementStanding, price: unknown, validFrom: string, validUntil: string | null, hash: string } }> } };

export type DataSetsQueryVariables = Exact<{
  search?: string | null | undefined;
  carrier?: DataCarrier | null | undefined;
}>;


export type DataSetsQuery = { dataSets: { edges: Array<{ node: { id: string, title: string, carrier: DataCarrier, kind: DataKind, licence: string, listedAt: string | null } }> } };

export type DataSetQueryVariables = Exact<{
  id: string | number;
}>;


export type DataSetQuery = { dataSet: { title: string, description: string, carrier: DataCarrier, kind: DataKind, licence: string, zone: string, resolution: string | null }, dataOffers: { edges: Array<{ node: { id: string, price: unknown, validFrom: string, validUntil: string | null, status: DataOfferStatus, terms: Array<{ enforcement: TermEnforcement, text: string }> } }> }, dataSetVersions: { edges: Array<{ node: { id: string, number: number, start: string, end: string, bytes: number, sample: unknown, columns: Array<{ name: string, unit: string | null }>, findings: Array<{ code: string, count: number, message: string }> } }> } };

export type RequestNegotiationMutationVariables = Exact<{
  input: RequestNegotiationInput;
}>;


export type RequestNegotiationMutation = { requestNegotiation: { id: string, state: NegotiationState } };

export type NegotiationsQueryVariables = Exact<{ [key: string]: never; }>;


export type NegotiationsQuery = { me: { organisation: { id: string } }, negotiations: { edges: Array<{ node: { id: string, state: NegotiationState, consumerId: string, price: unknown, changedAt: string, reasonCode: string | null } }> } };

export type NegotiationChangedSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type NegotiationChangedSubscription = { negotiationChanged: { cursor: string } };

export type AcceptOfferMutationVariables = Exact<{
  id: string | number;
}>;


export type AcceptOfferMutation = { acceptOffer: { id: string } };

export type AgreeMutationVariables = Exact<{
  id: string | number;
}>;


export type AgreeMutation = { agree: { id: string } };

export type VerifyAgreementMutationVariables = Exact<{
  id: string | number;
}>;


export type VerifyAgreementMutation = { verifyAgreement: { id: string } };

export type FinaliseAgreementMutationVariables = Exact<{
  id: string | number;
}>;


export type FinaliseAgreementMutation = { finaliseAgreement: { id: string } };

export type TerminateNegotiationMutationVariables = Exact<{
  id: string | number;
}>;


export type TerminateNegotiationMutation = { terminateNegotiation: { id: string } };

export type TasksQueryVariables = Exact<{ [key: string]: never; }>;


export type TasksQuery = { tasks: { edges: Array<{ node: { id: string, phase: string, round: number, uploads: number, createdAt: string } }> } };

export type TasksChangedSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type TasksChangedSubscription = { tasksChanged: { index: number } };

export type TaskQueryVariables = Exact<{
  id: string | number;
}>;


export type TaskQuery = { task: { id: string, phase: string, round: number, uploads: number, decryptors: number, windowEndsAt: string, awaited: Array<string>, cardHash: string, headHash: string, headIndex: number, privacy: { epsilon: number, delta: number } | null, failure: { code: string } | null, releases: Array<{ step: number, final: boolean, modelHash: string, cohort: Array<string>, metrics: { trainLoss: number | null, validationLoss: number | null, validationMae: number | null } | null }> } };

export type TaskChangedSubscriptionVariables = Exact<{
  taskId: string | number;
}>;


export type TaskChangedSubscription = { taskChanged: { index: number } };

export type TranscriptQueryVariables = Exact<{
  taskId: string | number;
  after: number;
}>;


export type TranscriptQuery = { transcript: Array<{ index: number, previous: string, message: unknown, hash: string }> };

export type OwnOrganisationQueryVariables = Exact<{ [key: string]: never; }>;


export type OwnOrganisationQuery = { me: { organisation: { id: string } } };

export type ForecastsQueryVariables = Exact<{
  series: string;
  after?: string | null | undefined;
}>;


export type ForecastsQuery = { forecasts: { edges: Array<{ node: { id: string, organisationId: string, participantId: string, intervalStart: string, issuedAt: string, p10: number, p50: number, p90: number, unit: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ForecastProductsQueryVariables = Exact<{ [key: string]: never; }>;


export type ForecastProductsQuery = { forecastProducts: { edges: Array<{ node: { id: string, name: string, series: string, resolution: string, champion: { modelHash: string, kind: string } | null } }> } };

export type ModelDayScoresQueryVariables = Exact<{
  productId: string | number;
}>;


export type ModelDayScoresQuery = { modelDayScores: { edges: Array<{ node: { day: string, modelHash: string, mase: number | null, coverage: number | null, organisations: number } }> } };

export type MarketSessionsQueryVariables = Exact<{ [key: string]: never; }>;


export type MarketSessionsQuery = { marketSessions: { edges: Array<{ node: { id: string, state: MarketState, startsAt: string, zone: string, currency: string, mechanism: string, tradedWh: number | null, savingsMinor: number | null } }> } };

export type MarketSettlementsQueryVariables = Exact<{
  sessionId: string | number;
}>;


export type MarketSettlementsQuery = { marketSettlements: { edges: Array<{ node: { participantId: string, boughtWh: number, soldWh: number, localMinor: number, deviationMinor: number, savingsMinor: number } }> } };

export type SessionSharesQueryVariables = Exact<{
  sessionId: string | number;
  method: SharingMethod;
}>;


export type SessionSharesQuery = { sessionShares: { surplusMinor: number, shares: { edges: Array<{ node: { participantId: string, savedMinor: number, shareMinor: number } }> } } | null };

export type MarketSessionQueryVariables = Exact<{
  id: string | number;
}>;


export type MarketSessionQuery = { marketSession: { id: string, state: MarketState, phase: MarketPhase | null, mechanism: string, startsAt: string, endsAt: string, zone: string, currency: string, retailPerMwh: number, feedInPerMwh: number, feederId: string | null, tradedWh: number | null, welfareMinor: number | null, savingsMinor: number | null, settledAt: string | null } };

export type MarketSessionChangedSubscriptionVariables = Exact<{
  sessionId: string | number;
}>;


export type MarketSessionChangedSubscription = { marketSessionChanged: { cursor: string } };

export type MarketSlotsQueryVariables = Exact<{
  sessionId: string | number;
}>;


export type MarketSlotsQuery = { marketClearingReport: { slots: Array<{ startsAt: string, quantityWh: number, pricePerMwh: number | null, setBy: MarketPriceSetter | null, reason: string | null, withheld: MarketWithheld | null, unservedDemandWh: number | null, unusedSupplyWh: number | null, efficientPriceInterval: { lowPerMwh: number | null, highPerMwh: number | null } }> }, marketClearings: { edges: Array<{ node: { startsAt: string, network: { lowestVoltage: number, highestVoltage: number, prices: Array<{ bus: string, congestionPerMwh: number, voltagePerMwh: number }> } | null } }> } };

export type MarketTradesQueryVariables = Exact<{
  sessionId: string | number;
}>;


export type MarketTradesQuery = { me: { organisation: { id: string } }, marketTrades: { edges: Array<{ node: { id: string, startsAt: string, quantityWh: number, buyPricePerMwh: number, sellPricePerMwh: number, buyerOrganisationId: string, sellerOrganisationId: string, venue: TradeVenue } }> } };

export type MeQueryVariables = Exact<{ [key: string]: never; }>;


export type MeQuery = { me: { id: string, roles: Array<Role>, organisation: { id: string, name: string } } };

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

export const OverviewDocument = new TypedDocumentString(`
    query Overview {
  platform {
    version
    publicKey
  }
  me {
    roles
    organisation {
      id
      name
      legalId
    }
  }
  participants(first: 100) {
    edges {
      node {
        id
        organisationId
        signingKey
        createdAt
      }
    }
  }
}
    `) as unknown as TypedDocumentString<OverviewQuery, OverviewQueryVariables>;
export const AuditEntriesDocument = new TypedDocumentString(`
    query AuditEntries {
  auditEntries(first: 50) {
    edges {
      node {
        index
        at
        operation
        decision
        code
        rows
        bytes
        hash
      }
    }
  }
}
    `) as unknown as TypedDocumentString<AuditEntriesQuery, AuditEntriesQueryVariables>;
export const CreateApiKeyDocument = new TypedDocumentString(`
    mutation CreateApiKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    secret
    apiKey {
      prefix
      roles
    }
  }
}
    `) as unknown as TypedDocumentString<CreateApiKeyMutation, CreateApiKeyMutationVariables>;
export const NewestDeliveryDocument = new TypedDocumentString(`
    query NewestDelivery {
  marketSessions(first: 1) {
    edges {
      node {
        startsAt
      }
    }
  }
}
    `) as unknown as TypedDocumentString<NewestDeliveryQuery, NewestDeliveryQueryVariables>;
export const CertificatesDocument = new TypedDocumentString(`
    query Certificates {
  certificates(first: 100) {
    edges {
      node {
        id
        startsAt
        area
        kind
        technology
        quantityWh
        state
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CertificatesQuery, CertificatesQueryVariables>;
export const GridIntensityDocument = new TypedDocumentString(`
    query GridIntensity($from: DateTime!, $to: DateTime!) {
  gridIntensity(from: $from, to: $to) {
    series {
      source
      region
      basis
    }
    hours {
      start
      kgCo2ePerKwh
    }
  }
}
    `) as unknown as TypedDocumentString<GridIntensityQuery, GridIntensityQueryVariables>;
export const EmissionsDocument = new TypedDocumentString(`
    query Emissions($from: DateTime!, $to: DateTime!) {
  emissions(
    from: $from
    to: $to
    by: all
    resolution: day
    zone: "UTC"
    account: location
  ) {
    sums {
      start
      account
      basis
      scope
      part
      carrier
      grams
    }
  }
}
    `) as unknown as TypedDocumentString<EmissionsQuery, EmissionsQueryVariables>;
export const PublishedReportsDocument = new TypedDocumentString(`
    query PublishedReports($from: DateTime!, $to: DateTime!) {
  publishedReports(from: $from, to: $to, first: 100) {
    edges {
      node {
        id
        start
        end
        version
        hash
        methodVersion
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PublishedReportsQuery, PublishedReportsQueryVariables>;
export const DataAgreementsDocument = new TypedDocumentString(`
    query DataAgreements {
  dataAgreements(first: 50) {
    edges {
      node {
        id
        standing
        price
        validFrom
        validUntil
        hash
      }
    }
  }
}
    `) as unknown as TypedDocumentString<DataAgreementsQuery, DataAgreementsQueryVariables>;
export const DataSetsDocument = new TypedDocumentString(`
    query DataSets($search: String, $carrier: DataCarrier) {
  dataSets(search: $search, carrier: $carrier, first: 50) {
    edges {
      node {
        id
        title
        carrier
        kind
        licence
        listedAt
      }
    }
  }
}
    `) as unknown as TypedDocumentString<DataSetsQuery, DataSetsQueryVariables>;
export const DataSetDocument = new TypedDocumentString(`
    query DataSet($id: ID!) {
  dataSet(id: $id) {
    title
    description
    carrier
    kind
    licence
    zone
    resolution
  }
  dataOffers(dataSetId: $id, first: 50) {
    edges {
      node {
        id
        price
        validFrom
        validUntil
        status
        terms {
          enforcement
          text
        }
      }
    }
  }
  dataSetVersions(dataSetId: $id, first: 20) {
    edges {
      node {
        id
        number
        start
        end
        bytes
        columns {
          name
          unit
        }
        findings {
          code
          count
          message
        }
        sample
      }
    }
  }
}
    `) as unknown as TypedDocumentString<DataSetQuery, DataSetQueryVariables>;
export const RequestNegotiationDocument = new TypedDocumentString(`
    mutation RequestNegotiation($input: RequestNegotiationInput!) {
  requestNegotiation(input: $input) {
    id
    state
  }
}
    `) as unknown as TypedDocumentString<RequestNegotiationMutation, RequestNegotiationMutationVariables>;
export const NegotiationsDocument = new TypedDocumentString(`
    query Negotiations {
  me {
    organisation {
      id
    }
  }
  negotiations(first: 50) {
    edges {
      node {
        id
        state
        consumerId
        price
        changedAt
        reasonCode
      }
    }
  }
}
    `) as unknown as TypedDocumentString<NegotiationsQuery, NegotiationsQueryVariables>;
export const NegotiationChangedDocument = new TypedDocumentString(`
    subscription NegotiationChanged {
  negotiationChanged {
    cursor
  }
}
    `) as unknown as TypedDocumentString<NegotiationChangedSubscription, NegotiationChangedSubscriptionVariables>;
export const AcceptOfferDocument = new TypedDocumentString(`
    mutation AcceptOffer($id: ID!) {
  acceptOffer(negotiationId: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<AcceptOfferMutation, AcceptOfferMutationVariables>;
export const AgreeDocument = new TypedDocumentString(`
    mutation Agree($id: ID!) {
  agree(negotiationId: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<AgreeMutation, AgreeMutationVariables>;
export const VerifyAgreementDocument = new TypedDocumentString(`
    mutation VerifyAgreement($id: ID!) {
  verifyAgreement(negotiationId: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<VerifyAgreementMutation, VerifyAgreementMutationVariables>;
export const FinaliseAgreementDocument = new TypedDocumentString(`
    mutation FinaliseAgreement($id: ID!) {
  finaliseAgreement(negotiationId: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<FinaliseAgreementMutation, FinaliseAgreementMutationVariables>;
export const TerminateNegotiationDocument = new TypedDocumentString(`
    mutation TerminateNegotiation($id: ID!) {
  terminateNegotiation(negotiationId: $id, code: "NOT_WANTED") {
    id
  }
}
    `) as unknown as TypedDocumentString<TerminateNegotiationMutation, TerminateNegotiationMutationVariables>;
export const TasksDocument = new TypedDocumentString(`
    query Tasks {
  tasks(first: 50) {
    edges {
      node {
        id
        phase
        round
        uploads
        createdAt
      }
    }
  }
}
    `) as unknown as TypedDocumentString<TasksQuery, TasksQueryVariables>;
export const TasksChangedDocument = new TypedDocumentString(`
    subscription TasksChanged {
  tasksChanged {
    index
  }
}
    `) as unknown as TypedDocumentString<TasksChangedSubscription, TasksChangedSubscriptionVariables>;
export const TaskDocument = new TypedDocumentString(`
    query Task($id: ID!) {
  task(id: $id) {
    id
    phase
    round
    uploads
    decryptors
    windowEndsAt
    awaited
    cardHash
    headHash
    headIndex
    privacy {
      epsilon
      delta
    }
    failure {
      code
    }
    releases {
      step
      final
      modelHash
      cohort
      metrics {
        trainLoss
        validationLoss
        validationMae
      }
    }
  }
}
    `) as unknown as TypedDocumentString<TaskQuery, TaskQueryVariables>;
export const TaskChangedDocument = new TypedDocumentString(`
    subscription TaskChanged($taskId: ID!) {
  taskChanged(taskId: $taskId) {
    index
  }
}
    `) as unknown as TypedDocumentString<TaskChangedSubscription, TaskChangedSubscriptionVariables>;
export const TranscriptDocument = new TypedDocumentString(`
    query Transcript($taskId: ID!, $after: Int!) {
  transcript(taskId: $taskId, after: $after, first: 100) {
    index
    previous
    message
    hash
  }
}
    `) as unknown as TypedDocumentString<TranscriptQuery, TranscriptQueryVariables>;
export const OwnOrganisationDocument = new TypedDocumentString(`
    query OwnOrganisation {
  me {
    organisation {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<OwnOrganisationQuery, OwnOrganisationQueryVariables>;
export const ForecastsDocument = new TypedDocumentString(`
    query Forecasts($series: ForecastSeries!, $after: String) {
  forecasts(series: $series, latest: true, first: 100, after: $after) {
    edges {
      node {
        id
        organisationId
        participantId
        intervalStart
        issuedAt
        p10
        p50
        p90
        unit
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ForecastsQuery, ForecastsQueryVariables>;
export const ForecastProductsDocument = new TypedDocumentString(`
    query ForecastProducts {
  forecastProducts(first: 20) {
    edges {
      node {
        id
        name
        series
        resolution
        champion {
          modelHash
          kind
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ForecastProductsQuery, ForecastProductsQueryVariables>;
export const ModelDayScoresDocument = new TypedDocumentString(`
    query ModelDayScores($productId: ID!) {
  modelDayScores(productId: $productId, first: 100) {
    edges {
      node {
        day
        modelHash
        mase
        coverage
        organisations
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ModelDayScoresQuery, ModelDayScoresQueryVariables>;
export const MarketSessionsDocument = new TypedDocumentString(`
    query MarketSessions {
  marketSessions(first: 50) {
    edges {
      node {
        id
        state
        startsAt
        zone
        currency
        mechanism
        tradedWh
        savingsMinor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<MarketSessionsQuery, MarketSessionsQueryVariables>;
export const MarketSettlementsDocument = new TypedDocumentString(`
    query MarketSettlements($sessionId: ID!) {
  marketSettlements(sessionId: $sessionId, history: false, first: 100) {
    edges {
      node {
        participantId
        boughtWh
        soldWh
        localMinor
        deviationMinor
        savingsMinor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<MarketSettlementsQuery, MarketSettlementsQueryVariables>;
export const SessionSharesDocument = new TypedDocumentString(`
    query SessionShares($sessionId: ID!, $method: SharingMethod!) {
  sessionShares(sessionId: $sessionId, method: $method, first: 100) {
    surplusMinor
    shares {
      edges {
        node {
          participantId
          savedMinor
          shareMinor
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SessionSharesQuery, SessionSharesQueryVariables>;
export const MarketSessionDocument = new TypedDocumentString(`
    query MarketSession($id: ID!) {
  marketSession(id: $id) {
    id
    state
    phase
    mechanism
    startsAt
    endsAt
    zone
    currency
    retailPerMwh
    feedInPerMwh
    feederId
    tradedWh
    welfareMinor
    savingsMinor
    settledAt
  }
}
    `) as unknown as TypedDocumentString<MarketSessionQuery, MarketSessionQueryVariables>;
export const MarketSessionChangedDocument = new TypedDocumentString(`
    subscription MarketSessionChanged($sessionId: ID!) {
  marketSessionChanged(sessionId: $sessionId) {
    cursor
  }
}
    `) as unknown as TypedDocumentString<MarketSessionChangedSubscription, MarketSessionChangedSubscriptionVariables>;
export const MarketSlotsDocument = new TypedDocumentString(`
    query MarketSlots($sessionId: ID!) {
  marketClearingReport(sessionId: $sessionId) {
    slots {
      startsAt
      quantityWh
      pricePerMwh
      setBy
      reason
      withheld
      unservedDemandWh
      unusedSupplyWh
      efficientPriceInterval {
        lowPerMwh
        highPerMwh
      }
    }
  }
  marketClearings(sessionId: $sessionId, first: 100) {
    edges {
      node {
        startsAt
        network {
          lowestVoltage
          highestVoltage
          prices {
            bus
            congestionPerMwh
            voltagePerMwh
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<MarketSlotsQuery, MarketSlotsQueryVariables>;
export const MarketTradesDocument = new TypedDocumentString(`
    query MarketTrades($sessionId: ID!) {
  me {
    organisation {
      id
    }
  }
  marketTrades(sessionId: $sessionId, first: 100) {
    edges {
      node {
        id
        startsAt
        quantityWh
        buyPricePerMwh
        sellPricePerMwh
        buyerOrganisationId
        sellerOrganisationId
        venue
      }
    }
  }
}
    `) as unknown as TypedDocumentString<MarketTradesQuery, MarketTradesQueryVariables>;
export const MeDocument = new TypedDocumentString(`
    query Me {
  me {
    id
    roles
    organisation {
      id
      name
    }
  }
}
    `) as unknown as TypedDocumentString<MeQuery, MeQueryVariables>;