import { Query, Resolver } from '@nestjs/graphql';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { type Health, HealthService } from './health.service.ts';
import { PlatformHealthType } from './health.types.ts';

@Resolver()
export class HealthResolver {
  constructor(private readonly service: HealthService) {}

  @Query(() => PlatformHealthType, { description: 'Role operator.' })
  platformHealth(@CurrentPrincipal() principal: Principal): Promise<Health> {
    return this.service.health(principal);
  }
}
