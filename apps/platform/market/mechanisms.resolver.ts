import { Query, Resolver } from '@nestjs/graphql';
import { blockOrders, clearsSessions, type Mechanism, MECHANISMS, sessionNeeds } from '#market';
import { MarketMechanismType } from './mechanisms.types.ts';

/** The property table of all mechanisms, as their property tests check it. */
@Resolver(() => MarketMechanismType)
export class MechanismsResolver {
  @Query(() => [MarketMechanismType], {
    description: 'Every mechanism that clears a book of orders or a day of blocks, with what it promises.',
  })
  mechanisms(): MarketMechanismType[] {
    return [
      ...MECHANISMS.map((each) => ({
        ...toType(each),
        clearsSessions: clearsSessions(each),
        sessionNeeds: sessionNeeds(each),
      })),
      { ...toType(blockOrders), clearsSessions: false, sessionNeeds: [] },
    ];
  }
}

type Described = Pick<Mechanism, 'name' | 'title' | 'source' | 'properties' | 'traders'>;

function toType({ name, title, source, properties, traders }: Described) {
  const { incentiveCompatible, ...others } = properties;
  const truthful: MarketMechanismType['truthful'] =
    incentiveCompatible === 'prices' ? 'prices' : incentiveCompatible ? 'yes' : 'no';
  return {
    name,
    title,
    source,
    ...others,
    truthful,
    traders: traders === 'one-order' ? ('oneOrder' as const) : traders,
  };
}
