/* What a story of priced forecasts asks through GraphQL, and the shapes of the answers. */
export const PUBLISH = `mutation ($input: PublishForecastsInput!) { publishForecasts(input: $input) { published } }`;
export const OFFER = `mutation ($input: OfferForecastsInput!) { offerForecasts(input: $input) { id } }`;
export const SUBSCRIBE = `mutation ($termsId: ID!, $from: String!, $to: String!) {
  subscribeForecasts(termsId: $termsId, from: $from, to: $to) { id termsId consumerId publisherId pricePerDayMinor currency }
}`;
export const END = `mutation ($agreementId: ID!, $from: String!) {
  endForecastAgreement(agreementId: $agreementId, from: $from) { endsAt endedEarly }
}`;
export const LIST = `query ($organisationIds: [ID!], $from: DateTime, $to: DateTime, $latest: Boolean! = false) {
  forecasts(organisationIds: $organisationIds, from: $from, to: $to, latest: $latest, first: 100) {
    edges { node { intervalStart p50Wh } } notices { code termsId organisationId series from to }
  }
}`;
export const CHARGES = `{ forecastCharges(first: 100) { edges { node {
  consumerId publisherId series startsAt endsAt priceMinor currency taskCardHash } } } }`;
export const AGREEMENTS = '{ forecastAgreements { edges { node { termsId } } } }';
export const LEDGER = `{ ledger { entries(first: 100) { edges { node { type postings { account amountMinor } } } }
  verify { verified } } }`;

export interface Listed {
  readonly forecasts: {
    readonly edges: readonly { readonly node: { readonly intervalStart: string; readonly p50Wh: number } }[];
    readonly notices: readonly { readonly code: string; readonly from: string; readonly to: string }[];
  };
}
export interface Charges {
  readonly forecastCharges: { readonly edges: readonly { readonly node: { readonly startsAt: string } }[] };
}
export interface Booked {
  readonly type: string;
  readonly postings: readonly { readonly account: string; readonly amountMinor: number }[];
}
export interface Followed {
  readonly forecastPublished: {
    readonly node: { readonly intervalStart: string } | null;
    readonly notices: readonly object[] | null;
  };
}
