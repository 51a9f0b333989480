import { Args, ID, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import type { ForecastProductRow } from './product.entities.ts';
import { ProductsService, type ProductView } from './products.service.ts';
import { ForecastProductType } from './products.types.ts';
import type { ModelRetrainingRow } from './retraining.entity.ts';
import { RetrainingService } from './retraining.service.ts';
import { RetrainingType, SetRetrainingInput } from './retraining.types.ts';

@Resolver(() => ForecastProductType)
export class RetrainingResolver {
  constructor(
    private readonly retraining: RetrainingService,
    private readonly products: ProductsService,
  ) {}

  @ResolveField(() => RetrainingType, {
    nullable: true,
    description: 'Told to who runs the product.',
    name: 'retraining',
  })
  schedule(
    @CurrentPrincipal() principal: Principal,
    @Parent() { id }: ForecastProductRow,
  ): Promise<ModelRetrainingRow | null> {
    return this.retraining.find(principal, id);
  }

  @Mutation(() => ForecastProductType, {
    description: 'By who runs the product: when its model is trained again; without input never.',
  })
  async setRetraining(
    @CurrentPrincipal() principal: Principal,
    @Args('productId', { type: () => ID }) productId: string,
    @Args('input', { type: () => SetRetrainingInput, nullable: true }) input: SetRetrainingInput | null,
  ): Promise<ProductView> {
    await this.retraining.set(principal, productId, input);
    return this.products.find(principal, productId);
  }
}
