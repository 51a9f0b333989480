import { expect, it } from '@jest/globals';
import { exchangeCases } from '../../test/harness/published-cases.ts';
import {
  isNegotiationOver,
  isTransferOver,
  NEGOTIATION_MESSAGES,
  NEGOTIATION_STATES,
  negotiationAfter,
  type Party,
  TRANSFER_MESSAGES,
  TRANSFER_STATES,
  transferAfter,
} from './index.ts';

type Arrow = readonly [from: string, to: string, by: string];

interface StateMachines {
  readonly negotiation: readonly Arrow[];
  readonly negotiation_terminal: readonly string[];
  readonly transfer: readonly Arrow[];
  readonly transfer_terminal: readonly string[];
  readonly must_refuse_examples_by_us: readonly Arrow[];
}

const PARTIES = { C: 'consumer', P: 'provider' } as const satisfies Record<string, Party>;

const keysOf = <K extends string>(record: Readonly<Record<K, unknown>>): readonly K[] =>
  Object.keys(record) as K[];

/** What a machine does with each message of either party in each state: the arrows it follows, none for what it refuses. */
function arrowsOf<State extends string, Message extends string>(
  states: readonly State[],
  messages: readonly Message[],
  after: (state: State, message: Message, by: Party) => State,
): string[] {
  return states.flatMap((state) =>
    messages.flatMap((message) =>
      keysOf(PARTIES).flatMap((letter) => {
        try {
          return [[state, after(state, message, PARTIES[letter]), letter].join(' ')];
        } catch (error) {
          expect(error).toMatchObject({ code: 'TRANSITION_REFUSED', data: { state, message } });
          return [];
        }
      }),
    ),
  );
}

const negotiationArrows = () => arrowsOf(NEGOTIATION_STATES, keysOf(NEGOTIATION_MESSAGES), negotiationAfter);
const transferArrows = () => arrowsOf(TRANSFER_STATES, keysOf(TRANSFER_MESSAGES), transferAfter);

const published = (arrows: readonly Arrow[]): string[] =>
  arrows.flatMap(([from, to, by]) => by.split('|').map((letter) => `${from} ${to} ${letter}`));

const read = (): StateMachines =>
  JSON.parse(exchangeCases.readCase('22_dataspace_protocol_state_machines.json')) as StateMachines;

exchangeCases.published('published state machines of the Dataspace Protocol 2025-1', () => {
  it('22 negotiation: every state, message and actor goes where the diagram goes, and nowhere else', () => {
    expect(negotiationArrows().toSorted()).toEqual(published(read().negotiation).toSorted());
  });

  it('22 transfer: every state, message and actor goes where the diagram goes, and nowhere else', () => {
    expect(transferArrows().toSorted()).toEqual(published(read().transfer).toSorted());
  });

  it('22 terminal states never leave', () => {
    const { negotiation_terminal: ended, transfer_terminal: done } = read();
    expect(NEGOTIATION_STATES.filter(isNegotiationOver)).toEqual(ended);
    expect(TRANSFER_STATES.filter(isTransferOver)).toEqual(done);
  });

  it('22 what must be refused is refused', () => {
    const followed = new Set([...negotiationArrows(), ...transferArrows()]);
    const wrong = published(read().must_refuse_examples_by_us);
    expect(wrong.filter((arrow) => followed.has(arrow))).toEqual([]);
  });
});
