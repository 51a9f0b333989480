import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.ts';
import { HealthResolver } from './health.resolver.ts';
import { HealthService } from './health.service.ts';

@Module({ controllers: [HealthController], providers: [HealthResolver, HealthService] })
export class HealthModule {}
