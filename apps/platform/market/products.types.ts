import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { type Direction, type Product, PRODUCT_KINDS, type ProductKind } from '#market';

export const ProductEnum = Object.fromEntries(PRODUCT_KINDS.map((kind) => [kind, kind]));
registerEnumType(ProductEnum, { name: 'MarketProduct', description: 'What a session trades.' });

export const DirectionEnum = { up: 'up', down: 'down' } as const satisfies Record<Direction, Direction>;
registerEnumType(DirectionEnum, {
  name: 'FlexibilityDirection',
  description: 'up: less net import than the baseline, as if generated; down: more.',
});

@ObjectType('MarketProductTerms', { description: 'What one unit of a product is and what it is settled on.' })
export class MarketProductType implements Product {
  @Field(() => ProductEnum) kind!: ProductKind;
  @Field(() => String, { description: 'What one Wh of an order’s quantity stands for.' }) unit!: string;
  @Field(() => String) settledOn!: string;
  @Field(() => [Int], { description: 'Lengths of slots in minutes; 1440 is the whole local day.' })
  resolutionsMinutes!: readonly number[];
}
