import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { type Clock, DomainError } from '#core';
import { groupsIn, type TaskState } from '#federation';
import { Database } from '#persistence';
import { BlobService } from '../blobs/blob.service.ts';
import { FederationEntry, FederationTask } from '../federation/federation.entities.ts';
import { TaskJournal } from '../federation/task-journal.ts';
import { addConditions, requireSequence, toDate } from '../forecasts/published-filter.ts';
import { type Connection, connectionOf, decodeCursor, pageSize } from '../pipeline/connection.ts';
import type { Principal } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { lastRelease, lineageOf, validationScores, type ValidationScores } from './lineage.ts';
import { ModelVersionRow } from './model-version.entity.ts';
import type { ModelsArgs } from './registry.types.ts';
import { enterRetrained } from './retrained.ts';

/** Records what released tasks gave, and shows it to whoever may see the task: row-level security is the check. */
@Injectable()
export class RegistryService {
  constructor(
    private readonly database: Database,
    private readonly journal: TaskJournal,
    private readonly blobs: BlobService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Makes a released task a model version, of its product where a re-training opened it; again, or before its release, it changes nothing. */
  async record(taskId: string): Promise<void> {
    const found = await this.database.asSystem(async (manager) =>
      (await manager.existsBy(ModelVersionRow, { taskId })) ? null : this.journal.load(manager, taskId),
    );
    if (found?.state.phase !== 'released') return;
    const { task, state } = found;
    const scores = await this.#scores(state);
    await this.database.asSystem(async (manager) => {
      const { createdAt } = await manager.findOneByOrFail(FederationEntry, { taskId, index: task.headIndex });
      const lineage = lineageOf(task, state, scores, createdAt);
      await manager.insert(ModelVersionRow, lineage);
      await enterRetrained(manager, lineage, this.clock.nowMs());
    });
  }

  /** Released tasks that are no model version yet. */
  async unfinished(): Promise<string[]> {
    const tasks = await this.database.asSystem((manager) =>
      manager
        .createQueryBuilder(FederationTask, 'task')
        .select(['task.id'])
        .where("task.phase = 'released'")
        .andWhere('NOT EXISTS (SELECT FROM model_version v WHERE v.task_id = task.id)')
        .getMany(),
    );
    return tasks.map(({ id }) => id);
  }

  /** Newest first. @throws PAGE_SIZE_INVALID, CURSOR_MALFORMED */
  async list(principal: Principal, args: ModelsArgs): Promise<Connection<ModelVersionRow>> {
    const after = requireSequence(decodeCursor(args.after, 1)?.[0]);
    const limit = pageSize(args.first) + 1;
    const rows = await this.database.asTenant(principal.organisationId, (manager) =>
      filtered(manager, args, after).limit(limit).getMany(),
    );
    return connectionOf(rows, args.first, ({ sequence }) => [sequence]);
  }

  /** By the hash of its card or of the model itself. @throws MODEL_UNKNOWN also for one of others */
  async find(principal: Principal, hash: string): Promise<ModelVersionRow> {
    return this.database.asTenant(principal.organisationId, (manager) => requireVersion(manager, hash));
  }

  async #scores(state: TaskState): Promise<ValidationScores> {
    const { aggregate } = lastRelease(state).release;
    return validationScores(state, groupsIn(await this.blobs.read(aggregate.blob), state.card));
  }
}

/** The version of a card hash; of a model hash the oldest, as the same sums give the same model. @throws MODEL_UNKNOWN */
export async function requireVersion(manager: EntityManager, hash: string): Promise<ModelVersionRow> {
  const found = await manager.findOne(ModelVersionRow, {
    where: [{ cardHash: hash }, { modelHash: hash }],
    order: { sequence: 'ASC' },
  });
  if (found) return found;
  throw new DomainError(
    'MODEL_UNKNOWN',
    'expected the hash of a model or card that this organisation may see, got another',
    'not-found',
  );
}

function filtered(
  manager: EntityManager,
  { series, kind, releasedFrom, releasedTo }: ModelsArgs,
  after: string | undefined,
): SelectQueryBuilder<ModelVersionRow> {
  const query = manager.createQueryBuilder(ModelVersionRow, 'model').orderBy('model.sequence', 'DESC');
  addConditions(query, {
    after: ['model.sequence < :after', after],
    series: [':series = ANY(model.series)', series],
    kind: ['model.kind = :kind', kind],
    from: ['model.releasedAt >= :from', toDate(releasedFrom)],
    to: ['model.releasedAt < :to', toDate(releasedTo)],
  });
  return query;
}
