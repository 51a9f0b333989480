import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, In, IsNull, Not } from 'typeorm';
import type { Clock } from '#core';
import { pageHinkley, promotionLook } from '#forecasting';
import { Database } from '#persistence';
import { CLOCK } from '../platform.tokens.ts';
import { type ClosedScore, closeDay } from './day-close.ts';
import {
  type ForecastProductRow,
  ModelDayScoreRow,
  ModelDecisionRow,
  ModelScoreRow,
} from './product.entities.ts';
import { decide, holdProduct, standing } from './product-store.ts';
import { horizonDays } from './product.ts';
import type { Contender, Standing } from './standing.ts';

/** Of each product the first day after those that were judged whose reports are in: no report of an earlier one is taken any more. */
const DUE_DAYS = `SELECT p.id AS "productId", due.day::text AS day FROM forecast_product p CROSS JOIN LATERAL (
  SELECT min(s.day) AS day FROM model_score s WHERE s.product_id = p.id AND s.closes_at <= $1 AND s.day > coalesce(
    (SELECT max(d.day) FROM model_day_score d WHERE d.product_id = p.id), '-infinity'::date)) due
  WHERE due.day IS NOT NULL`;

interface DueDay {
  readonly productId: string;
  readonly day: string;
}

/** Judges the days of products, each once: its figures, whether the champion drifts, whether a challenger is better. */
@Injectable()
export class JudgingService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Products with a day whose reports are in and that has not been judged. */
  async unfinished(): Promise<string[]> {
    const due = await this.database.asSystem((manager) => this.#dueDays(manager));
    return due.map(({ productId }) => productId);
  }

  /** Judges a product's due days in order, each in one transaction with its decisions; again it changes nothing. */
  async judge(productId: string): Promise<void> {
    while (await this.database.asSystem((manager) => this.#judgeNext(manager, productId))) {
      // Each day may change the standing that the next is judged by.
    }
  }

  async #judgeNext(manager: EntityManager, productId: string): Promise<boolean> {
    const product = await holdProduct(manager, productId);
    const due = await this.#dueDays(manager);
    const day = due.find((next) => next.productId === productId)?.day;
    if (day === undefined) return false;
    const nowMs = this.clock.nowMs();
    const current = await standing(manager, productId);
    const closed = await close(manager, { productId, day }, current, nowMs);
    const judged = { manager, product, day, nowMs };
    await watchChampion(judged, current.champion, closed);
    await lookAtChallengers(judged, current, closed);
    return true;
  }

  #dueDays(manager: EntityManager): Promise<DueDay[]> {
    return manager.query<DueDay[]>(DUE_DAYS, [new Date(this.clock.nowMs())]);
  }
}

interface Judged {
  readonly manager: EntityManager;
  readonly product: ForecastProductRow;
  readonly day: string;
  readonly nowMs: number;
}

async function close(
  manager: EntityManager,
  { productId, day }: DueDay,
  { champion }: Standing,
  nowMs: number,
): Promise<ClosedScore[]> {
  const reports = await manager.findBy(ModelScoreRow, { productId, day });
  const closed = closeDay(
    reports.map(({ tenantId: organisation, modelHash, mase, coverage, pinball }) => ({
      organisation,
      modelHash,
      mase,
      coverage,
      pinball,
    })),
    champion?.modelHash ?? null,
    await toldElsewhere(manager, { productId, day }, [...new Set(reports.map(({ modelHash }) => modelHash))]),
  );
  const closedAt = new Date(nowMs);
  await manager.insert(
    ModelDayScoreRow,
    closed.map((score) => ({ productId, day, closedAt, ...score })),
  );
  return closed;
}

/** Sites say the same of a model whatever the product: figures of it must not differ by a few of them. */
async function toldElsewhere(
  manager: EntityManager,
  { productId, day }: DueDay,
  modelHashes: readonly string[],
): Promise<ModelDayScoreRow[]> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`model_day_score ${day}`]);
  const told = { productId: Not(productId), day, mase: Not(IsNull()) };
  const models = In([...modelHashes]);
  return manager.findBy(ModelDayScoreRow, [
    { ...told, modelHash: models },
    { ...told, againstHash: models },
  ]);
}

/** Whether the champion's errors, since they last drifted, have risen. */
async function watchChampion(
  { manager, product, day, nowMs }: Judged,
  champion: Contender | null,
  closed: readonly ClosedScore[],
): Promise<void> {
  if (!champion || !closed.some(({ modelHash, mase }) => modelHash === champion.modelHash && mase !== null))
    return;
  const { taskId: modelTaskId, modelHash } = champion;
  const last = await manager.findOne(ModelDecisionRow, {
    where: { productId: product.id, kind: 'DRIFT_DETECTED', modelHash },
    order: { sequence: 'DESC' },
  });
  const figures = await manager.find(ModelDayScoreRow, {
    where: { productId: product.id, modelHash, mase: Not(IsNull()) },
    order: { day: 'ASC' },
  });
  const errors = figures
    .filter((figure) => last?.day == null || figure.day > last.day)
    .map(({ typicalMase, mase }) => typicalMase ?? mase!);
  const { drifted, ...state } = pageHinkley(errors, product.drift);
  if (!drifted) return;
  const statistics = { ...state, ...product.drift };
  await decide(manager, product, { kind: 'DRIFT_DETECTED', modelTaskId, modelHash, day, statistics }, nowMs);
}

/** A look at each challenger that has a new paired day; the first that is better takes the champion's place. */
async function lookAtChallengers(
  { manager, product, day, nowMs }: Judged,
  { champion, challengers }: Standing,
  closed: readonly ClosedScore[],
): Promise<void> {
  if (!champion) return;
  for (const { taskId: modelTaskId, modelHash } of challengers) {
    const paired = closed.some((score) => score.modelHash === modelHash && score.lossDifference !== null);
    const look = paired
      ? promotionLook(
          await differences(manager, product.id, [modelHash, champion.modelHash]),
          product.promotion,
          horizonDays(product),
        )
      : null;
    if (!look) continue;
    const { promote, ...statistics } = look;
    const kind = promote ? 'CHAMPION_REPLACED' : 'CHAMPION_KEPT';
    const decision = { kind, modelTaskId, modelHash, otherTaskId: champion.taskId, day, statistics } as const;
    await decide(manager, product, decision, nowMs);
    if (promote) return;
  }
}

/** Challenger − champion by paired day, in order. */
async function differences(
  manager: EntityManager,
  productId: string,
  [modelHash, againstHash]: readonly [string, string],
): Promise<number[]> {
  const rows = await manager.find(ModelDayScoreRow, {
    where: { productId, modelHash, againstHash, lossDifference: Not(IsNull()) },
    order: { day: 'ASC' },
  });
  return rows.map(({ lossDifference }) => lossDifference!);
}
