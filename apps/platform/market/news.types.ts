import { Field, ObjectType } from '@nestjs/graphql';
import { MarketSessionType } from './market.types.ts';
import { MarketTradeType } from './results.types.ts';
import { MarketRunType } from './runs.types.ts';

@ObjectType('MarketSessionChange', {
  description: 'A session as it is now: what it was between two looks, twice a second, is not told.',
})
export class MarketSessionChangeType {
  @Field(() => String, { description: 'Continue after it: what has changed since is told at once.' })
  cursor!: string;
  @Field(() => MarketSessionType) session!: MarketSessionType;
  @Field(() => MarketRunType, {
    nullable: true,
    description: 'The newest; null before the session is cleared.',
  })
  run!: MarketRunType | null;
}

@ObjectType('MarketTradeFound')
export class MarketTradeFoundType {
  @Field(() => String, { description: 'Continue after it and miss nothing.' }) cursor!: string;
  @Field(() => MarketTradeType) node!: MarketTradeType;
}
