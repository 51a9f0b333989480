import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Clock, DomainError, localDay, requireZone } from '#core';
import { Database } from '#persistence';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { ForecastGate } from './forecast-gate.entity.ts';
import { type GateRule, requireAhead, requireGateRule } from './forecast-gate.ts';
import { holdPublication } from './publication-lock.ts';
import type { SetForecastGateInput } from './gates.types.ts';

/** Every publication reads them all. */
const MAX_RULES = 200;

@Injectable()
export class GatesService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws FORECAST_GATE_* as requireGateRule and requireAhead say, FORECAST_GATE_LIMIT, DATE_MALFORMED, ZONE_UNKNOWN */
  async set(principal: Principal, input: SetForecastGateInput): Promise<ForecastGate> {
    requireRole(principal, 'operator');
    const { name, zone, daysBefore, closesAt, afterGate } = input;
    const validFromMs = startOfDate(zone, input.validFrom);
    const validToMs = input.validTo ? startOfDate(zone, input.validTo) : null;
    const rule: GateRule = { name, zone, daysBefore, closesAt, afterGate, validFromMs, validToMs };
    requireGateRule(rule);
    return this.database.asTenant(principal.organisationId, async (manager) => {
      // Whoever publishes now has finished: nothing arrives by the rules of before.
      await holdPublication(manager, 'exclusive');
      const nowMs = this.clock.nowMs();
      const rules = await gateRules(manager);
      if (rules.length >= MAX_RULES) {
        throw new DomainError(
          'FORECAST_GATE_LIMIT',
          `expected at most ${MAX_RULES} rules, got more`,
          'limit',
        );
      }
      requireAhead(rule, rules, nowMs);
      const row = manager.create(ForecastGate, {
        id: randomUUID(),
        tenantId: principal.organisationId,
        name,
        zone,
        daysBefore,
        closesAt,
        afterGate,
        validFrom: new Date(validFromMs),
        validTo: validToMs === null ? null : new Date(validToMs),
        createdAt: new Date(nowMs),
      });
      await manager.insert(ForecastGate, row);
      return row;
    });
  }

  async list(principal: Principal): Promise<ForecastGate[]> {
    return this.database.asTenant(principal.organisationId, (manager) =>
      manager.find(ForecastGate, { order: { name: 'ASC', validFrom: 'ASC' } }),
    );
  }
}

export async function gateRules(manager: EntityManager): Promise<GateRule[]> {
  const rows = await manager.find(ForecastGate);
  return rows.map(({ validFrom, validTo, ...rule }) => ({
    ...rule,
    validFromMs: validFrom.getTime(),
    validToMs: validTo === null ? null : validTo.getTime(),
  }));
}

/** First instant of a local day. @throws ZONE_UNKNOWN, DATE_MALFORMED */
export function startOfDate(zone: string, date: string): number {
  requireZone(zone);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) {
    throw new DomainError(
      'DATE_MALFORMED',
      `expected a date YYYY-MM-DD, got ${JSON.stringify(date.slice(0, 40))}`,
    );
  }
  return localDay(zone, date).startMs;
}
