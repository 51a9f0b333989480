import { DomainError, fromHex, sha256Hex } from '#core';
import { cardHashOf, rosterMember, type TaskCard } from './card.ts';
import { requireCardShape } from './card-shape.ts';
import { type AnyMessage, PLATFORM, requireSigned, uploadsHashOf } from './message.ts';
import { accept } from './accept.ts';
import { requireSoundCard } from './policy.ts';
import type { Hashed } from './protocol-step.ts';
import { shareTestChallenge } from './share-test.ts';
import { openTask, type TaskState } from './task-state.ts';

const NO_DIGEST: Hashed = { payloadDigest: '' };

async function digestsOf(state: TaskState, message: AnyMessage): Promise<Hashed> {
  if (message.kind === 'reveal') return { payloadDigest: await sha256Hex(fromHex(message.payload.nonce)) };
  if (message.kind === 'agree' && state.phase === 'agreeing')
    return { payloadDigest: await shareTestChallenge(state) };
  if (message.kind === 'close') return { payloadDigest: await uploadsHashOf(message.payload) };
  return NO_DIGEST;
}

/** Ed25519 key that must have signed what `sender` says. @throws NOT_IN_ROSTER */
export function signingKeyOf(card: TaskCard, sender: string): string {
  return sender === PLATFORM ? card.platformKey : rosterMember(card, sender).signingKey;
}

/** Opens a task from its first message: the card, signed by the platform key it names. @throws CARD_MALFORMED, CARD_…, ROSTER_…, SIGNATURE_INVALID */
export async function openFromCard(message: AnyMessage): Promise<TaskState> {
  if (message.kind !== 'card') {
    throw new DomainError(
      'CARD_MISSING',
      `expected the card as first message, got ${message.kind}`,
      'conflict',
    );
  }
  const { card } = message.payload;
  requireCardShape(card);
  requireSoundCard(card);
  const cardHash = await cardHashOf(card);
  if (message.cardHash !== cardHash || message.sender !== PLATFORM || message.round !== 0) {
    throw new DomainError(
      'CARD_HASH_MISMATCH',
      `expected the card of hash ${message.cardHash}, got ${cardHash}`,
      'conflict',
    );
  }
  await requireSigned(message, card.platformKey);
  return openTask(card, cardHash);
}

/** One verified step: signature and shape first, then the protocol's rules. */
export async function advance(state: TaskState, message: AnyMessage): Promise<TaskState> {
  await requireSigned(message, signingKeyOf(state.card, message.sender));
  return accept(state, message, await digestsOf(state, message));
}

/** The state after a whole sequence of messages, card first. @throws the first refusal */
export async function replay(messages: readonly AnyMessage[]): Promise<TaskState> {
  const [first, ...rest] = messages;
  if (!first)
    throw new DomainError('CARD_MISSING', 'expected the card as first message, got no message', 'conflict');
  let state = await openFromCard(first);
  for (const message of rest) state = await advance(state, message);
  return state;
}
