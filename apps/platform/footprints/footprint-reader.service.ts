import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import type { ProductFootprint } from '#carbon';
import { DomainError } from '#core';
import { Database } from '#persistence';
import { addConditions } from '../forecasts/published-filter.ts';
import type { Principal } from '../pipeline/principal.ts';
import { SealedSequences } from '../pipeline/sealed-sequence.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { FootprintRow } from './footprint.entities.ts';
import type { FootprintQuery } from './footprint-query.ts';

/** Name of the list in its cursors. */
const PAGES = 'footprints-granted';

interface FootprintPage {
  readonly data: readonly ProductFootprint[];
  /** What the next page begins after; null on the last. */
  readonly next: string | null;
}

/** What an organisation may read of footprints: its own, and those granted to it. The database decides which they are. */
@Injectable()
export class FootprintReader {
  constructor(
    private readonly database: Database,
    private readonly sealed: SealedSequences,
  ) {}

  /** In the order of publication. @throws CURSOR_MALFORMED */
  async list(principal: Principal, query: FootprintQuery): Promise<FootprintPage> {
    const { limit } = query;
    const after = this.sealed.open(principal, PAGES, query.after);
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const rows = await filtered(manager, { ...query, after })
        .limit(limit + 1)
        .getMany();
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1)!.sequence : null;
      const next = last === null ? null : this.sealed.seal(principal, PAGES, last);
      return { data: await shownTo(manager, page), next };
    });
  }

  /** @throws FOOTPRINT_ID_MALFORMED, FOOTPRINT_NOT_FOUND for what is absent and for what is not granted alike */
  async get(principal: Principal, id: string): Promise<ProductFootprint> {
    const key = id.toLowerCase();
    if (!isUuid(key)) throw new DomainError('FOOTPRINT_ID_MALFORMED', 'expected a UUID, got something else');
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const row = await manager.findOneBy(FootprintRow, { id: key });
      if (row === null) throw footprintNotFound();
      const [footprint] = await shownTo(manager, [row]);
      return footprint!;
    });
  }
}

export const footprintNotFound = (): DomainError =>
  new DomainError('FOOTPRINT_NOT_FOUND', 'expected a footprint, got none of that id', 'not-found');

function filtered(manager: EntityManager, query: FootprintQuery) {
  const { status } = query;
  const rows = manager.createQueryBuilder(FootprintRow, 'footprint').orderBy('footprint.sequence', 'ASC');
  addConditions(rows, {
    after: ['footprint.sequence > :after', query.after],
    productId: ['footprint.productIds && :productId', query.productId],
    companyId: ['footprint.companyIds && :companyId', query.companyId],
    geography: ['footprint.geographies && :geography', query.geography],
    classification: ['footprint.classifications && :classification', query.classification],
    validOn: ['footprint.validFrom <= :validOn AND footprint.validTo >= :validOn', query.validOn],
    validAfter: ['footprint.validFrom > :validAfter', query.validAfter],
    validBefore: ['footprint.validTo < :validBefore', query.validBefore],
    isActive: ['(footprint.deprecatedAt IS NULL) = :isActive', status && status === 'active'],
  });
  return rows;
}

/** Documents with the status that they have now, and of those before only what the reader may read. */
async function shownTo(
  manager: EntityManager,
  rows: readonly FootprintRow[],
): Promise<readonly ProductFootprint[]> {
  const preceding = rows.flatMap(({ document }) => document.precedingPfIds ?? []);
  const found = await manager.find(FootprintRow, { select: { sequence: true, id: true }, where: { id: In(preceding) } }); // prettier-ignore
  const readable = new Set(found.map(({ id }) => id));
  return rows.map(({ document: { precedingPfIds = [], ...document }, deprecatedAt }) => {
    const known = precedingPfIds.filter((id) => readable.has(id));
    return {
      ...document,
      ...(known.length > 0 && { precedingPfIds: known }),
      status: deprecatedAt === null ? 'Active' : 'Deprecated',
    };
  });
}
