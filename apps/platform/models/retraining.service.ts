import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Clock, DomainError, isoInstant } from '#core';
import { DAY_AHEAD_RIDGE } from '#forecasting';
import { Database } from '#persistence';
import { FederationService } from '../federation/federation.service.ts';
import type { CreateTaskInput } from '../federation/federation.types.ts';
import { requestedTerms } from '../federation/task-request.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { ForecastProductRow } from './product.entities.ts';
import { decide, holdProduct } from './product-store.ts';
import { requireServes } from './product.ts';
import { ModelRetrainingRow } from './retraining.entity.ts';
import {
  dueReason,
  type DueTerms,
  localMidnight,
  requireRetraining,
  rolledEpochs,
  type RolledEpochs,
} from './retraining.ts';
import type { SetRetrainingInput } from './retraining.types.ts';

/** End of the readings of a series that the owner's tasks have summed, or are to sum. */
const SUMMED_UNTIL = `SELECT max(until) AS until FROM (
  SELECT validation_end AS until FROM model_version WHERE tenant_id = $1 AND $2 = ANY(series)
  UNION ALL
  SELECT (d.statistics->>'validationEnd')::timestamptz FROM model_decision d JOIN forecast_product p ON p.id = d.product_id
    WHERE d.tenant_id = $1 AND p.series = $2 AND d.kind = 'RETRAINING_OPENED') summed`;

/** A drift after which no training was opened or refused. */
const PENDING_DRIFT = `SELECT EXISTS (SELECT FROM model_decision d WHERE d.product_id = $1 AND d.kind = 'DRIFT_DETECTED'
  AND NOT EXISTS (SELECT FROM model_decision r WHERE r.product_id = $1 AND r.sequence > d.sequence
    AND r.kind IN ('RETRAINING_OPENED', 'RETRAINING_REFUSED'))) AS pending`;

const LAST_OPENED = `SELECT max(decided_at) AS at FROM model_decision
  WHERE product_id = $1 AND kind = 'RETRAINING_OPENED'`;

interface Due {
  readonly product: ForecastProductRow;
  readonly schedule: ModelRetrainingRow;
  readonly reason: string;
  readonly epochs: RolledEpochs;
}

/** Trains the models of products again: when their time has come, or the champion has drifted. State is in the database alone. */
@Injectable()
export class RetrainingService {
  constructor(
    private readonly database: Database,
    private readonly federation: FederationService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Sets a product's schedule, null for none. @throws ROLE_MISSING, PRODUCT_…, RETRAINING_…, MODEL_UNFIT and of the model's terms */
  async set(
    principal: Principal,
    productId: string,
    input: SetRetrainingInput | null,
  ): Promise<ForecastProductRow> {
    requireRole(principal, 'operator', 'market');
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const product = await holdProduct(manager, productId);
      await manager.delete(ModelRetrainingRow, { productId });
      if (input) await manager.insert(ModelRetrainingRow, scheduleOf(product, input, this.clock.nowMs()));
      return product;
    });
  }

  /** To the product's owner; null to others. */
  async find(principal: Principal, productId: string): Promise<ModelRetrainingRow | null> {
    return this.database.asTenant(principal.organisationId, (manager) =>
      manager.findOneBy(ModelRetrainingRow, { productId }),
    );
  }

  /** Products whose training is due and has readings to be made of. */
  async unfinished(): Promise<string[]> {
    return this.database.asSystem(async (manager) => {
      const due: string[] = [];
      for (const { productId } of await manager.find(ModelRetrainingRow)) {
        if (await this.#due(manager, productId)) due.push(productId);
      }
      return due;
    });
  }

  /** Opens the task that is due, in one transaction with the decision that says so; again it changes nothing. */
  async retrain(productId: string): Promise<void> {
    await this.database.asSystem(async (manager) => {
      await holdProduct(manager, productId);
      const due = await this.#due(manager, productId);
      if (due) await this.#open(manager, due);
    });
  }

  async #due(manager: EntityManager, productId: string): Promise<Due | null> {
    const schedule = await manager.findOneBy(ModelRetrainingRow, { productId });
    if (!schedule) return null;
    const nowMs = this.clock.nowMs();
    const [drift] = await manager.query<{ pending: boolean }[]>(PENDING_DRIFT, [productId]);
    const product = await manager.findOneByOrFail(ForecastProductRow, { id: productId });
    const reason = dueReason(await dueTerms(manager, product, schedule), drift!.pending, nowMs);
    if (!reason) return null;
    const [summed] = await manager.query<{ until: Date | null }[]>(SUMMED_UNTIL, [
      product.tenantId,
      product.series,
    ]);
    const epochs = rolledEpochs(schedule, product.zone, nowMs, summed?.until?.getTime() ?? null);
    return epochs && { product, schedule, reason, epochs };
  }

  /** What cannot be opened is said once, and tried again at the next date or drift. */
  async #open(manager: EntityManager, { product, schedule, reason, epochs }: Due): Promise<void> {
    const { id: productId, tenantId, series, zone } = product;
    const nowMs = this.clock.nowMs();
    const input = { ...schedule.task, series: [series], zone, ...inputEpochs(epochs) } as CreateTaskInput;
    const statistics = { reason, ...instants(epochs) };
    try {
      const { id } = await this.federation.openTask(manager, tenantId, input);
      await decide(
        manager,
        product,
        { kind: 'RETRAINING_OPENED', modelTaskId: id, modelHash: null, statistics },
        nowMs,
      );
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
      const refused = { kind: 'RETRAINING_REFUSED', modelTaskId: null, modelHash: null } as const;
      await decide(manager, product, { ...refused, statistics: { ...statistics, code: error.code } }, nowMs);
    }
    await manager.update(ModelRetrainingRow, { productId }, { nextAt: nextDate(product, schedule, nowMs) });
  }
}

async function dueTerms(
  manager: EntityManager,
  { id, zone }: ForecastProductRow,
  { onDrift, nextAt, leastGapDays }: ModelRetrainingRow,
): Promise<DueTerms> {
  const [opened] = await manager.query<{ at: Date | null }[]>(LAST_OPENED, [id]);
  const lastMs = opened?.at?.getTime();
  return {
    onDrift,
    nextAtMs: nextAt?.getTime() ?? null,
    driftFromMs: lastMs === undefined ? null : localMidnight(zone, lastMs, leastGapDays),
  };
}

const inputEpochs = ({ train, validation }: RolledEpochs) => ({
  train: { start: train.startMs, end: train.endMs },
  validation: { start: validation.startMs, end: validation.endMs },
});

const instants = ({ train, validation }: RolledEpochs) => ({
  trainStart: isoInstant(train.startMs),
  trainEnd: isoInstant(train.endMs),
  validationEnd: isoInstant(validation.endMs),
});

const nextDate = (
  { zone }: Pick<ForecastProductRow, 'zone'>,
  { everyDays }: Pick<ModelRetrainingRow, 'everyDays'>,
  nowMs: number,
): Date | null => (everyDays === null ? null : new Date(localMidnight(zone, nowMs, everyDays)));

/** @throws RETRAINING_…, MODEL_UNFIT, MODEL_AMBIGUOUS, LEARNING_TERMS_INVALID, PRIVACY_MECHANISM_UNKNOWN */
function scheduleOf(
  product: ForecastProductRow,
  input: SetRetrainingInput,
  nowMs: number,
): ModelRetrainingRow {
  const { everyDays: every, onDrift, leastGapDays, trainDays, validationDays, lagDays, ...task } = input;
  const everyDays = every ?? null;
  const { ridge, network, privacy } = requestedTerms(task as CreateTaskInput);
  const mayOverlap = network !== undefined || privacy !== undefined;
  const terms = { everyDays, onDrift, leastGapDays, trainDays, validationDays, lagDays, mayOverlap };
  requireRetraining(terms);
  const { series, zone } = product;
  requireServes({ series: [series], zone, ...(network?.model ?? ridge ?? DAY_AHEAD_RIDGE) }, product);
  const { id: productId, tenantId } = product;
  return {
    productId,
    tenantId,
    ...terms,
    task: { ...task },
    nextAt: nextDate(product, { everyDays }, nowMs),
  };
}
