import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Connection, PageArgs } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import type { ForecastProductRow, ModelDecisionRow } from './product.entities.ts';
import { requireResolution, resolutionOf } from './product.ts';
import { ProductsService, type ProductView } from './products.service.ts';
import {
  CreateForecastProductInput,
  ForecastProductConnection,
  ForecastProductType,
  ModelDecisionConnection,
  ProductPageArgs,
} from './products.types.ts';

@Resolver(() => ForecastProductType)
export class ProductsResolver {
  constructor(private readonly products: ProductsService) {}

  @Query(() => ForecastProductConnection, { description: "The community's forecast products, newest first." })
  forecastProducts(
    @CurrentPrincipal() principal: Principal,
    @Args() page: PageArgs,
  ): Promise<Connection<ProductView>> {
    return this.products.list(principal, page);
  }

  @Query(() => ForecastProductType)
  forecastProduct(
    @CurrentPrincipal() principal: Principal,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<ProductView> {
    return this.products.find(principal, id);
  }

  @Query(() => ModelDecisionConnection, {
    description: "A product's log, newest first; what concerns models that the reader may see.",
  })
  modelDecisions(
    @CurrentPrincipal() principal: Principal,
    @Args() { productId, ...page }: ProductPageArgs,
  ): Promise<Connection<ModelDecisionRow>> {
    return this.products.decisions(principal, productId, page);
  }

  @ResolveField(() => String)
  resolution(@Parent() { stepMinutes }: ForecastProductRow): string {
    return resolutionOf(stepMinutes);
  }

  @ResolveField(() => ID, { description: 'Who runs it.' })
  organisationId(@Parent() { tenantId }: ForecastProductRow): string {
    return tenantId;
  }

  @Mutation(() => ForecastProductType, { description: 'Roles: operator, market.' })
  createForecastProduct(
    @CurrentPrincipal() principal: Principal,
    @Args('input') { resolution, ...draft }: CreateForecastProductInput,
  ): Promise<ProductView> {
    const stepMinutes = requireResolution(resolution);
    return this.products.create(principal, { ...draft, stepMinutes });
  }

  @Mutation(() => ForecastProductType, {
    description: 'By who runs the product: from now on this model makes it.',
  })
  nameChampion(
    @CurrentPrincipal() principal: Principal,
    @Args('productId', { type: () => ID }) productId: string,
    @Args('modelHash', { type: () => String, description: 'Or the hash of its card.' }) hash: string,
  ): Promise<ProductView> {
    return this.products.nameChampion(principal, productId, hash);
  }

  @Mutation(() => ForecastProductType, {
    description:
      'By who runs the product: this model is judged beside the champion, and takes its place once better.',
  })
  addChallenger(
    @CurrentPrincipal() principal: Principal,
    @Args('productId', { type: () => ID }) productId: string,
    @Args('modelHash', { type: () => String, description: 'Or the hash of its card.' }) hash: string,
  ): Promise<ProductView> {
    return this.products.addChallenger(principal, productId, hash);
  }

  @Mutation(() => ForecastProductType, { description: 'By who runs the product.' })
  dropChallenger(
    @CurrentPrincipal() principal: Principal,
    @Args('productId', { type: () => ID }) productId: string,
    @Args('modelHash', { type: () => String, description: 'Or the hash of its card.' }) hash: string,
  ): Promise<ProductView> {
    return this.products.dropChallenger(principal, productId, hash);
  }
}
