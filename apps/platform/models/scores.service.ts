import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, In, IsNull, Not, type SelectQueryBuilder } from 'typeorm';
import { type Clock, DomainError } from '#core';
import { Database } from '#persistence';
import { type Connection, connectionOf, decodeCursor, pageSize } from '../pipeline/connection.ts';
import type { Principal } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { ModelVersionRow } from './model-version.entity.ts';
import { ModelDayScoreRow, ModelScoreRow } from './product.entities.ts';
import { holdProduct, requireProductRow, standing } from './product-store.ts';
import type {
  ModelDayScoresArgs,
  ReportForecastScoresInput,
  ReportForecastScoresPayload,
} from './products.types.ts';
import { requireOpen, requireScores, reportWindow } from './score-report.ts';
import { contenders } from './standing.ts';

/** What participants choose to report of their own forecasts' errors, and the community's figures of them. */
@Injectable()
export class ScoresService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Keeps a participant's scores of a day; the same again change nothing.
   * @throws PARTICIPANT_REQUIRED, PRODUCT_UNKNOWN, DATE_MALFORMED, SCORE_…, MODEL_NOT_JUDGED
   */
  async report(
    principal: Principal,
    { productId, day, scores }: ReportForecastScoresInput,
  ): Promise<ReportForecastScoresPayload> {
    if (principal.kind !== 'participant') {
      throw new DomainError(
        'PARTICIPANT_REQUIRED',
        'expected the signed request of a participant, got a member',
        'forbidden',
      );
    }
    const { organisationId: tenantId, id: participantId } = principal;
    return this.database.asTenant(tenantId, async (manager) => {
      const product = await holdProduct(manager, productId);
      // Read once nobody judges: a day that was closed meanwhile takes no report.
      const nowMs = this.clock.nowMs();
      const window = reportWindow(product.zone, day);
      requireOpen(window, nowMs);
      requireScores(scores, await judged(manager, productId), window);
      const known = await manager.findBy(ModelScoreRow, { tenantId, productId, participantId, day });
      const news = scores.filter((score) => !isKnown(score, known));
      const owner = { tenantId, productId, participantId, day };
      const times = { closesAt: new Date(window.closesMs), receivedAt: new Date(nowMs) };
      if (news.length > 0)
        await manager.insert(
          ModelScoreRow,
          news.map(({ modelHash, mase, coverage, pinball = null }) => ({
            ...owner,
            modelHash,
            mase,
            coverage,
            pinball,
            ...times,
          })),
        );
      return { accepted: news.length, unchanged: scores.length - news.length };
    });
  }

  /** Of the newest day on which a model has a figure; null for none that the reader may see. */
  latest({ organisationId }: Principal, modelHash: string): Promise<ModelDayScoreRow | null> {
    return this.database.asTenant(organisationId, (manager) =>
      manager.findOne(ModelDayScoreRow, {
        where: { modelHash, mase: Not(IsNull()) },
        order: { day: 'DESC', productId: 'ASC' },
      }),
    );
  }

  /** Newest day first. @throws PRODUCT_UNKNOWN, PAGE_SIZE_INVALID, CURSOR_MALFORMED */
  async figures(
    principal: Principal,
    { productId, modelHash, first, after }: ModelDayScoresArgs,
  ): Promise<Connection<ModelDayScoreRow>> {
    const before = requireDayCursor(decodeCursor(after, 2));
    const rows = await this.database.asTenant(principal.organisationId, async (manager) => {
      const { id } = await requireProductRow(manager, productId);
      const query = manager
        .createQueryBuilder(ModelDayScoreRow, 'score')
        .where('score.productId = :id', { id })
        .orderBy('score.day', 'DESC')
        .addOrderBy('score.modelHash', 'DESC')
        .limit(pageSize(first) + 1);
      return continued(query, modelHash, before).getMany();
    });
    return connectionOf(rows, first, (row) => [row.day, row.modelHash]);
  }
}

/** Models of the product that the reporter may see: others it cannot have. */
async function judged(manager: EntityManager, productId: string): Promise<ModelVersionRow[]> {
  const models = contenders(await standing(manager, productId));
  return manager.findBy(ModelVersionRow, { taskId: In(models.map(({ taskId }) => taskId)) });
}

function continued(
  query: SelectQueryBuilder<ModelDayScoreRow>,
  modelHash: string | null | undefined,
  before: readonly string[] | undefined,
): SelectQueryBuilder<ModelDayScoreRow> {
  if (modelHash !== null && modelHash !== undefined)
    query.andWhere('score.modelHash = :modelHash', { modelHash });
  if (before) {
    const [day, hash] = before;
    query.andWhere('(score.day, score.modelHash) < (CAST(:day AS date), :hash)', { day, hash });
  }
  return query;
}

/** @throws CURSOR_MALFORMED */
function requireDayCursor(keys: readonly string[] | undefined): readonly string[] | undefined {
  const [day = '', hash = ''] = keys ?? [];
  if (
    keys &&
    (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day)) || !/^[0-9a-f]{64}$/.test(hash))
  )
    throw new DomainError('CURSOR_MALFORMED', 'expected a cursor of this list, got something else');
  return keys;
}

/** @throws SCORE_CONFLICT where the participant said something else of the model and day */
function isKnown(
  { modelHash, mase, coverage, pinball = null }: ReportForecastScoresInput['scores'][number],
  known: readonly ModelScoreRow[],
): boolean {
  const before = known.find((row) => row.modelHash === modelHash);
  if (!before) return false;
  if (before.mase === mase && before.coverage === coverage && before.pinball === pinball) return true;
  throw new DomainError(
    'SCORE_CONFLICT',
    'expected the score that this participant reported before, got another',
    'conflict',
  );
}
