import { DomainError } from '#core';
import { rosterMember } from './card.ts';
import { KEY_STEPS } from './accept-keys.ts';
import { ROUND_STEPS } from './accept-round.ts';
import { type AnyMessage, type MessageKind, PLATFORM, PLATFORM_KINDS } from './message.ts';
import { type Handler, type Hashed, refuse, type Step } from './protocol-step.ts';
import type { TaskState } from './task-state.ts';

/** What each kind of message does, and in which phases it may come: the protocol as a table. */
export const STEPS: { readonly [K in MessageKind]: Step<K> } = {
  card: { phases: [], next: (state) => state },
  ...KEY_STEPS,
  ...ROUND_STEPS,
};

/**
 * The next state, or the refusal of a message that the protocol does not allow here. Signatures are checked before.
 * @throws MESSAGE_OTHER_TASK, ROUND_UNKNOWN, SENDER_NOT_ALLOWED, NOT_IN_ROSTER, PHASE_MISMATCH, MESSAGE_REPEATED and the
 *   codes of the single steps.
 */
export function accept(state: TaskState, message: AnyMessage, hashed: Hashed): TaskState {
  requireAddressed(state, message);
  const { phases } = STEPS[message.kind];
  if (!phases.includes(state.phase)) {
    throw refuse(
      'PHASE_MISMATCH',
      `expected ${message.kind} while ${phases.join(' or ') || 'never again'}, got it while ${state.phase}`,
      {
        phase: state.phase,
        kind: message.kind,
      },
    );
  }
  const { next } = STEPS[message.kind] as { next: Handler<MessageKind> };
  return next(state, message, hashed);
}

function requireAddressed(state: TaskState, message: AnyMessage): void {
  if (message.cardHash !== state.cardHash) {
    throw refuse('MESSAGE_OTHER_TASK', 'expected a message of this task card, got one of another', {
      kind: message.kind,
    });
  }
  if (message.round !== state.round) {
    throw refuse('ROUND_UNKNOWN', `expected round ${state.round}, got ${message.round}`, {
      round: message.round,
    });
  }
  const fromPlatform = (PLATFORM_KINDS as readonly string[]).includes(message.kind);
  if (fromPlatform !== (message.sender === PLATFORM)) {
    throw new DomainError(
      'SENDER_NOT_ALLOWED',
      `expected ${message.kind} from ${fromPlatform ? 'the platform' : 'a member'}, got it from ${message.sender}`,
      'forbidden',
    );
  }
  if (!fromPlatform) rosterMember(state.card, message.sender);
}
