import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { type Connection, connectionType } from '../pipeline/connection.ts';
import { InstantScalar } from '../pipeline/scalars.ts';
import type { MarketLot } from './lots.entities.ts';
import { SESSION_PHASES } from './phases.ts';

export const MarketPhaseEnum = Object.fromEntries(SESSION_PHASES.map((phase) => [phase, phase]));
registerEnumType(MarketPhaseEnum, {
  name: 'MarketPhase',
  description: 'COMMIT takes commitments of lots, BID orders, REVEAL the nonces behind the commitments.',
});

@ObjectType('MarketLot', { description: 'A participant’s part in the lots of a session.' })
export class MarketLotType {
  @Field(() => ID) participantId!: string;
  @Field(() => String, {
    description: 'SHA-256 over the canonical JSON [context, session, participant, nonce].',
  })
  commitment!: string;
  @Field(() => String, {
    description:
      "Ed25519 over the canonical JSON {commitment, participant, session} in context 'gridcommons/lot/1'.",
  })
  signature!: string;
  @Field(() => String, { nullable: true, description: 'Null until revealed, and for ever if withheld.' })
  nonce!: string | null;
}
const MarketLotConnection = connectionType(MarketLotType, 'MarketLot');

@ObjectType('SessionLots', {
  description:
    'What the lots of a session are drawn from. The seed of a slot is SHA-256 over the canonical JSON [context, session, start, end, [[participant, nonce], …]] in the order of participants, in context ‘gridcommons/lot-seed/1’, of all revealed nonces and of `market`’s.',
})
export class SessionLotsType {
  @Field(() => String, { description: 'The market’s own commitment, as participant `market`.' })
  marketCommitment!: string;
  @Field(() => String, { nullable: true, description: 'Once cleared.' }) marketNonce!: string | null;
  @Field(() => InstantScalar, { nullable: true, description: 'Until when nonces are taken.' })
  revealUntil!: Date | null;
  @Field(() => Int) committed!: number;
  @Field(() => Int) revealed!: number;
  @Field(() => String, {
    nullable: true,
    description:
      'Once bids are open: SHA-256 over the canonical JSON [‘gridcommons/lot-set/1’, session, [[participant, commitment], …]] in the order of participants. Keep it: the commitments shown once cleared must still have it.',
  })
  commitmentsHash!: string | null;
  @Field(() => MarketLotConnection, {
    description: 'Of the own organisation’s participants; once cleared, everybody’s.',
  })
  lots!: Connection<MarketLot>;
}
