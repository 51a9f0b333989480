import { BOTH, CONSUMER, follow, type Party, PROVIDER, type Transition } from './protocol-states.ts';

/** Of a contract negotiation; INIT is before the first message and never kept. */
export const NEGOTIATION_STATES = [
  'INIT',
  'REQUESTED',
  'OFFERED',
  'ACCEPTED',
  'AGREED',
  'VERIFIED',
  'FINALIZED',
  'TERMINATED',
] as const;
export type NegotiationState = (typeof NEGOTIATION_STATES)[number];

/** Messages by the protocol's names, and where each leads; the two events are one type told apart by `eventType`. */
export const NEGOTIATION_MESSAGES = {
  ContractRequestMessage: 'REQUESTED',
  ContractOfferMessage: 'OFFERED',
  'ContractNegotiationEventMessage:ACCEPTED': 'ACCEPTED',
  ContractAgreementMessage: 'AGREED',
  ContractAgreementVerificationMessage: 'VERIFIED',
  'ContractNegotiationEventMessage:FINALIZED': 'FINALIZED',
  ContractNegotiationTerminationMessage: 'TERMINATED',
} as const satisfies Readonly<Record<string, NegotiationState>>;
export type NegotiationMessage = keyof typeof NEGOTIATION_MESSAGES;

/** Dataspace Protocol 2025-1, Contract Negotiation Protocol, state machine. */
const NEGOTIATION_TRANSITIONS: readonly Transition<NegotiationState>[] = [
  ['INIT', 'REQUESTED', CONSUMER],
  ['INIT', 'OFFERED', PROVIDER],
  ['REQUESTED', 'OFFERED', PROVIDER],
  ['REQUESTED', 'AGREED', PROVIDER],
  ['REQUESTED', 'TERMINATED', BOTH],
  ['OFFERED', 'REQUESTED', CONSUMER],
  ['OFFERED', 'ACCEPTED', CONSUMER],
  ['OFFERED', 'TERMINATED', BOTH],
  ['ACCEPTED', 'AGREED', PROVIDER],
  ['ACCEPTED', 'TERMINATED', PROVIDER],
  ['AGREED', 'VERIFIED', CONSUMER],
  ['AGREED', 'TERMINATED', CONSUMER],
  ['VERIFIED', 'FINALIZED', PROVIDER],
  ['VERIFIED', 'TERMINATED', PROVIDER],
];

/** The state after a message. @throws TRANSITION_REFUSED where the protocol does not admit it; nothing changes then */
export const negotiationAfter = (
  state: NegotiationState,
  message: NegotiationMessage,
  by: Party,
): NegotiationState =>
  follow(NEGOTIATION_TRANSITIONS, { state, message, to: NEGOTIATION_MESSAGES[message], by });

/** The states that a side may lead to next. */
export const nextNegotiationStates = (state: NegotiationState, by: Party): NegotiationState[] =>
  NEGOTIATION_TRANSITIONS.flatMap(([from, to, sides]) => (from === state && sides.includes(by) ? [to] : []));

/** Whether no message leads on. */
export const isNegotiationOver = (state: NegotiationState): boolean =>
  NEGOTIATION_TRANSITIONS.every(([from]) => from !== state);
