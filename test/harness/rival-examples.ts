import { POLICY } from './negotiation-desk.ts';

/**
 * What stands for arguments that are no ids: plausible, so that a request comes as far as its objects. A field with an
 * argument of another name needs a line here, by its name or as `Type.name`.
 */
export const EXAMPLES: Readonly<Record<string, unknown>> = {
  // Names that the caller coins.
  'OrderInput.id': 'rivals-order',
  'OrderInput.block': 'rivals-block',
  'OrderInput.linkedTo': 'rivals-block',
  'IntradayOrderInput.id': 'rivals-order',
  'SubmitAllowanceOrderInput.id': 'rivals-order',
  'RetireAllowancesInput.id': 'rivals-retirement',
  'CommunityMemberInput.id': 'rivals-member',
  // Who they are, and what they are of.
  name: 'Rival',
  adminName: 'rival',
  memberName: 'rival',
  legalId: 'test:rival',
  title: 'Rival data',
  label: 'flat',
  key: 'rivals-key',
  licence: 'CC-BY-4.0',
  code: 'RIVAL',
  'SubmitMarketStudyInput.method': 'shapley',
  'declineTask.code': 'SERIES_NOT_ALLOWED',
  reason: 'rival',
  message: 'rival',
  'postMessage.message': {},
  consumerPid: 'urn:rival:1',
  reference: 'rival',
  idempotencyKey: 'rivals-study',
  bus: 'rivals-bus',
  source: 'rival',
  region: 'DE',
  csv: 'subject,zone,basis,value,unit,valid_from,valid_to,source\ngrid,DK,direct,0.2,kgCO2e/kWh,2020-01-01,,rival',
  'ImportGridIntensityInput.csv': 'timestamp,grid_kgco2e_per_kwh\n2026-03-29T00:00:00Z,0.4',
  currency: 'EUR',
  scheme: 'china-ets-power',
  year: 2024,
  'LinkIdentityInput.subject': 'rivals-subject',
  subject: 'grid',
  fuel: 'natural-gas',
  verb: 'share',
  method: 'gridcommons/portrait/1',
  methodVersion: 'gridcommons/scope2-hourly/1',
  input: { players: ['A', 'B'], values: { A: 1, B: 2 } },
  policy: POLICY,
  price: { model: 'free' },
  network: { buses: [], lines: [] },
  document: {},
  series: 'load',
  zone: 'Europe/Berlin',
  // Proofs that a rival has not.
  signature: 'ab'.repeat(64),
  proof: 'ab'.repeat(64),
  signingKey: 'cd'.repeat(32),
  agreementKey: 'cd'.repeat(32),
  token: `gce_${'0'.repeat(64)}`,
  commitment: 'ef'.repeat(32),
  nonce: 'ef'.repeat(32),
  contentRoot: 'ef'.repeat(32),
  // Hashes that name objects.
  hash: '01'.repeat(32),
  modelHash: '01'.repeat(32),
  // Times around the victims' delivery day.
  from: '2026-03-28T23:00:00Z',
  to: '2026-03-31T22:00:00Z',
  'OfferForecastsInput.from': '2026-12-01',
  'OfferForecastsInput.to': '2026-12-03',
  'subscribeForecasts.from': '2026-03-31',
  'subscribeForecasts.to': '2026-04-02',
  'endForecastAgreement.from': '2026-12-01',
  'DefaultLineInput.from': '00:00',
  until: '01:00',
  start: '2026-01-01T00:00:00Z',
  end: '2026-02-01T00:00:00Z',
  at: '2026-03-29T00:00:00Z',
  asOf: '2026-11-27T12:00:00Z',
  startsAt: '2026-03-28T23:00:00Z',
  intervalStart: '2026-03-30T23:00:00Z',
  issuedAt: '2026-03-29T22:00:00Z',
  earliest: '2026-03-30T22:00:00Z',
  latest: '2026-03-31T22:00:00Z',
  day: '2026-03-29',
  deliveryDate: '2026-12-01',
  firstDay: '2026-12-01',
  lastDay: '2026-12-01',
  validFrom: '2026-12-01',
  // Amounts.
  hours: 24,
  trainDays: 30,
  validationDays: 10,
  percentOfDays: 100,
  quorum: 3,
  version: 1,
  chunks: 1,
  bytes: 1,
  count: 1,
  entryIndex: 0,
  epsilon: 1,
  clip: 1,
  alpha: 1,
  ratio: 1,
  mase: 1,
  coverage: 0.8,
  tonnes: 1,
  priceMinorPerTonne: 1,
  pricePerDayMinor: 1,
  pricePerMwh: 20_000,
  quantityWh: 1,
  availableWh: 1,
  energyWh: 1_000,
  netImportWh: 1,
  netExportWh: 0,
  locationGrams: 2,
  marketGrams: 1,
  retailPerMwh: 30_000,
  feedInPerMwh: 8_000,
};

/** The column of the objects that an argument names. What is named `id` is of the kind that the field answers. */
const KINDS: Readonly<Record<string, string>> = {
  // By the type of the answer.
  'id of ApiKey': 'api_key.id',
  'id of ContributionCertificate': 'market_contribution.hash',
  'id of DataAgreement': 'data_agreements.id',
  'id of DataOffer': 'data_offers.id',
  'id of DataSet': 'data_sets.id',
  'id of EmissionFactor': 'emission_factor.id',
  'id of ForecastProduct': 'forecast_product.id',
  'id of JSON': 'certificate.id',
  'id of MarketFeeder': 'market_feeder.id',
  'id of MarketSession': 'market_session.id',
  'id of MarketStudy': 'market_study.id',
  'id of MemberIdentity': 'member_identity.id',
  'id of Negotiation': 'negotiations.id',
  'id of Task': 'federation_task.id',
  'id of Transfer': 'transfers.id',
  // By the name of the argument, or of it and what it is an argument of.
  'publishCarbonReport.blob': 'blob.sha256',
  'modelVersion.hash': 'federation_task.card_hash',
  'endForecastAgreement.agreementId': 'forecast_agreement.id',
  'CancelAllowanceOrderInput.orderId': 'allowance_order.order_id',
  'CancelIntradayOrderInput.orderId': 'market_intraday_order.order_id',
  agreementId: 'data_agreements.id',
  certificateId: 'certificate.id',
  dataSetId: 'data_sets.id',
  declaration: 'market_default_declaration.declaration_id',
  decryptorIds: 'organisation.id',
  factorIds: 'emission_factor.id',
  feederId: 'market_feeder.id',
  footprintId: 'footprint.id',
  negotiationId: 'negotiations.id',
  offerId: 'data_offers.id',
  organisationId: 'organisation.id',
  organisationIds: 'organisation.id',
  participantId: 'participant.id',
  participantIds: 'participant.id',
  productId: 'forecast_product.id',
  seriesId: 'grid_series.id',
  sessionId: 'market_session.id',
  setId: 'factor_set.id',
  successorId: 'data_agreements.id',
  taskId: 'federation_task.id',
  termsId: 'forecast_terms.id',
  toParticipantId: 'participant.id',
  transferId: 'transfers.id',
  trusted: 'organisation.id',
};

/** Kinds of which every object is shown to everybody, and why. */
export const PUBLIC_KINDS: Readonly<Record<string, string>> = {
  'forecast_product.id': 'products are listed for all who may read forecasts',
  'forecast_terms.id': 'terms are an offer to everybody',
  'grid_series.id': 'grid intensities are read by everybody',
  'market_session.id': 'sessions are the community’s',
  'organisation.id': 'members know who is a member',
  'participant.id': 'public keys of participants are what others verify and seal with',
};

/** What a text that is no ID names, if anything. */
export const textKind = (owner: string, name: string): string | undefined => KINDS[`${owner}.${name}`];

/** @throws Error where nobody has said what the id names */
export function idKind(owner: string, name: string, answer: string): string {
  const kind = KINDS[`${owner}.${name}`] ?? KINDS[name === 'id' ? `id of ${answer}` : name];
  if (kind === undefined)
    throw new Error(
      `expected to know what ${owner}.${name} (answer ${answer}) names, got no line in rival-examples.ts`,
    );
  return kind;
}

/** Fields whose requests end before their objects are looked for, and why. */
export const REFUSED_EARLIER: Readonly<Record<string, string>> = {
  cancelAllowanceOrder: 'the signature names the signer’s own order',
  declareDefaultOrders: 'the signature names the signer’s own declaration',
  revokeDefaultOrders: 'the signature names the signer’s own declaration',
  postMessage: 'a message is read before its task; signed ones of strangers are in federation-refusals',
  publishEmissions: 'totals are signed, and may name any factor: its id is a statement, nothing is looked up',
};
