import { DomainError } from '#core';
import type { GrowingMap } from './growing-map.ts';
import type { Message, MessageKind } from './message.ts';
import type { Phase, TaskState } from './task-state.ts';

/** Facts that take hashing, computed by the caller so that the reducer stays synchronous. */
export interface Hashed {
  /** SHA-256 of the nonce of a `reveal` or of the payload of a `close`; the challenge that an `agree` must name. */
  readonly payloadDigest: string;
}

export type Handler<K extends MessageKind> = (
  state: TaskState,
  message: Message<K>,
  hashed: Hashed,
) => TaskState;

/** When a kind of message may come and what it does. */
export interface Step<K extends MessageKind> {
  readonly phases: readonly Phase[];
  readonly next: Handler<K>;
}

export const refuse = (code: string, message: string, data: Record<string, string | number> = {}) =>
  new DomainError(code, message, 'conflict', data);

/** @throws MESSAGE_REPEATED */
export function once<T>(map: GrowingMap<string, T>, sender: string, value: T): GrowingMap<string, T> {
  if (map.has(sender)) {
    throw refuse(
      'MESSAGE_REPEATED',
      `expected one message of this kind and round, got a second of ${sender}`,
    );
  }
  return map.with(sender, value);
}

/** @throws NOT_A_DEALER */
export function requireDealer(state: TaskState, sender: string): void {
  if (state.dealers.has(sender)) return;
  throw new DomainError(
    'NOT_A_DEALER',
    `expected a member whose sealed shares were accepted, got ${sender}`,
    'forbidden',
  );
}

/** @throws NOT_A_DECRYPTOR */
export function requireDecryptor(state: TaskState, sender: string): void {
  if (state.decryptors.has(sender)) return;
  throw new DomainError(
    'NOT_A_DECRYPTOR',
    `expected a decryptor that took part in the share test, got ${sender}`,
    'forbidden',
  );
}

export function requireSame(code: string, expected: readonly string[], got: readonly string[]): void {
  if (expected.length !== got.length || expected.some((item, i) => item !== got[i])) {
    throw refuse(code, `expected [${listed(expected)}], got [${listed(got)}]`);
  }
}

const SHOWN = 20;
const listed = (names: readonly string[]): string =>
  names.length <= SHOWN
    ? names.join(', ')
    : `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more`;
