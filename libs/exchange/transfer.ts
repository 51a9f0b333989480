import { BOTH, CONSUMER, follow, type Party, PROVIDER, type Transition } from './protocol-states.ts';

/** Of a transfer process; INIT is before the first message and never kept. */
export const TRANSFER_STATES = [
  'INIT',
  'REQUESTED',
  'STARTED',
  'SUSPENDED',
  'COMPLETED',
  'TERMINATED',
] as const;
export type TransferState = (typeof TRANSFER_STATES)[number];

/** Messages by the protocol's names, and where each leads. */
export const TRANSFER_MESSAGES = {
  TransferRequestMessage: 'REQUESTED',
  TransferStartMessage: 'STARTED',
  TransferSuspensionMessage: 'SUSPENDED',
  TransferCompletionMessage: 'COMPLETED',
  TransferTerminationMessage: 'TERMINATED',
} as const satisfies Readonly<Record<string, TransferState>>;
export type TransferMessage = keyof typeof TRANSFER_MESSAGES;

/** Dataspace Protocol 2025-1, Transfer Process Protocol, state machine. */
const TRANSFER_TRANSITIONS: readonly Transition<TransferState>[] = [
  ['INIT', 'REQUESTED', CONSUMER],
  ['REQUESTED', 'STARTED', PROVIDER],
  ['REQUESTED', 'TERMINATED', BOTH],
  ['STARTED', 'SUSPENDED', BOTH],
  ['STARTED', 'COMPLETED', BOTH],
  ['STARTED', 'TERMINATED', BOTH],
  ['SUSPENDED', 'STARTED', BOTH],
  ['SUSPENDED', 'TERMINATED', BOTH],
];

/** The state after a message. @throws TRANSITION_REFUSED where the protocol does not admit it; nothing changes then */
export const transferAfter = (state: TransferState, message: TransferMessage, by: Party): TransferState =>
  follow(TRANSFER_TRANSITIONS, { state, message, to: TRANSFER_MESSAGES[message], by });

/** Whether no message leads on. */
export const isTransferOver = (state: TransferState): boolean =>
  TRANSFER_TRANSITIONS.every(([from]) => from !== state);
