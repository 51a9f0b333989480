import { Query, Resolver } from '@nestjs/graphql';
import {
  blockOrders,
  clearsSessions,
  type Mechanism,
  MECHANISMS,
  type SessionMechanism,
  sessionNeeds,
} from '#market';
import { MarketMechanismType } from './mechanisms.types.ts';

/** The property table of all mechanisms, as their property tests check it. */
@Resolver(() => MarketMechanismType)
export class MechanismsResolver {
  @Query(() => [MarketMechanismType], {
    description: 'Every mechanism that clears a book of orders or a day of blocks, with what it promises.',
  })
  mechanisms(): MarketMechanismType[] {
    return [...MECHANISMS, blockOrders].map(toType);
  }
}

type Described = SessionMechanism & Pick<Mechanism, 'title' | 'source'>;

function toType(mechanism: Described): MarketMechanismType {
  const { name, title, source, properties, traders } = mechanism;
  const { incentiveCompatible, ...others } = properties;
  const truthful: MarketMechanismType['truthful'] =
    incentiveCompatible === 'prices' ? 'prices' : incentiveCompatible ? 'yes' : 'no';
  return {
    name,
    title,
    source,
    ...others,
    truthful,
    traders: traders === 'one-order' ? 'oneOrder' : traders,
    clearsSessions: clearsSessions(mechanism),
    sessionNeeds: sessionNeeds(mechanism),
  };
}
