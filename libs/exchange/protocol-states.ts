import { DomainError } from '#core';

/** Who sends a message: the side that wants to read, or the side that has the data. */
export type Party = 'consumer' | 'provider';

/** One arrow of a state machine of the protocol, and who may go it. */
export type Transition<State extends string> = readonly [from: State, to: State, by: readonly Party[]];

export const BOTH: readonly Party[] = ['consumer', 'provider'];
export const CONSUMER: readonly Party[] = ['consumer'];
export const PROVIDER: readonly Party[] = ['provider'];

/** A message as a party sends it about a process in a state. */
export interface Sent<State extends string> {
  readonly state: State;
  /** The protocol's name of it. */
  readonly message: string;
  /** Where it leads. */
  readonly to: State;
  readonly by: Party;
}

/** The state a message leads to. @throws TRANSITION_REFUSED for whatever the table does not list */
export function follow<State extends string>(
  table: readonly Transition<State>[],
  { state, message, to, by }: Sent<State>,
): State {
  if (table.some(([from, next, parties]) => from === state && next === to && parties.includes(by))) return to;
  const admitted = table.flatMap(([from, next, parties]) =>
    from === state && parties.includes(by) ? [next] : [],
  );
  throw new DomainError(
    'TRANSITION_REFUSED',
    `expected of the ${by} in state ${state} ${admitted.length === 0 ? 'nothing more' : `what leads to ${admitted.join(' or ')}`}, got ${message}, which leads to ${to}`,
    'conflict',
    { state, message, by },
  );
}
