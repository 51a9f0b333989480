import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { pageOf } from '../forecast/registry-answer.ts';
import { readInput } from '../input.ts';
import type { Output } from '../output.ts';
import { accessOf, type AdminOptions } from '../platform/admin.ts';
import { type Access, ask, mutate } from '../platform/graphql-client.ts';
import {
  AGREEMENT,
  type Agreement,
  agreementsTable,
  agreementText,
  type Negotiation,
  NEGOTIATION,
  negotiationsTable,
  negotiationText,
} from './negotiation-text.ts';
import { priceInput } from './publication-input.ts';
import { partiesOf } from './parties.ts';

export interface PageOptions {
  readonly first: number;
  readonly after?: string;
}

export interface TermsOptions {
  readonly consumerPid?: string;
  readonly policy?: string;
  readonly price?: string;
  readonly validFrom?: string;
  readonly validUntil?: string;
}

export interface EndOptions {
  readonly code: string;
  readonly reason?: string;
}

const FIELDS = {
  negotiation: `id consumerPid state openedBy offeredBy consumerId providerId offerId dataSetId policy policyHash price
    validFrom validUntil agreementId reasonCode reason expiresAt createdAt changedAt`,
  dataAgreement: `id standing negotiationId consumerId providerId offerId dataSetId policy policyHash price
    validFrom validUntil hash createdAt paidAt revocationEpoch
    events { type sender reasonCode reason successorId createdAt }`,
  transfer:
    'id consumerPid state agreementId consumerId providerId format reasonCode reason createdAt changedAt',
} as const;
type What = keyof typeof FIELDS;

/** What every answer has; the rest is told as the platform says it. */
const ROW = z.looseObject({ id: z.string() });
type Row = z.infer<typeof ROW>;
const SHAPES: Readonly<Record<What, z.ZodType<Row>>> = {
  negotiation: NEGOTIATION,
  dataAgreement: AGREEMENT,
  transfer: ROW,
};
const answerOf = (what: What) => z.object({ answer: SHAPES[what] });

const transferText = ({ id, ...row }: Row): string =>
  [id, row['state'], row['agreementId'], row['reasonCode']]
    .filter((part) => typeof part === 'string')
    .join('  ');

async function tell(what: What, row: Row, access: Access, output: Output): Promise<void> {
  output.result(row, output.json ? '' : await textOf(what, row, access));
}

/** With the names of both parties, which are asked for. */
async function textOf(what: What, row: Row, access: Access): Promise<string> {
  if (what === 'transfer') return transferText(row);
  // As its shape was checked.
  const shown = row as Negotiation | Agreement;
  const parties = await partiesOf(access, [shown]);
  return what === 'negotiation'
    ? negotiationText(shown as Negotiation, parties)
    : agreementText(shown as Agreement, parties);
}

async function tableOf(what: What, rows: readonly Row[], access: Access): Promise<string> {
  if (rows.length === 0) return 'none';
  if (what === 'transfer') return rows.map(transferText).join('\n');
  const shown = rows as readonly (Negotiation | Agreement)[];
  const parties = await partiesOf(access, shown);
  return what === 'negotiation'
    ? negotiationsTable(shown as readonly Negotiation[], parties)
    : agreementsTable(shown as readonly Agreement[], parties);
}

/** @throws FILE_*, INPUT_*, OFFER_NOT_FOUND, NEGOTIATION_*, POLICY_* */
export async function requestNegotiation(
  offerId: string,
  options: AdminOptions & TermsOptions,
  output: Output,
): Promise<void> {
  const { consumerPid = `urn:uuid:${randomUUID()}` } = options;
  const input = { offerId, consumerPid, ...(await termsOf(options)) };
  await change('negotiation', ['requestNegotiation', 'RequestNegotiationInput!'], input, options, output);
}

/** @throws FILE_*, INPUT_*, OFFER_NOT_FOUND, DATA_SET_NOT_LISTED, ORGANISATION_NOT_FOUND, NEGOTIATION_*, POLICY_*, PRICE_* */
export async function offerNegotiation(
  offerId: string,
  options: AdminOptions & TermsOptions & { readonly consumer: string },
  output: Output,
): Promise<void> {
  const input = { offerId, consumerId: options.consumer, ...(await termsOf(options)) };
  await change('negotiation', ['offerNegotiation', 'OfferNegotiationInput!'], input, options, output);
}

/** @throws FILE_*, INPUT_*, NEGOTIATION_*, TRANSITION_REFUSED, POLICY_* */
export async function counterOffer(
  negotiationId: string,
  options: AdminOptions & TermsOptions,
  output: Output,
): Promise<void> {
  const input = { negotiationId, ...(await termsOf(options)) };
  await change('negotiation', ['counterOffer', 'CounterOfferInput!'], input, options, output);
}

async function termsOf({ policy, price, validFrom, validUntil }: TermsOptions): Promise<object> {
  return {
    ...(policy === undefined ? {} : { policy: await readInput(policy, z.looseObject({})) }),
    ...(price === undefined ? {} : { price: await readInput(price, priceInput) }),
    validFrom,
    validUntil,
  };
}

/** @throws AGREEMENT_*, TRANSFER_* */
export async function requestTransfer(
  agreementId: string,
  options: AdminOptions & { readonly consumerPid?: string },
  output: Output,
): Promise<void> {
  const { consumerPid = `urn:uuid:${randomUUID()}` } = options;
  const input = { agreementId, consumerPid };
  await change('transfer', ['requestTransfer', 'RequestTransferInput!'], input, options, output);
}

async function change(
  what: What,
  [mutation, type]: readonly [name: string, type: string],
  input: object,
  options: AdminOptions,
  output: Output,
): Promise<void> {
  const query = `mutation Change($input: ${type}) { answer: ${mutation}(input: $input) { ${FIELDS[what]} } }`;
  const access = await accessOf(options);
  const { answer } = await mutate(access, query, { input }, answerOf(what));
  await tell(what, answer, access, output);
}

/** What an answer names beside the process it is about. */
type Arguments = Readonly<Record<string, string | undefined>>;

const TYPES: Readonly<Record<string, string>> = {
  negotiationId: 'ID!',
  agreementId: 'ID!',
  successorId: 'ID!',
  transferId: 'ID!',
};

async function answerWith(
  what: What,
  mutation: string,
  args: Arguments,
  options: AdminOptions,
  output: Output,
): Promise<void> {
  const names = Object.keys(args).filter((name) => args[name] !== undefined);
  const declared = names.map((name) => `$${name}: ${TYPES[name] ?? 'String!'}`).join(', ');
  const passed = names.map((name) => `${name}: $${name}`).join(', ');
  const query = `mutation Answer(${declared}) { answer: ${mutation}(${passed}) { ${FIELDS[what]} } }`;
  const access = await accessOf(options);
  const { answer } = await mutate(access, query, args, answerOf(what));
  await tell(what, answer, access, output);
}

/** @throws NEGOTIATION_*, TRANSITION_REFUSED, PARTY_OTHER, AGREEMENT_HASH_MISMATCH, REASON_MALFORMED */
export async function answerNegotiation(
  mutation: 'acceptOffer' | 'agree' | 'verifyAgreement' | 'finaliseAgreement' | 'terminateNegotiation',
  args: Arguments,
  options: AdminOptions,
  output: Output,
): Promise<void> {
  await answerWith('negotiation', mutation, args, options, output);
}

/** @throws AGREEMENT_*, PARTY_OTHER, REASON_MALFORMED */
export async function endAgreement(
  mutation: 'retireAgreement' | 'revokeAgreement' | 'supersedeAgreement',
  args: Arguments,
  options: AdminOptions,
  output: Output,
): Promise<void> {
  await answerWith('dataAgreement', mutation, args, options, output);
}

/** @throws TRANSFER_*, TRANSITION_REFUSED, AGREEMENT_*, REASON_MALFORMED */
export async function moveTransfer(
  mutation: 'startTransfer' | 'completeTransfer' | 'suspendTransfer' | 'terminateTransfer',
  args: Arguments,
  options: AdminOptions,
  output: Output,
): Promise<void> {
  await answerWith('transfer', mutation, args, options, output);
}

/** One page, newest first. */
export async function list(what: What, options: AdminOptions & PageOptions, output: Output): Promise<void> {
  const query = `query List($first: Int!, $after: String) { answer: ${what}s(first: $first, after: $after) {
    edges { node { ${FIELDS[what]} } } pageInfo { hasNextPage endCursor } } }`;
  const { first, after = null } = options;
  const access = await accessOf(options);
  const shape = z.object({ answer: pageOf(SHAPES[what]) });
  const { answer } = await ask(access, query, { first, after }, shape);
  const { hasNextPage, endCursor } = answer.pageInfo;
  const rows = answer.edges.map(({ node }) => node);
  const table = output.json ? '' : await tableOf(what, rows, access);
  const more = hasNextPage ? `\nmore: --after ${endCursor}` : '';
  output.result({ [`${what}s`]: rows, hasNextPage, endCursor }, table + more);
}

/** A hundred words are more than a negotiation has: it ends at fifty offers. */
const MESSAGES = `messages: negotiationMessages(negotiationId: $id, first: 100) {
  edges { node { type sender automatic state policy price validFrom validUntil reasonCode reason createdAt } } }`;
const SAID = z
  .object({ edges: z.array(z.object({ node: z.looseObject({ type: z.string(), sender: z.string() }) })) })
  .optional();

/** One of them, a negotiation with what was said in it. @throws NEGOTIATION_NOT_FOUND, AGREEMENT_NOT_FOUND, TRANSFER_NOT_FOUND */
export async function show(what: What, id: string, options: AdminOptions, output: Output): Promise<void> {
  const said = what === 'negotiation' ? MESSAGES : '';
  const query = `query Show($id: ID!) { answer: ${what}(id: $id) { ${FIELDS[what]} } ${said} }`;
  const access = await accessOf(options);
  const shape = answerOf(what).extend({ messages: SAID });
  const { answer, messages } = await ask(access, query, { id }, shape);
  if (messages === undefined) return tell(what, answer, access, output);
  const spoken = messages.edges.map(({ node }) => node);
  const lines = spoken.map(({ createdAt, sender, type }) => `  ${String(createdAt)}  ${sender}  ${type}`);
  const text = output.json ? '' : [await textOf(what, answer, access), 'said:', ...lines].join('\n');
  output.result({ ...answer, messages: spoken }, text);
}
