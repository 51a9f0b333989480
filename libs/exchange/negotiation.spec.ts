import { describe, expect, it } from '@jest/globals';
import { isNegotiationOver, negotiationAfter, transferAfter } from './index.ts';

describe('negotiation and transfer', () => {
  it('go from the first request over a counter-offer of each side to an agreement that both have confirmed', () => {
    const states = [
      negotiationAfter('INIT', 'ContractRequestMessage', 'consumer'),
      negotiationAfter('REQUESTED', 'ContractOfferMessage', 'provider'),
      negotiationAfter('OFFERED', 'ContractRequestMessage', 'consumer'),
      negotiationAfter('REQUESTED', 'ContractOfferMessage', 'provider'),
      negotiationAfter('OFFERED', 'ContractNegotiationEventMessage:ACCEPTED', 'consumer'),
      negotiationAfter('ACCEPTED', 'ContractAgreementMessage', 'provider'),
      negotiationAfter('AGREED', 'ContractAgreementVerificationMessage', 'consumer'),
      negotiationAfter('VERIFIED', 'ContractNegotiationEventMessage:FINALIZED', 'provider'),
    ];
    expect(states.map(isNegotiationOver)).toEqual([...Array.from({ length: 7 }, () => false), true]);
  });

  it('say which message of whom a state does not admit', () => {
    expect(() => negotiationAfter('FINALIZED', 'ContractNegotiationTerminationMessage', 'provider')).toThrow(
      'expected of the provider in state FINALIZED nothing more, got ContractNegotiationTerminationMessage, which leads to TERMINATED',
    );
    // A repeated request is one process by its consumerPid; a second REQUESTED of the same process is none of the protocol's.
    expect(() => transferAfter('REQUESTED', 'TransferRequestMessage', 'consumer')).toThrow('state REQUESTED');
  });
});
