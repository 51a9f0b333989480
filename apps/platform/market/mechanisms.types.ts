import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  type Efficiency,
  type Mechanism,
  type MechanismProperties,
  SESSION_NEEDS,
  type SessionNeed,
} from '#market';

const BudgetBalanceEnum = { strong: 'strong', weak: 'weak', deficit: 'deficit' } as const satisfies {
  [B in MechanismProperties['budgetBalance']]: B;
};
registerEnumType(BudgetBalanceEnum, {
  name: 'BudgetBalance',
  description:
    'strong: buyers pay what sellers receive; weak: a surplus may stay with the market; deficit: the market may have to pay in.',
});

const TruthfulEnum = { yes: 'yes', prices: 'prices', no: 'no' } as const;
registerEnumType(TruthfulEnum, {
  name: 'Truthful',
  description: 'Whether the truth is a dominant strategy: of price and quantity, of price alone, or not.',
});
export type Truthful = keyof typeof TruthfulEnum;

const TradersEnum = { any: 'any', oneOrder: 'oneOrder', unit: 'unit' } as const;
registerEnumType(TradersEnum, {
  name: 'MechanismTraders',
  description: 'any: any orders; oneOrder: one order a member; unit: one order a member, all of one size.',
});
export type Traders = keyof typeof TradersEnum;

const SessionNeedEnum = Object.fromEntries(SESSION_NEEDS.map((need) => [need, need]));
registerEnumType(SessionNeedEnum, {
  name: 'SessionNeed',
  description:
    'lots: participants commit before bids open and reveal after the gate; deficitCap: the session says deficitCapMinor; oneOrder: of a participant in a slot; unit: the session says unitWh, the size of every order.',
});

@ObjectType('MarketMechanism', {
  description: 'How a book of orders can be cleared, and what that promises.',
})
export class MarketMechanismType implements Pick<Mechanism, 'name' | 'title' | 'source'> {
  @Field(() => ID) name!: string;
  @Field(() => String) title!: string;
  @Field(() => String) source!: string;
  @Field(() => Boolean, { description: 'Nobody who bids its true limit loses by taking part.' })
  individuallyRational!: boolean;
  @Field(() => TruthfulEnum) truthful!: Truthful;
  @Field(() => BudgetBalanceEnum) budgetBalance!: MechanismProperties['budgetBalance'];
  @Field(() => String, {
    description:
      'Welfare on reported limits: best, best-but-least-trade, best-but-one-trade, best-but-marginal-orders, asymptotic, best-under-rule or none.',
  })
  efficiency!: Efficiency;
  @Field(() => TradersEnum) traders!: Traders;
  @Field(() => Boolean, { description: 'Whether a trading session can clear by it.' })
  clearsSessions!: boolean;
  @Field(() => [SessionNeedEnum], { description: 'What such a session needs.' })
  sessionNeeds!: readonly SessionNeed[];
}
