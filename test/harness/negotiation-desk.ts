import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isoInstant } from '#core';
import { parsePolicy, toOdrl } from '#exchange';
import { startPlatform, type TestOrganisation, type TestPlatform } from './platform.ts';

/* What the two parties of a negotiation ask through GraphQL. */
const NEGOTIATION = `id consumerPid consumerId providerId offerId dataSetId state offeredBy policy policyHash price openedBy validUntil agreementId reasonCode`;
const AGREEMENT = `id consumerId providerId policyHash price validFrom validUntil hash paidAt standing revocationEpoch
  events { type sender reasonCode successorId }`;
const byId = (name: string): string =>
  `mutation ($id: ID!) { answer: ${name}(negotiationId: $id) { ${NEGOTIATION} } }`;
const moved = (name: string): string =>
  `mutation ($id: ID!) { answer: ${name}(transferId: $id) { id state reasonCode } }`;
const stopped = (name: string): string =>
  `mutation ($id: ID!, $code: String!) { answer: ${name}(transferId: $id, code: $code) { id state reasonCode } }`;
const listed = (name: string): string =>
  `query ($after: String) { answer: ${name}(first: 100, after: $after) { edges { node { id } } pageInfo { endCursor } } }`;

const PUBLISH = {
  create: 'mutation ($input: CreateDataSetInput!) { answer: createDataSet(input: $input) { id } }',
  offer: 'mutation ($input: OfferDataSetInput!) { answer: offerDataSet(input: $input) { id } }',
  list: 'mutation ($id: ID!) { answer: listDataSet(id: $id) { id } }',
};

export const ASK = {
  request: `mutation ($input: RequestNegotiationInput!) { answer: requestNegotiation(input: $input) { ${NEGOTIATION} } }`,
  offer: `mutation ($input: OfferNegotiationInput!) { answer: offerNegotiation(input: $input) { ${NEGOTIATION} } }`,
  counter: `mutation ($input: CounterOfferInput!) { answer: counterOffer(input: $input) { ${NEGOTIATION} } }`,
  accept: byId('acceptOffer'),
  agree: byId('agree'),
  verify: `mutation ($id: ID!, $hash: String) { answer: verifyAgreement(negotiationId: $id, hash: $hash) { ${NEGOTIATION} } }`,
  finalise: byId('finaliseAgreement'),
  terminate: `mutation ($id: ID!, $code: String!) { answer: terminateNegotiation(negotiationId: $id, code: $code) { ${NEGOTIATION} } }`,
  automatic: `mutation ($offerId: ID!, $automatic: Boolean!) { answer: setAutomaticAgreement(offerId: $offerId, automatic: $automatic) }`,
  negotiation: `query ($id: ID!) { answer: negotiation(id: $id) { ${NEGOTIATION} } }`,
  negotiations: listed('negotiations'),
  messages: `query ($id: ID!, $first: Int, $after: String) { answer: negotiationMessages(negotiationId: $id, first: $first, after: $after) {
    edges { node { type sender automatic state policyHash price reasonCode } } pageInfo { endCursor hasNextPage } } }`,
  agreement: `query ($id: ID!) { answer: dataAgreement(id: $id) { ${AGREEMENT} } }`,
  agreements: listed('dataAgreements'),
  retire: `mutation ($id: ID!) { answer: retireAgreement(agreementId: $id) { ${AGREEMENT} } }`,
  revoke: `mutation ($id: ID!, $code: String!) { answer: revokeAgreement(agreementId: $id, code: $code) { ${AGREEMENT} } }`,
  supersede: `mutation ($id: ID!, $successorId: ID!) {
    answer: supersedeAgreement(agreementId: $id, successorId: $successorId) { ${AGREEMENT} } }`,
  transfer: `query ($id: ID!) { answer: transfer(id: $id) { id state reasonCode } }`,
  transfers: listed('transfers'),
  requestTransfer: `mutation ($input: RequestTransferInput!) { answer: requestTransfer(input: $input) { id state reasonCode } }`,
  start: moved('startTransfer'),
  complete: moved('completeTransfer'),
  suspend: stopped('suspendTransfer'),
  stop: stopped('terminateTransfer'),
} as const;

export interface Asked {
  readonly id: string;
  readonly offerId: string;
  readonly dataSetId: string;
  readonly state: string;
  readonly policyHash: string;
  readonly price: object | null;
  readonly agreementId: string | null;
  readonly reasonCode: string | null;
}

export interface OfferTerms {
  readonly validUntil?: string;
  readonly price?: object;
  /** A further one of the data set, shown to nobody. */
  readonly unlisted?: boolean;
  readonly policy?: object;
}

export interface NegotiationDesk {
  readonly provider: TestOrganisation;
  readonly consumer: TestOrganisation;
  readonly stranger: TestOrganisation;
  /** A listed offer of the provider. */
  readonly offer: (terms?: OfferTerms) => Promise<string>;
  /** A request that must succeed. */
  readonly ask: <T = Asked>(
    what: keyof typeof ASK,
    variables: object,
    sender: TestOrganisation,
  ) => Promise<T>;
  /** The code a request is refused with. */
  readonly refusal: (
    what: keyof typeof ASK,
    variables: object,
    sender: TestOrganisation,
  ) => Promise<string | undefined>;
  /** Of a further member with one role, made by the admin whose key is given. */
  readonly key: (admin: string, role: string) => Promise<string>;
  /** A negotiation of a new offer, agreed, verified and finalised. */
  readonly concluded: (terms?: OfferTerms) => Promise<Asked>;
}

/** To use the data so often, as the platform writes it. */
export const uses = (count: number): object =>
  toOdrl(
    parsePolicy({
      permission: [
        { action: 'use', constraint: [{ leftOperand: 'count', operator: 'lteq', rightOperand: count }] },
      ],
    }),
  );
export const POLICY = uses(9);

export interface StartedDesk extends NegotiationDesk {
  readonly platform: TestPlatform;
  readonly setClock: (ms: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** A platform whose business clock a story sets, with the two parties and a stranger. */
export async function startNegotiationDesk(nowMs: number): Promise<StartedDesk> {
  const directory = await mkdtemp(join(tmpdir(), 'gridcommons-clock-'));
  const setClock = (ms: number): Promise<void> => writeFile(join(directory, 'clock'), isoInstant(ms));
  await setClock(nowMs);
  const platform = await startPlatform({ env: { GRIDCOMMONS_REPLAY_CLOCK: join(directory, 'clock') } });
  return {
    ...(await negotiationDesk(platform)),
    platform,
    setClock,
    async stop() {
      await platform.stop();
      await rm(directory, { recursive: true });
    },
  };
}

/** Lists a data set on its terms. */
function offerOf(platform: TestPlatform, { apiKey }: TestOrganisation): NegotiationDesk['offer'] {
  const publish = async (mutation: string, variables: object): Promise<string> =>
    (await platform.data<{ answer: { id: string } }>(mutation, variables, apiKey)).answer.id;
  return async ({ validUntil, price, unlisted, policy = POLICY } = {}) => {
    const draft = { key: randomUUID(), title: 'Load', carrier: 'ELECTRICITY', kind: 'READINGS', licence: 'CC-BY-4.0' }; // prettier-ignore
    const dataSetId = await publish(PUBLISH.create, { input: draft });
    const terms = { dataSetId, policy, price, validFrom: '2026-11-01T00:00:00Z', validUntil };
    const id = await publish(PUBLISH.offer, { input: terms });
    await publish(PUBLISH.list, { id: dataSetId });
    if (unlisted !== true) return id;
    return publish(PUBLISH.offer, { input: { ...terms, unlisted } });
  };
}

export async function negotiationDesk(platform: TestPlatform): Promise<NegotiationDesk> {
  const provider = await platform.createOrganisation('Provider');
  const consumer = await platform.createOrganisation('Consumer');
  const stranger = await platform.createOrganisation('Stranger');
  const ask: NegotiationDesk['ask'] = async <T>(
    what: keyof typeof ASK,
    variables: object,
    sender: TestOrganisation,
  ) => (await platform.data<{ answer: T }>(ASK[what], variables, sender.apiKey)).answer;
  const offer = offerOf(platform, provider);
  return {
    provider,
    consumer,
    stranger,
    offer,
    ask,
    async refusal(what, variables, sender) {
      const { errors } = await platform.graphql(ASK[what], variables, sender.apiKey);
      return errors?.[0]?.extensions.code;
    },
    async key(admin, role) {
      const { createApiKey } = await platform.data<{ createApiKey: { secret: string } }>(
        'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
        { input: { memberName: role, roles: [role] } },
        admin,
      );
      return createApiKey.secret;
    },
    async concluded(terms) {
      const input = { offerId: await offer(terms), consumerPid: randomUUID() };
      const { id } = await ask('request', { input }, consumer);
      await ask('agree', { id }, provider);
      await ask('verify', { id }, consumer);
      return ask('finalise', { id }, provider);
    },
  };
}
