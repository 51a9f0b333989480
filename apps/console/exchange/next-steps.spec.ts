import { describe, expect, it } from '@jest/globals';
import { isNegotiationOver, NEGOTIATION_MESSAGES, NEGOTIATION_STATES, negotiationAfter } from '#exchange';
import { type Party, type Step, stageOf, stepsOf, turnOf } from './next-steps.ts';

const MESSAGES: Readonly<Record<Party, Readonly<Record<Step, keyof typeof NEGOTIATION_MESSAGES>>>> = {
  consumer: steps('ContractRequestMessage'),
  provider: steps('ContractOfferMessage'),
};
function steps(counter: keyof typeof NEGOTIATION_MESSAGES) {
  return {
    accept: 'ContractNegotiationEventMessage:ACCEPTED',
    agree: 'ContractAgreementMessage',
    verify: 'ContractAgreementVerificationMessage',
    finalise: 'ContractNegotiationEventMessage:FINALIZED',
    counter,
    terminate: 'ContractNegotiationTerminationMessage',
  } as const;
}
const states = NEGOTIATION_STATES.filter((state) => state !== 'INIT');

describe('the steps that the page offers', () => {
  it.each(states)('are exactly those that the protocol admits in %s', (state) => {
    for (const party of ['consumer', 'provider'] as const) {
      const admitted = (Object.keys(MESSAGES[party]) as Step[]).filter((step) => {
        try {
          negotiationAfter(state, MESSAGES[party][step], party);
          return true;
        } catch {
          return false;
        }
      });
      expect(stepsOf(state, party).toSorted()).toEqual(admitted.toSorted());
    }
  });

  it.each(states)('leave nobody waiting for a turn that never comes in %s', (state) => {
    expect(turnOf(state) === null).toBe(isNegotiationOver(state));
    expect(stageOf(state) === null).toBe(state === 'TERMINATED');
  });
});
