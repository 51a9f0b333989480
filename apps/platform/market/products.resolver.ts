import { Query, Resolver } from '@nestjs/graphql';
import { PRODUCTS, SLOT_MINUTES } from '#market';
import { MarketProductType } from './products.types.ts';

/** What sessions may trade. */
@Resolver(() => MarketProductType)
export class ProductsResolver {
  @Query(() => [MarketProductType], { description: 'Every product, what its unit means and settles it.' })
  marketProducts(): MarketProductType[] {
    return Object.values(PRODUCTS).map((product) => ({ ...product, resolutionsMinutes: SLOT_MINUTES }));
  }
}
