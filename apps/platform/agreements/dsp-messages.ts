import { DomainError, type Json } from '#core';
import { parsePolicy, parsePriceModel, toOdrl, withPrice } from '#exchange';
import type { DataOffer } from '../catalogue/catalogue.entities.ts';
import { isUuid } from '../pipeline/uuid.ts';
import type { Negotiation, Transfer } from './agreements.entities.ts';
import { TRANSFER_FORMAT } from './transfers.service.ts';

/** The one context messages have: known here by its name, never fetched. */
const CONTEXT = 'https://w3id.org/dspace/2025/1/context.jsonld';
const URN = 'urn:uuid:';
const MAX_TEXT = 2_000;

export type Message = Readonly<Record<string, Json>>;

/** A UUID as the IRI that the protocol wants of an identifier. */
export const urn = (id: string): string => `${URN}${id}`;

/** The UUID of an IRI of this platform; what is none names no row. */
export function uuidOf(iri: string): string {
  const id = iri.startsWith(URN) ? iri.slice(URN.length) : iri;
  return isUuid(id) ? id : '';
}

/**
 * A message of a type in the protocol's context, as plain JSON: its terms are never expanded.
 * @throws DSP_MESSAGE_MALFORMED, DSP_CONTEXT_UNKNOWN, DSP_TYPE_UNEXPECTED
 */
export function readMessage(json: unknown, type: string): Message {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw malformed('an object');
  const message = json as Message;
  const context = message['@context'];
  if (!Array.isArray(context) || context.length !== 1 || context[0] !== CONTEXT) {
    throw new DomainError('DSP_CONTEXT_UNKNOWN', `expected the one context ${CONTEXT}, got another`);
  }
  if (message['@type'] !== type) {
    throw new DomainError('DSP_TYPE_UNEXPECTED', `expected a ${type}, got another message`);
  }
  return message;
}

/** @throws DSP_MESSAGE_MALFORMED */
export function textOf(message: Message, name: string): string {
  const value = message[name];
  if (typeof value === 'string' && value !== '' && value.length <= MAX_TEXT) return value;
  throw malformed(`text as ${name}`);
}

/** Code and reasons of a termination or a suspension, which the protocol does not ask for. @throws DSP_MESSAGE_MALFORMED */
export function stopOf(message: Message): { code: string; reason: string | null } {
  const { code = 'UNSPECIFIED', reason = [] } = message;
  if (typeof code !== 'string' || !Array.isArray(reason)) throw malformed('code and a list of reasons');
  const text = reason
    .map((each: Json) => (typeof each === 'string' ? each : JSON.stringify(each)))
    .join('; ');
  return { code, reason: text === '' ? null : text };
}

/** Where a foreign connector would be called back. Nothing is: it is told by GET, so the address is checked and forgotten. @throws DSP_CALLBACK */
export function requireCallback(message: Message): void {
  const address = textOf(message, 'callbackAddress');
  if (URL.canParse(address) && new URL(address).protocol === 'https:') return;
  throw new DomainError('DSP_CALLBACK', 'expected a callback address of https, got another');
}

export interface OfferedTerms {
  readonly offerId: string;
  readonly dataSetId: string;
  readonly policy: Json;
}

/** The offer of a ContractRequestMessage. @throws DSP_MESSAGE_MALFORMED */
export function offerOf(message: Message): OfferedTerms {
  const offer = message['offer'];
  if (typeof offer !== 'object' || offer === null || Array.isArray(offer)) throw malformed('an offer');
  const { '@id': id, '@type': type, target, ...policy } = offer as Message;
  if (type !== 'Offer' || typeof id !== 'string' || typeof target !== 'string') {
    throw malformed('an offer with @id, @type and target');
  }
  return { offerId: uuidOf(id), dataSetId: uuidOf(target), policy };
}

const malformed = (expected: string): DomainError =>
  new DomainError('DSP_MESSAGE_MALFORMED', `expected ${expected} in the message, got something else`);

const inContext = (type: string, fields: object): object => ({
  '@context': [CONTEXT],
  '@type': type,
  ...fields,
});

export const toNegotiation = ({ id, consumerPid, state }: Negotiation): object =>
  inContext('ContractNegotiation', { providerPid: urn(id), consumerPid, state });

export const toTransfer = ({ id, consumerPid, state }: Transfer): object =>
  inContext('TransferProcess', { providerPid: urn(id), consumerPid, state });

/** @param type CatalogError, ContractNegotiationError or TransferError; the last two name both pids, empty where there is none */
export const toError = (type: string, fields: object): object => inContext(type, fields);

/** Rules as the protocol's schema has them: one action each, text as right operand, neither target nor assigner. */
function toRules(policy: object): object {
  const {
    permission = [],
    prohibition = [],
    obligation = [],
    conflict,
  } = policy as Readonly<Record<string, Rule[]>>;
  const rules = {
    permission: permission.flatMap(toWire),
    prohibition: prohibition.flatMap(toWire),
    obligation,
  };
  return {
    ...Object.fromEntries(Object.entries(rules).filter(([, list]) => list.length > 0)),
    ...(conflict === undefined ? {} : { conflict }),
  };
}

/** As toOdrl writes it. */
interface Rule extends Readonly<Record<string, unknown>> {
  readonly action: readonly string[];
  readonly constraint?: readonly object[];
}

const toWire = ({ target: _target, assigner: _assigner, action, constraint, ...rule }: Rule): object[] =>
  action.map((one) => ({
    ...rule,
    action: one,
    ...(constraint === undefined ? {} : { constraint: constraint.map(withText) }),
  }));

function withText(constraint: object): object {
  return Object.fromEntries(
    Object.entries(constraint).map(([name, value]) => [
      name,
      typeof value === 'number'
        ? String(value)
        : Array.isArray(value) && name !== 'rightOperand'
          ? value.map(withText)
          : value,
    ]),
  );
}

/** The protocol has no place for a price: a flat one is an obligation to compensate. */
const toOffer = ({ id, policy, price }: DataOffer): object => ({
  '@id': urn(id),
  '@type': 'Offer',
  ...toRules(toOdrl(withPrice(parsePolicy(policy), parsePriceModel(price)))),
});

/** A data set with what it is offered for. @param base address of this binding */
export const toDataset = (
  { id, title, tenantId }: { id: string; title: string; tenantId: string },
  offers: readonly DataOffer[],
  base: string,
): object => ({
  '@id': urn(id),
  '@type': 'Dataset',
  title,
  publisher: urn(tenantId),
  hasPolicy: offers.map(toOffer),
  distribution: [{ '@type': 'Distribution', format: TRANSFER_FORMAT, accessService: serviceOf(base) }],
});

const serviceOf = (base: string): object => ({
  '@id': `${base}#service`,
  '@type': 'DataService',
  endpointURL: base,
});

/** The schema has no empty list: what there is none of is left out. */
export const toCatalog = (datasets: readonly object[], base: string): object =>
  inContext('Catalog', {
    '@id': `${base}/catalog`,
    participantId: base,
    service: [serviceOf(base)],
    ...(datasets.length === 0 ? {} : { dataset: datasets }),
  });

export const rootDataset = (dataset: object): object => ({ '@context': [CONTEXT], ...dataset });
