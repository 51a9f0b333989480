import { Inject, Injectable } from '@nestjs/common';
import { PORTRAIT_CONTEXT, PORTRAIT_METHOD, portraitStatement, requireSharedLabels } from '#analytics';
import { type Clock, DomainError, requireSignature } from '#core';
import { Database } from '#persistence';
import { addConditions } from '../forecasts/published-filter.ts';
import { Participant } from '../identity/identity.entities.ts';
import {
  type Connection,
  connectionOf,
  decodeCursor,
  type PageArgs,
  pageSize,
} from '../pipeline/connection.ts';
import type { Principal } from '../pipeline/principal.ts';
import { SealedSequences } from '../pipeline/sealed-sequence.ts';
import { CLOCK } from '../platform.tokens.ts';
import { SharedPortraitRow } from './analytics.entities.ts';
import type { PublishPortraitInput, SharedPortrait } from './analytics.types.ts';

/** Name of the list in its cursors and ids. */
const LIST = 'shared-portraits';

/** Labels of portraits that members share, as they choose. */
@Injectable()
export class PortraitsService {
  constructor(
    private readonly database: Database,
    private readonly sealed: SealedSequences,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Stores signed labels; the same again changes nothing, others become the next version.
   * @throws PARTICIPANT_REQUIRED, PORTRAIT_METHOD, PORTRAIT_LABELS, SIGNATURE_INVALID
   */
  async publish(principal: Principal, input: PublishPortraitInput): Promise<SharedPortrait> {
    if (principal.kind !== 'participant') {
      throw new DomainError(
        'PARTICIPANT_REQUIRED',
        'expected the signed request of a participant, got a member',
        'forbidden',
      );
    }
    const { method, signature } = input;
    if (method !== PORTRAIT_METHOD)
      throw new DomainError('PORTRAIT_METHOD', `expected method ${PORTRAIT_METHOD}, got another`);
    const labels = requireSharedLabels(input.labels);
    const statement = portraitStatement(principal.id, labels);
    const { id: participantId, organisationId: tenantId } = principal;
    return this.database.asTenant(tenantId, async (manager) => {
      const { signingKey } = await manager.findOneByOrFail(Participant, { id: participantId });
      await requireSignature(signingKey, PORTRAIT_CONTEXT, statement, signature);
      // One publisher at a time, so that versions follow each other and sequence numbers become visible in their order.
      await manager.query("SELECT pg_advisory_xact_lock(hashtext('shared_portrait'))");
      const latest = await manager.findOne(SharedPortraitRow, {
        where: { participantId },
        order: { version: 'DESC' },
      });
      // Ed25519 is deterministic: the same signature means the same words.
      if (latest?.signature === signature) return this.#toType(principal, latest);
      const row = manager.create(SharedPortraitRow, {
        tenantId,
        participantId,
        version: (latest?.version ?? 0) + 1,
        method,
        labels,
        signature,
        publishedAt: new Date(this.clock.nowMs()),
      });
      return this.#toType(principal, await manager.save(row));
    });
  }

  /** The own organisation's, in the order of publication. */
  async list(principal: Principal, { first, after }: PageArgs): Promise<Connection<SharedPortrait>> {
    const cursor = this.sealed.open(principal, LIST, decodeCursor(after, 1)?.[0]);
    const rows = await this.database.asTenant(principal.organisationId, (manager) => {
      const query = manager.createQueryBuilder(SharedPortraitRow, 'shared').orderBy('shared.sequence', 'ASC');
      addConditions(query, { after: ['shared.sequence > :after', cursor] });
      return query.limit(pageSize(first) + 1).getMany();
    });
    return connectionOf(
      rows.map((row) => this.#toType(principal, row)),
      first,
      ({ id }) => [id],
    );
  }

  #toType(principal: Principal, { sequence, tenantId, ...row }: SharedPortraitRow): SharedPortrait {
    return { ...row, id: this.sealed.seal(principal, LIST, sequence), organisationId: tenantId };
  }
}
