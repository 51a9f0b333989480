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

/** What is absent stays as it was offered last. */
export type CounterOfferInput = {
  negotiationId: string | number;
  /** ODRL. */
  policy?: unknown;
  /** A price model; {kind: 'free'}: nothing. */
  price?: unknown;
  validFrom?: string | null | undefined;
  /** Exclusive. */
  validUntil?: string | null | undefined;
};

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

export type DeclareRevenueInput = {
  agreementId: string | number;
  /** 1–200 visible ASCII characters; the same again is the same statement. */
  idempotencyKey: string;
  maxMinor?: number | null | undefined;
  /** Earned since the last statement, in the price's currency. */
  revenueMinor: number;
};

/** Two accounts of the same energy, never added. */
export type EmissionsAccount =
  | 'location'
  | 'market';

export type ExchangeParty =
  | 'CONSUMER'
  | 'PROVIDER';

/** Emitted where the energy is generated, or over the whole life cycle. Never mixed in one figure. */
export type FactorBasis =
  | 'direct'
  | 'lifecycle';

/** OPEN waits; FILLED traded all; CANCELLED was withdrawn; UNFILLED was not for waiting; SELF_TRADE ended where it met an order of its own participant; EXPIRED at its expiry or the gate. */
export type IntradayOrderState =
  | 'CANCELLED'
  | 'EXPIRED'
  | 'FILLED'
  | 'OPEN'
  | 'SELF_TRADE'
  | 'UNFILLED';

/** CREDIT_NOTE: what is given back of an order. */
export type InvoiceKind =
  | 'CREDIT_NOTE'
  | 'INVOICE';

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

export type MarketStudyState =
  | 'CANCELLED'
  | 'DONE'
  | 'FAILED'
  | 'QUEUED'
  | 'RUNNING';

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

export type OrderSide =
  | 'buy'
  | 'sell';

export type PayAgreementInput = {
  agreementId: string | number;
  /** 1–200 visible ASCII characters; the same again is the same order. */
  idempotencyKey: string;
  /** Refused where it costs more. */
  maxMinor?: number | null | undefined;
  /** Of a subscription; absent: the one that runs. */
  period?: number | null | undefined;
};

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

export type SubmitMarketStudyInput = {
  /** The same key with the same request is the same study. 1–200 visible ASCII characters. */
  idempotencyKey: string;
  /** As the kind’s inputSchema says; unknown keys are refused. At most 4 MiB. */
  input: unknown;
  /** Method, rule, kind or mechanism; null where the verb has but one. */
  method?: string | null | undefined;
  /** As the kind’s optionsSchema says. */
  options?: unknown;
  /** 1–600; what takes longer ends in STUDY_TIME_OUT. */
  timeLimitSeconds?: number;
  /** As of marketStudyKinds: share, dispatch, network, clear … */
  verb: string;
};

/** TECHNICAL: the platform refuses the read. CONTRACTUAL: the parties promise it. */
export type TermEnforcement =
  | 'CONTRACTUAL'
  | 'TECHNICAL';

export type TradeVenue =
  | 'auction'
  | 'intraday';

export type OverviewQueryVariables = Exact<{ [key: string]: never; }>;


export type OverviewQuery = { platform: { version: string, publicKey: string }, me: { roles: Array<Role>, organisation: { id: string, name: string, legalId: string } } };

export type ParticipantsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type ParticipantsQuery = { participants: { edges: Array<{ node: { id: string, organisationId: string, signingKey: string, createdAt: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type AuditChainsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type AuditChainsQuery = { auditChains: { edges: Array<{ node: { id: string, index: number, createdAt: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type AuditEntriesQueryVariables = Exact<{
  agreementId?: string | number | null | undefined;
  after?: string | null | undefined;
}>;


export type AuditEntriesQuery = { auditEntries: { edges: Array<{ node: { index: number, at: string, operation: string, decision: string, code: string | null, rows: number, bytes: number, hash: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type AuditHeadQueryVariables = Exact<{
  agreementId?: string | number | null | undefined;
}>;


export type AuditHeadQuery = { auditHead: { index: number, hash: string, at: string } };

export type AuditedOrganisationQueryVariables = Exact<{ [key: string]: never; }>;


export type AuditedOrganisationQuery = { me: { organisation: { id: string } } };

export type PlatformHealthQueryVariables = Exact<{ [key: string]: never; }>;


export type PlatformHealthQuery = { platformHealth: { startedAt: string, businessTime: string, wallTime: string, runsJobs: boolean, database: { engine: string, milliseconds: number, migrations: number, newestMigration: string }, jobs: Array<{ name: string, unfinished: number | null, done: number, failed: number, failedAt: string | null, failureCode: string | null }> } };

export type ApiKeysQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type ApiKeysQuery = { apiKeys: { edges: Array<{ node: { id: string, memberName: string, prefix: string, roles: Array<Role>, createdAt: string, revokedAt: string | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type MemberIdentitiesQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type MemberIdentitiesQuery = { memberIdentities: { edges: Array<{ node: { id: string, issuer: string, subject: string, roles: Array<Role>, createdAt: string, unlinkedAt: string | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type RevokeApiKeyMutationVariables = Exact<{
  id: string | number;
}>;


export type RevokeApiKeyMutation = { revokeApiKey: { revokedAt: string | null } };

export type CreateApiKeyMutationVariables = Exact<{
  input: CreateApiKeyInput;
}>;


export type CreateApiKeyMutation = { createApiKey: { secret: string, apiKey: { prefix: string, roles: Array<Role> } } };

export type MeQueryVariables = Exact<{ [key: string]: never; }>;


export type MeQuery = { me: { id: string, roles: Array<Role>, organisation: { id: string, name: string } } };

export type OrganisationNamesQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type OrganisationNamesQuery = { organisations: { edges: Array<{ node: { id: string, name: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ParticipantOwnersQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type ParticipantOwnersQuery = { participants: { edges: Array<{ node: { id: string, organisationId: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type CertificatesQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type CertificatesQuery = { certificates: { edges: Array<{ node: { id: string, startsAt: string, area: string, kind: CertificateKind, technology: string | null, quantityWh: number, state: CertificateState } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type IntensityAheadQueryVariables = Exact<{
  productId: string | number;
  from: string;
  to: string;
  after?: string | null | undefined;
}>;


export type IntensityAheadQuery = { forecasts: { edges: Array<{ node: { id: string, participantId: string, intervalStart: string, p10: number, p50: number, p90: number, unit: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type GridIntensityQueryVariables = Exact<{
  from: string;
  to: string;
}>;


export type GridIntensityQuery = { gridIntensity: { series: { source: string, region: string, basis: FactorBasis }, hours: Array<{ start: string, kgCo2ePerKwh: string }> } };

export type LeverStudiesQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type LeverStudiesQuery = { marketStudies: { edges: Array<{ node: { id: string, verb: string, state: MarketStudyState, createdAt: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type LeverStudyQueryVariables = Exact<{
  id: string | number;
}>;


export type LeverStudyQuery = { marketStudy: { state: MarketStudyState, result: unknown, error: { code: string, message: string } | null } };

export type LeverStudyChangedSubscriptionVariables = Exact<{
  id: string | number;
}>;


export type LeverStudyChangedSubscription = { marketStudyChanged: { state: MarketStudyState } };

export type SubmitLeversMutationVariables = Exact<{
  input: SubmitMarketStudyInput;
}>;


export type SubmitLeversMutation = { submitMarketStudy: { id: string } };

export type SettledSessionsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type SettledSessionsQuery = { marketSessions: { edges: Array<{ node: { id: string, startsAt: string, zone: string, product: MarketProduct, settledAt: string | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type CarbonAccountsQueryVariables = Exact<{
  sessionId: string | number;
  after?: string | null | undefined;
}>;


export type CarbonAccountsQuery = { carbonAccounts: { edges: Array<{ node: { startsAt: string, consumedWh: number | null, coveredWh: number | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type EmissionsQueryVariables = Exact<{
  from: string;
  to: string;
  account: EmissionsAccount;
}>;


export type EmissionsQuery = { emissions: { sums: Array<{ start: string, account: EmissionsAccount, basis: FactorBasis, scope: number, part: string, carrier: string, grams: number }> } };

export type PublishedReportsQueryVariables = Exact<{
  from: string;
  to: string;
  after?: string | null | undefined;
}>;


export type PublishedReportsQuery = { publishedReports: { edges: Array<{ node: { id: string, start: string, end: string, version: number, hash: string, methodVersion: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type DataAgreementQueryVariables = Exact<{
  id: string | number;
}>;


export type DataAgreementQuery = { dataAgreement: { id: string, consumerId: string, dataSetId: string, standing: AgreementStanding, policy: unknown, price: unknown, validFrom: string, validUntil: string | null, hash: string, paidAt: string | null, terms: Array<{ enforcement: TermEnforcement, text: string }>, events: Array<{ type: string, sender: ExchangeParty, reasonCode: string | null, reason: string | null, createdAt: string }> } };

export type DataAgreementsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type DataAgreementsQuery = { dataAgreements: { edges: Array<{ node: { id: string, consumerId: string, dataSetId: string, standing: AgreementStanding, price: unknown, validFrom: string, validUntil: string | null, hash: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type DataSetsQueryVariables = Exact<{
  search?: string | null | undefined;
  carrier?: DataCarrier | null | undefined;
  after?: string | null | undefined;
}>;


export type DataSetsQuery = { dataSets: { edges: Array<{ node: { id: string, title: string, carrier: DataCarrier, kind: DataKind, licence: string, listedAt: string | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ContributorsQueryVariables = Exact<{
  dataSetId: string | number;
}>;


export type ContributorsQuery = { contributors: Array<{ organisationId: string, weight: number }> };

export type DataSetQueryVariables = Exact<{
  id: string | number;
}>;


export type DataSetQuery = { dataSet: { organisationId: string, title: string, description: string, carrier: DataCarrier, kind: DataKind, licence: string, zone: string, resolution: string | null } };

export type DataOffersQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type DataOffersQuery = { dataOffers: { edges: Array<{ node: { id: string, price: unknown, policy: unknown, validFrom: string, validUntil: string | null, status: DataOfferStatus, terms: Array<{ enforcement: TermEnforcement, text: string }> } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type AllHostedSeriesQueryVariables = Exact<{
  dataSetId: string | number;
  after?: string | null | undefined;
}>;


export type AllHostedSeriesQuery = { allHostedSeries: { edges: Array<{ node: { id: string, key: string, organisationId: string, resolution: string, unit: string, zone: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ReadSeriesQueryVariables = Exact<{
  id: string | number;
  agreementId?: string | number | null | undefined;
  purpose?: string | null | undefined;
  from: string;
  until: string;
  resolution?: string | null | undefined;
}>;


export type ReadSeriesQuery = { seriesReadingsBlock: { start: Array<string>, value: Array<string>, known: Array<number>, expected: Array<number> } };

export type InvoicesQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type InvoicesQuery = { invoices: { edges: Array<{ node: { id: string, kind: InvoiceKind, number: number, agreementId: string, consumerId: string, currency: string, amountMinor: number, feeMinor: number, createdAt: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

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

export type CounterOfferMutationVariables = Exact<{
  input: CounterOfferInput;
}>;


export type CounterOfferMutation = { counterOffer: { id: string } };

export type TerminateNegotiationMutationVariables = Exact<{
  id: string | number;
  code: string;
  reason?: string | null | undefined;
}>;


export type TerminateNegotiationMutation = { terminateNegotiation: { id: string } };

export type NegotiationQueryVariables = Exact<{
  id: string | number;
}>;


export type NegotiationQuery = { negotiation: { id: string, state: NegotiationState, consumerId: string, dataSetId: string, policy: unknown, price: unknown, validFrom: string, validUntil: string | null, agreementId: string | null, reasonCode: string | null, reason: string | null, expiresAt: string, terms: Array<{ enforcement: TermEnforcement, text: string }> } };

export type NegotiationMessagesQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type NegotiationMessagesQuery = { negotiationMessages: { edges: Array<{ cursor: string, node: { sender: ExchangeParty, automatic: boolean, state: NegotiationState, price: unknown, validFrom: string | null, validUntil: string | null, reasonCode: string | null, reason: string | null, createdAt: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type NegotiationsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type NegotiationsQuery = { negotiations: { edges: Array<{ node: { id: string, state: NegotiationState, consumerId: string, price: unknown, changedAt: string, reasonCode: string | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type NegotiationChangedSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type NegotiationChangedSubscription = { negotiationChanged: { cursor: string } };

export type RequestNegotiationMutationVariables = Exact<{
  input: RequestNegotiationInput;
}>;


export type RequestNegotiationMutation = { requestNegotiation: { id: string } };

export type AgreementOrdersQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type AgreementOrdersQuery = { agreementOrders: { edges: Array<{ node: { id: string, agreementId: string, consumerId: string, currency: string, amountMinor: number, feeMinor: number, sellerMinor: number, periodStart: string | null, periodEnd: string | null, createdAt: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type QuoteAgreementQueryVariables = Exact<{
  agreementId: string | number;
  periods: number;
}>;


export type QuoteAgreementQuery = { quoteAgreement: { priceKind: string, currency: string, amountMinor: number, feeMinor: number, sellerMinor: number, periods: Array<{ period: number, start: string, end: string }> } };

export type PayAgreementMutationVariables = Exact<{
  input: PayAgreementInput;
}>;


export type PayAgreementMutation = { payAgreement: { id: string, currency: string, amountMinor: number } };

export type DeclareRevenueMutationVariables = Exact<{
  input: DeclareRevenueInput;
}>;


export type DeclareRevenueMutation = { declareRevenue: { id: string, currency: string, amountMinor: number } };

export type OrderSharesQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type OrderSharesQuery = { orderShares: { edges: Array<{ node: { id: string, orderId: string, dataSetId: string, organisationId: string, currency: string, amountMinor: number, createdAt: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type AgreementUsageQueryVariables = Exact<{
  agreementId: string | number;
  after?: string | null | undefined;
}>;


export type AgreementUsageQuery = { agreementUsage: { edges: Array<{ node: { id: string, useId: string, readings: number, readingsBefore: number, bytes: number, currency: string | null, amountMinor: number, createdAt: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type DataSetVersionsQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type DataSetVersionsQuery = { dataSetVersions: { edges: Array<{ node: { id: string, number: number, start: string, end: string, bytes: number, sample: unknown, columns: Array<{ name: string, unit: string | null }>, findings: Array<{ code: string, count: number, message: string }> } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type WalletQueryVariables = Exact<{ [key: string]: never; }>;


export type WalletQuery = { wallet: Array<{ currency: string, balanceMinor: number, changedAt: string }> };

export type WalletEntriesQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type WalletEntriesQuery = { walletEntries: { edges: Array<{ node: { index: number, type: string, reference: string, currency: string, amountMinor: number, memo: string, at: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type TasksQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type TasksQuery = { tasks: { edges: Array<{ node: { id: string, phase: string, round: number, uploads: number, createdAt: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

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
  productId?: string | number | null | undefined;
  from: string;
  to: string;
  after?: string | null | undefined;
}>;


export type ForecastsQuery = { forecasts: { edges: Array<{ node: { id: string, organisationId: string, participantId: string, intervalStart: string, issuedAt: string, resolution: string, p10: number, p50: number, p90: number, unit: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ForecastProductsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type ForecastProductsQuery = { forecastProducts: { edges: Array<{ node: { id: string, name: string, series: string, resolution: string, champion: { modelHash: string, kind: string } | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ModelDayScoresQueryVariables = Exact<{
  productId: string | number;
  after?: string | null | undefined;
}>;


export type ModelDayScoresQuery = { modelDayScores: { edges: Array<{ node: { day: string, modelHash: string, mase: number | null, coverage: number | null, organisations: number } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type HostedSeriesListQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type HostedSeriesListQuery = { allHostedSeries: { edges: Array<{ node: { id: string, key: string, unit: string, organisationId: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type SeriesOwnerQueryVariables = Exact<{ [key: string]: never; }>;


export type SeriesOwnerQuery = { me: { organisation: { id: string } } };

export type SeriesReadingsQueryVariables = Exact<{
  seriesId: string | number;
  from: string;
  until: string;
  resolution?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type SeriesReadingsQuery = { seriesReadings: { edges: Array<{ node: { start: string, value: string, known: number, expected: number } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type MarketSessionsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type MarketSessionsQuery = { marketSessions: { edges: Array<{ node: { id: string, state: MarketState, startsAt: string, zone: string, currency: string, product: MarketProduct, mechanism: string, tradedWh: number | null, savingsMinor: number | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type MarketSettlementsQueryVariables = Exact<{
  sessionId: string | number;
  after?: string | null | undefined;
}>;


export type MarketSettlementsQuery = { marketSettlements: { edges: Array<{ node: { participantId: string, boughtWh: number, soldWh: number, localMinor: number, chargeMinor: number, deviationMinor: number, savingsMinor: number, version: number } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type SessionSharesQueryVariables = Exact<{
  sessionId: string | number;
  method: SharingMethod;
  after?: string | null | undefined;
}>;


export type SessionSharesQuery = { sessionShares: { surplusMinor: number, shares: { edges: Array<{ node: { participantId: string, savedMinor: number, shareMinor: number, standardErrorMinor: number } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type NetworkClearingsQueryVariables = Exact<{
  sessionId: string | number;
  after?: string | null | undefined;
}>;


export type NetworkClearingsQuery = { marketClearings: { edges: Array<{ node: { startsAt: string, network: { lowestVoltage: number, highestVoltage: number, withdrawnWh: number, binding: Array<string>, prices: Array<{ bus: string, congestionPerMwh: number, voltagePerMwh: number }> } | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type FeederQueryVariables = Exact<{
  id: string | number;
}>;


export type FeederQuery = { feeder: { name: string, busCount: number, network: unknown } };

export type IntradayBookQueryVariables = Exact<{
  sessionId: string | number;
  startsAt: string;
}>;


export type IntradayBookQuery = { intradayBook: { open: boolean, gateClosesAt: string, lastPricePerMwh: number | null, tradedWh: number, bids: Array<{ pricePerMwh: number, quantityWh: number }>, asks: Array<{ pricePerMwh: number, quantityWh: number }> } };

export type IntradayBookChangedSubscriptionVariables = Exact<{
  sessionId: string | number;
}>;


export type IntradayBookChangedSubscription = { intradayBookChanged: { cursor: string } };

export type MarketOrdersQueryVariables = Exact<{
  sessionId: string | number;
  after?: string | null | undefined;
}>;


export type MarketOrdersQuery = { marketOrders: { edges: Array<{ node: { orderId: string, participantId: string, startsAt: string, side: OrderSide, quantityWh: number, pricePerMwh: number, tradedWh: number | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type IntradayOrdersQueryVariables = Exact<{
  sessionId: string | number;
  after?: string | null | undefined;
}>;


export type IntradayOrdersQuery = { intradayOrders: { edges: Array<{ node: { id: string, participantId: string, startsAt: string, side: OrderSide, quantityWh: number, pricePerMwh: number, filledWh: number, state: IntradayOrderState } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type SessionPricesQueryVariables = Exact<{
  sessionId: string | number;
  after?: string | null | undefined;
}>;


export type SessionPricesQuery = { marketClearings: { edges: Array<{ node: { startsAt: string, quantityWh: number, pricePerMwh: number | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type MarketSessionQueryVariables = Exact<{
  id: string | number;
}>;


export type MarketSessionQuery = { marketSession: { id: string, state: MarketState, phase: MarketPhase | null, mechanism: string, startsAt: string, endsAt: string, resolutionMinutes: number, intradayLeadMinutes: number | null, zone: string, currency: string, retailPerMwh: number, feedInPerMwh: number, feederId: string | null, tradedWh: number | null, welfareMinor: number | null, savingsMinor: number | null, settledAt: string | null } };

export type MarketSessionChangedSubscriptionVariables = Exact<{
  sessionId: string | number;
}>;


export type MarketSessionChangedSubscription = { marketSessionChanged: { cursor: string } };

export type MarketSlotsQueryVariables = Exact<{
  sessionId: string | number;
}>;


export type MarketSlotsQuery = { marketClearingReport: { slots: Array<{ startsAt: string, quantityWh: number, pricePerMwh: number | null, setBy: MarketPriceSetter | null, reason: string | null, withheld: MarketWithheld | null, unservedDemandWh: number | null, unusedSupplyWh: number | null, efficientPriceInterval: { lowPerMwh: number | null, highPerMwh: number | null } }> } };

export type MarketTradesQueryVariables = Exact<{
  sessionId: string | number;
  after?: string | null | undefined;
}>;


export type MarketTradesQuery = { marketTrades: { edges: Array<{ node: { id: string, startsAt: string, quantityWh: number, buyPricePerMwh: number, sellPricePerMwh: number, buyerOrganisationId: string, sellerOrganisationId: string, venue: TradeVenue } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type TradingOrganisationQueryVariables = Exact<{ [key: string]: never; }>;


export type TradingOrganisationQuery = { me: { organisation: { id: string } } };

export type NewestDeliveryQueryVariables = Exact<{ [key: string]: never; }>;


export type NewestDeliveryQuery = { marketSessions: { edges: Array<{ node: { startsAt: string } }> } };

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
}
    `) as unknown as TypedDocumentString<OverviewQuery, OverviewQueryVariables>;
export const ParticipantsDocument = new TypedDocumentString(`
    query Participants($after: String) {
  participants(first: 100, after: $after) {
    edges {
      node {
        id
        organisationId
        signingKey
        createdAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ParticipantsQuery, ParticipantsQueryVariables>;
export const AuditChainsDocument = new TypedDocumentString(`
    query AuditChains($after: String) {
  auditChains(first: 100, after: $after) {
    edges {
      node {
        id
        index
        createdAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<AuditChainsQuery, AuditChainsQueryVariables>;
export const AuditEntriesDocument = new TypedDocumentString(`
    query AuditEntries($agreementId: ID, $after: String) {
  auditEntries(agreementId: $agreementId, first: 100, after: $after) {
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
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<AuditEntriesQuery, AuditEntriesQueryVariables>;
export const AuditHeadDocument = new TypedDocumentString(`
    query AuditHead($agreementId: ID) {
  auditHead(agreementId: $agreementId) {
    index
    hash
    at
  }
}
    `) as unknown as TypedDocumentString<AuditHeadQuery, AuditHeadQueryVariables>;
export const AuditedOrganisationDocument = new TypedDocumentString(`
    query AuditedOrganisation {
  me {
    organisation {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<AuditedOrganisationQuery, AuditedOrganisationQueryVariables>;
export const PlatformHealthDocument = new TypedDocumentString(`
    query PlatformHealth {
  platformHealth {
    database {
      engine
      milliseconds
      migrations
      newestMigration
    }
    startedAt
    businessTime
    wallTime
    runsJobs
    jobs {
      name
      unfinished
      done
      failed
      failedAt
      failureCode
    }
  }
}
    `) as unknown as TypedDocumentString<PlatformHealthQuery, PlatformHealthQueryVariables>;
export const ApiKeysDocument = new TypedDocumentString(`
    query ApiKeys($after: String) {
  apiKeys(first: 100, after: $after) {
    edges {
      node {
        id
        memberName
        prefix
        roles
        createdAt
        revokedAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ApiKeysQuery, ApiKeysQueryVariables>;
export const MemberIdentitiesDocument = new TypedDocumentString(`
    query MemberIdentities($after: String) {
  memberIdentities(first: 100, after: $after) {
    edges {
      node {
        id
        issuer
        subject
        roles
        createdAt
        unlinkedAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<MemberIdentitiesQuery, MemberIdentitiesQueryVariables>;
export const RevokeApiKeyDocument = new TypedDocumentString(`
    mutation RevokeApiKey($id: ID!) {
  revokeApiKey(id: $id) {
    revokedAt
  }
}
    `) as unknown as TypedDocumentString<RevokeApiKeyMutation, RevokeApiKeyMutationVariables>;
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
export const OrganisationNamesDocument = new TypedDocumentString(`
    query OrganisationNames($after: String) {
  organisations(first: 100, after: $after) {
    edges {
      node {
        id
        name
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<OrganisationNamesQuery, OrganisationNamesQueryVariables>;
export const ParticipantOwnersDocument = new TypedDocumentString(`
    query ParticipantOwners($after: String) {
  participants(first: 100, after: $after) {
    edges {
      node {
        id
        organisationId
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ParticipantOwnersQuery, ParticipantOwnersQueryVariables>;
export const CertificatesDocument = new TypedDocumentString(`
    query Certificates($after: String) {
  certificates(first: 100, after: $after) {
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
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<CertificatesQuery, CertificatesQueryVariables>;
export const IntensityAheadDocument = new TypedDocumentString(`
    query IntensityAhead($productId: ID!, $from: DateTime!, $to: DateTime!, $after: String) {
  forecasts(
    productId: $productId
    from: $from
    to: $to
    latest: true
    first: 100
    after: $after
  ) {
    edges {
      node {
        id
        participantId
        intervalStart
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
    `) as unknown as TypedDocumentString<IntensityAheadQuery, IntensityAheadQueryVariables>;
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
export const LeverStudiesDocument = new TypedDocumentString(`
    query LeverStudies($after: String) {
  marketStudies(first: 100, after: $after) {
    edges {
      node {
        id
        verb
        state
        createdAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<LeverStudiesQuery, LeverStudiesQueryVariables>;
export const LeverStudyDocument = new TypedDocumentString(`
    query LeverStudy($id: ID!) {
  marketStudy(id: $id) {
    state
    result
    error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<LeverStudyQuery, LeverStudyQueryVariables>;
export const LeverStudyChangedDocument = new TypedDocumentString(`
    subscription LeverStudyChanged($id: ID!) {
  marketStudyChanged(id: $id) {
    state
  }
}
    `) as unknown as TypedDocumentString<LeverStudyChangedSubscription, LeverStudyChangedSubscriptionVariables>;
export const SubmitLeversDocument = new TypedDocumentString(`
    mutation SubmitLevers($input: SubmitMarketStudyInput!) {
  submitMarketStudy(input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<SubmitLeversMutation, SubmitLeversMutationVariables>;
export const SettledSessionsDocument = new TypedDocumentString(`
    query SettledSessions($after: String) {
  marketSessions(first: 100, after: $after) {
    edges {
      node {
        id
        startsAt
        zone
        product
        settledAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<SettledSessionsQuery, SettledSessionsQueryVariables>;
export const CarbonAccountsDocument = new TypedDocumentString(`
    query CarbonAccounts($sessionId: ID!, $after: String) {
  carbonAccounts(sessionId: $sessionId, first: 100, after: $after) {
    edges {
      node {
        startsAt
        consumedWh
        coveredWh
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<CarbonAccountsQuery, CarbonAccountsQueryVariables>;
export const EmissionsDocument = new TypedDocumentString(`
    query Emissions($from: DateTime!, $to: DateTime!, $account: EmissionsAccount!) {
  emissions(
    from: $from
    to: $to
    by: all
    resolution: day
    zone: "UTC"
    account: $account
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
    query PublishedReports($from: DateTime!, $to: DateTime!, $after: String) {
  publishedReports(from: $from, to: $to, first: 100, after: $after) {
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
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<PublishedReportsQuery, PublishedReportsQueryVariables>;
export const DataAgreementDocument = new TypedDocumentString(`
    query DataAgreement($id: ID!) {
  dataAgreement(id: $id) {
    id
    consumerId
    dataSetId
    standing
    policy
    price
    validFrom
    validUntil
    hash
    paidAt
    terms {
      enforcement
      text
    }
    events {
      type
      sender
      reasonCode
      reason
      createdAt
    }
  }
}
    `) as unknown as TypedDocumentString<DataAgreementQuery, DataAgreementQueryVariables>;
export const DataAgreementsDocument = new TypedDocumentString(`
    query DataAgreements($after: String) {
  dataAgreements(first: 100, after: $after) {
    edges {
      node {
        id
        consumerId
        dataSetId
        standing
        price
        validFrom
        validUntil
        hash
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<DataAgreementsQuery, DataAgreementsQueryVariables>;
export const DataSetsDocument = new TypedDocumentString(`
    query DataSets($search: String, $carrier: DataCarrier, $after: String) {
  dataSets(search: $search, carrier: $carrier, first: 100, after: $after) {
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
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<DataSetsQuery, DataSetsQueryVariables>;
export const ContributorsDocument = new TypedDocumentString(`
    query Contributors($dataSetId: ID!) {
  contributors(dataSetId: $dataSetId) {
    organisationId
    weight
  }
}
    `) as unknown as TypedDocumentString<ContributorsQuery, ContributorsQueryVariables>;
export const DataSetDocument = new TypedDocumentString(`
    query DataSet($id: ID!) {
  dataSet(id: $id) {
    organisationId
    title
    description
    carrier
    kind
    licence
    zone
    resolution
  }
}
    `) as unknown as TypedDocumentString<DataSetQuery, DataSetQueryVariables>;
export const DataOffersDocument = new TypedDocumentString(`
    query DataOffers($id: ID!, $after: String) {
  dataOffers(dataSetId: $id, first: 50, after: $after) {
    edges {
      node {
        id
        price
        policy
        validFrom
        validUntil
        status
        terms {
          enforcement
          text
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<DataOffersQuery, DataOffersQueryVariables>;
export const AllHostedSeriesDocument = new TypedDocumentString(`
    query AllHostedSeries($dataSetId: ID!, $after: String) {
  allHostedSeries(dataSetId: $dataSetId, first: 100, after: $after) {
    edges {
      node {
        id
        key
        organisationId
        resolution
        unit
        zone
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<AllHostedSeriesQuery, AllHostedSeriesQueryVariables>;
export const ReadSeriesDocument = new TypedDocumentString(`
    query ReadSeries($id: ID!, $agreementId: ID, $purpose: String, $from: DateTime!, $until: DateTime!, $resolution: String) {
  seriesReadingsBlock(
    seriesId: $id
    agreementId: $agreementId
    purpose: $purpose
    from: $from
    until: $until
    resolution: $resolution
  ) {
    start
    value
    known
    expected
  }
}
    `) as unknown as TypedDocumentString<ReadSeriesQuery, ReadSeriesQueryVariables>;
export const InvoicesDocument = new TypedDocumentString(`
    query Invoices($after: String) {
  invoices(first: 100, after: $after) {
    edges {
      node {
        id
        kind
        number
        agreementId
        consumerId
        currency
        amountMinor
        feeMinor
        createdAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<InvoicesQuery, InvoicesQueryVariables>;
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
export const CounterOfferDocument = new TypedDocumentString(`
    mutation CounterOffer($input: CounterOfferInput!) {
  counterOffer(input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<CounterOfferMutation, CounterOfferMutationVariables>;
export const TerminateNegotiationDocument = new TypedDocumentString(`
    mutation TerminateNegotiation($id: ID!, $code: String!, $reason: String) {
  terminateNegotiation(negotiationId: $id, code: $code, reason: $reason) {
    id
  }
}
    `) as unknown as TypedDocumentString<TerminateNegotiationMutation, TerminateNegotiationMutationVariables>;
export const NegotiationDocument = new TypedDocumentString(`
    query Negotiation($id: ID!) {
  negotiation(id: $id) {
    id
    state
    consumerId
    dataSetId
    policy
    price
    validFrom
    validUntil
    agreementId
    reasonCode
    reason
    expiresAt
    terms {
      enforcement
      text
    }
  }
}
    `) as unknown as TypedDocumentString<NegotiationQuery, NegotiationQueryVariables>;
export const NegotiationMessagesDocument = new TypedDocumentString(`
    query NegotiationMessages($id: ID!, $after: String) {
  negotiationMessages(negotiationId: $id, first: 100, after: $after) {
    edges {
      cursor
      node {
        sender
        automatic
        state
        price
        validFrom
        validUntil
        reasonCode
        reason
        createdAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<NegotiationMessagesQuery, NegotiationMessagesQueryVariables>;
export const NegotiationsDocument = new TypedDocumentString(`
    query Negotiations($after: String) {
  negotiations(first: 100, after: $after) {
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
    pageInfo {
      hasNextPage
      endCursor
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
export const RequestNegotiationDocument = new TypedDocumentString(`
    mutation RequestNegotiation($input: RequestNegotiationInput!) {
  requestNegotiation(input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<RequestNegotiationMutation, RequestNegotiationMutationVariables>;
export const AgreementOrdersDocument = new TypedDocumentString(`
    query AgreementOrders($after: String) {
  agreementOrders(first: 100, after: $after) {
    edges {
      node {
        id
        agreementId
        consumerId
        currency
        amountMinor
        feeMinor
        sellerMinor
        periodStart
        periodEnd
        createdAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<AgreementOrdersQuery, AgreementOrdersQueryVariables>;
export const QuoteAgreementDocument = new TypedDocumentString(`
    query QuoteAgreement($agreementId: ID!, $periods: Int!) {
  quoteAgreement(agreementId: $agreementId, periods: $periods) {
    priceKind
    currency
    amountMinor
    feeMinor
    sellerMinor
    periods {
      period
      start
      end
    }
  }
}
    `) as unknown as TypedDocumentString<QuoteAgreementQuery, QuoteAgreementQueryVariables>;
export const PayAgreementDocument = new TypedDocumentString(`
    mutation PayAgreement($input: PayAgreementInput!) {
  payAgreement(input: $input) {
    id
    currency
    amountMinor
  }
}
    `) as unknown as TypedDocumentString<PayAgreementMutation, PayAgreementMutationVariables>;
export const DeclareRevenueDocument = new TypedDocumentString(`
    mutation DeclareRevenue($input: DeclareRevenueInput!) {
  declareRevenue(input: $input) {
    id
    currency
    amountMinor
  }
}
    `) as unknown as TypedDocumentString<DeclareRevenueMutation, DeclareRevenueMutationVariables>;
export const OrderSharesDocument = new TypedDocumentString(`
    query OrderShares($after: String) {
  orderShares(first: 100, after: $after) {
    edges {
      node {
        id
        orderId
        dataSetId
        organisationId
        currency
        amountMinor
        createdAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<OrderSharesQuery, OrderSharesQueryVariables>;
export const AgreementUsageDocument = new TypedDocumentString(`
    query AgreementUsage($agreementId: ID!, $after: String) {
  agreementUsage(agreementId: $agreementId, first: 100, after: $after) {
    edges {
      node {
        id
        useId
        readings
        readingsBefore
        bytes
        currency
        amountMinor
        createdAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<AgreementUsageQuery, AgreementUsageQueryVariables>;
export const DataSetVersionsDocument = new TypedDocumentString(`
    query DataSetVersions($id: ID!, $after: String) {
  dataSetVersions(dataSetId: $id, first: 50, after: $after) {
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
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<DataSetVersionsQuery, DataSetVersionsQueryVariables>;
export const WalletDocument = new TypedDocumentString(`
    query Wallet {
  wallet {
    currency
    balanceMinor
    changedAt
  }
}
    `) as unknown as TypedDocumentString<WalletQuery, WalletQueryVariables>;
export const WalletEntriesDocument = new TypedDocumentString(`
    query WalletEntries($after: String) {
  walletEntries(first: 100, after: $after) {
    edges {
      node {
        index
        type
        reference
        currency
        amountMinor
        memo
        at
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<WalletEntriesQuery, WalletEntriesQueryVariables>;
export const TasksDocument = new TypedDocumentString(`
    query Tasks($after: String) {
  tasks(first: 100, after: $after) {
    edges {
      node {
        id
        phase
        round
        uploads
        createdAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
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
    query Forecasts($series: ForecastSeries!, $productId: ID, $from: DateTime!, $to: DateTime!, $after: String) {
  forecasts(
    series: $series
    productId: $productId
    from: $from
    to: $to
    latest: true
    first: 100
    after: $after
  ) {
    edges {
      node {
        id
        organisationId
        participantId
        intervalStart
        issuedAt
        resolution
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
    query ForecastProducts($after: String) {
  forecastProducts(first: 100, after: $after) {
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
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ForecastProductsQuery, ForecastProductsQueryVariables>;
export const ModelDayScoresDocument = new TypedDocumentString(`
    query ModelDayScores($productId: ID!, $after: String) {
  modelDayScores(productId: $productId, first: 100, after: $after) {
    edges {
      node {
        day
        modelHash
        mase
        coverage
        organisations
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ModelDayScoresQuery, ModelDayScoresQueryVariables>;
export const HostedSeriesListDocument = new TypedDocumentString(`
    query HostedSeriesList($after: String) {
  allHostedSeries(first: 100, after: $after) {
    edges {
      node {
        id
        key
        unit
        organisationId
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<HostedSeriesListQuery, HostedSeriesListQueryVariables>;
export const SeriesOwnerDocument = new TypedDocumentString(`
    query SeriesOwner {
  me {
    organisation {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<SeriesOwnerQuery, SeriesOwnerQueryVariables>;
export const SeriesReadingsDocument = new TypedDocumentString(`
    query SeriesReadings($seriesId: ID!, $from: DateTime!, $until: DateTime!, $resolution: String, $after: String) {
  seriesReadings(
    seriesId: $seriesId
    from: $from
    until: $until
    resolution: $resolution
    first: 100
    after: $after
  ) {
    edges {
      node {
        start
        value
        known
        expected
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<SeriesReadingsQuery, SeriesReadingsQueryVariables>;
export const MarketSessionsDocument = new TypedDocumentString(`
    query MarketSessions($after: String) {
  marketSessions(first: 100, after: $after) {
    edges {
      node {
        id
        state
        startsAt
        zone
        currency
        product
        mechanism
        tradedWh
        savingsMinor
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<MarketSessionsQuery, MarketSessionsQueryVariables>;
export const MarketSettlementsDocument = new TypedDocumentString(`
    query MarketSettlements($sessionId: ID!, $after: String) {
  marketSettlements(
    sessionId: $sessionId
    history: false
    first: 100
    after: $after
  ) {
    edges {
      node {
        participantId
        boughtWh
        soldWh
        localMinor
        chargeMinor
        deviationMinor
        savingsMinor
        version
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<MarketSettlementsQuery, MarketSettlementsQueryVariables>;
export const SessionSharesDocument = new TypedDocumentString(`
    query SessionShares($sessionId: ID!, $method: SharingMethod!, $after: String) {
  sessionShares(sessionId: $sessionId, method: $method, first: 100, after: $after) {
    surplusMinor
    shares {
      edges {
        node {
          participantId
          savedMinor
          shareMinor
          standardErrorMinor
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SessionSharesQuery, SessionSharesQueryVariables>;
export const NetworkClearingsDocument = new TypedDocumentString(`
    query NetworkClearings($sessionId: ID!, $after: String) {
  marketClearings(sessionId: $sessionId, first: 100, after: $after) {
    edges {
      node {
        startsAt
        network {
          lowestVoltage
          highestVoltage
          withdrawnWh
          binding
          prices {
            bus
            congestionPerMwh
            voltagePerMwh
          }
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<NetworkClearingsQuery, NetworkClearingsQueryVariables>;
export const FeederDocument = new TypedDocumentString(`
    query Feeder($id: ID!) {
  feeder(id: $id) {
    name
    busCount
    network
  }
}
    `) as unknown as TypedDocumentString<FeederQuery, FeederQueryVariables>;
export const IntradayBookDocument = new TypedDocumentString(`
    query IntradayBook($sessionId: ID!, $startsAt: DateTime!) {
  intradayBook(sessionId: $sessionId, startsAt: $startsAt, depth: 20) {
    open
    gateClosesAt
    lastPricePerMwh
    tradedWh
    bids {
      pricePerMwh
      quantityWh
    }
    asks {
      pricePerMwh
      quantityWh
    }
  }
}
    `) as unknown as TypedDocumentString<IntradayBookQuery, IntradayBookQueryVariables>;
export const IntradayBookChangedDocument = new TypedDocumentString(`
    subscription IntradayBookChanged($sessionId: ID!) {
  intradayBookChanged(sessionId: $sessionId, depth: 1) {
    cursor
  }
}
    `) as unknown as TypedDocumentString<IntradayBookChangedSubscription, IntradayBookChangedSubscriptionVariables>;
export const MarketOrdersDocument = new TypedDocumentString(`
    query MarketOrders($sessionId: ID!, $after: String) {
  marketOrders(sessionId: $sessionId, first: 100, after: $after) {
    edges {
      node {
        orderId
        participantId
        startsAt
        side
        quantityWh
        pricePerMwh
        tradedWh
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<MarketOrdersQuery, MarketOrdersQueryVariables>;
export const IntradayOrdersDocument = new TypedDocumentString(`
    query IntradayOrders($sessionId: ID!, $after: String) {
  intradayOrders(sessionId: $sessionId, first: 100, after: $after) {
    edges {
      node {
        id
        participantId
        startsAt
        side
        quantityWh
        pricePerMwh
        filledWh
        state
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<IntradayOrdersQuery, IntradayOrdersQueryVariables>;
export const SessionPricesDocument = new TypedDocumentString(`
    query SessionPrices($sessionId: ID!, $after: String) {
  marketClearings(sessionId: $sessionId, first: 100, after: $after) {
    edges {
      node {
        startsAt
        quantityWh
        pricePerMwh
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<SessionPricesQuery, SessionPricesQueryVariables>;
export const MarketSessionDocument = new TypedDocumentString(`
    query MarketSession($id: ID!) {
  marketSession(id: $id) {
    id
    state
    phase
    mechanism
    startsAt
    endsAt
    resolutionMinutes
    intradayLeadMinutes
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
}
    `) as unknown as TypedDocumentString<MarketSlotsQuery, MarketSlotsQueryVariables>;
export const MarketTradesDocument = new TypedDocumentString(`
    query MarketTrades($sessionId: ID!, $after: String) {
  marketTrades(sessionId: $sessionId, first: 100, after: $after) {
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
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<MarketTradesQuery, MarketTradesQueryVariables>;
export const TradingOrganisationDocument = new TypedDocumentString(`
    query TradingOrganisation {
  me {
    organisation {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<TradingOrganisationQuery, TradingOrganisationQueryVariables>;
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