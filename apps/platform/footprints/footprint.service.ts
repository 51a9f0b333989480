import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, In, IsNull } from 'typeorm';
import { footprintId, participantUrn, type ProductFootprint } from '#carbon';
import { type Clock, DomainError, type Json, parseInstant } from '#core';
import { requireInput } from '#inputs';
import { Database } from '#persistence';
import { productFootprint, validityOf } from '#studies';
import { Organisation } from '../identity/identity.entities.ts';
import { requireParticipant } from '../identity/signing-key.ts';
import {
  type Connection,
  connectionOf,
  decodeCursor,
  type PageArgs,
  pageSize,
} from '../pipeline/connection.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { SealedSequences } from '../pipeline/sealed-sequence.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { CLOCK } from '../platform.tokens.ts';
import { FootprintGrantRow, FootprintRow } from './footprint.entities.ts';
import type { Footprint, FootprintGrant } from './footprint.types.ts';
import { footprintNotFound } from './footprint-reader.service.ts';

/** Of one organisation. */
const MAX_FOOTPRINTS = 10_000;
/** Of one footprint, revoked ones too. */
const MAX_GRANTS = 1_000;

/** Names of lists in their cursors. */
const OWN = 'footprints';
const GRANTS = 'footprint-grants';

/** Footprints of one's own, and who may read them: nobody else, until it is granted. */
@Injectable()
export class FootprintService {
  constructor(
    private readonly database: Database,
    private readonly sealed: SealedSequences,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Keeps a footprint; the same again changes nothing. Those that it names as preceding are deprecated from then on.
   * @throws PARTICIPANT_REQUIRED, INPUT_INVALID, INPUT_KEY_UNKNOWN, FOOTPRINT_ID, FOOTPRINT_STATUS, FOOTPRINT_COMPANY, FOOTPRINT_TOO_EARLY,
   * FOOTPRINT_PRECEDING, FOOTPRINTS_LIMIT
   */
  async publish(principal: Principal, document: Json): Promise<Footprint> {
    requireParticipant(principal);
    const footprint = requireInput(document, productFootprint);
    const nowMs = this.clock.nowMs();
    requireOwn(footprint, principal.id, nowMs);
    return this.database.asTenant(principal.organisationId, async (manager) => {
      // One publisher at a time, so that sequence numbers become visible in their order.
      await manager.query("SELECT pg_advisory_xact_lock(hashtext('footprint'))");
      await requireOwnCompany(manager, principal, footprint);
      const known = await manager.findOneBy(FootprintRow, { id: footprint.id });
      return footprintType(known ?? (await store(manager, principal, footprint, new Date(nowMs))));
    });
  }

  /** One's own, in the order of publication. */
  async list(principal: Principal, { first, after }: PageArgs): Promise<Connection<Footprint>> {
    const from = this.#from(principal, OWN, after);
    const rows = await this.database.asTenant(principal.organisationId, (manager) =>
      manager
        .createQueryBuilder(FootprintRow, 'footprint')
        .where('footprint.tenantId = :tenantId AND footprint.sequence > :from', {
          tenantId: principal.organisationId,
          from,
        })
        .orderBy('footprint.sequence', 'ASC')
        .limit(pageSize(first) + 1)
        .getMany(),
    );
    return this.#page(principal, OWN, rows, first, footprintType);
  }

  /** Who may read a footprint of one's own, or could. @throws ROLE_MISSING, FOOTPRINT_NOT_FOUND */
  async grants(
    principal: Principal,
    id: string,
    { first, after }: PageArgs,
  ): Promise<Connection<FootprintGrant>> {
    requireRole(principal, 'firm', 'admin');
    const from = this.#from(principal, GRANTS, after);
    const rows = await this.database.asTenant(principal.organisationId, async (manager) => {
      const { id: footprintKey } = await ownFootprint(manager, principal, id);
      return manager
        .createQueryBuilder(FootprintGrantRow, 'access')
        .where('access.footprintId = :footprintKey AND access.sequence > :from', { footprintKey, from })
        .orderBy('access.sequence', 'ASC')
        .limit(pageSize(first) + 1)
        .getMany();
    });
    return this.#page(principal, GRANTS, rows, first, grantType);
  }

  /** Again is the same. @throws ROLE_MISSING, FOOTPRINT_NOT_FOUND, ORGANISATION_NOT_FOUND, FOOTPRINT_GRANTEE, FOOTPRINTS_LIMIT */
  async grant(principal: Principal, id: string, granteeId: string): Promise<FootprintGrant> {
    requireRole(principal, 'firm', 'admin');
    const { organisationId: tenantId } = principal;
    return this.database.asTenant(tenantId, async (manager) => {
      const { id: footprintKey } = await ownFootprint(manager, principal, id);
      if (granteeId === tenantId)
        throw new DomainError('FOOTPRINT_GRANTEE', 'expected another organisation, got the own one');
      if (!isUuid(granteeId) || !(await manager.existsBy(Organisation, { id: granteeId })))
        throw new DomainError('ORGANISATION_NOT_FOUND', 'expected an organisation, got none', 'not-found');
      const of = { tenantId, footprintId: footprintKey, granteeId };
      const inForce = await manager.findOneBy(FootprintGrantRow, { ...of, revokedAt: IsNull() });
      if (inForce !== null) return grantType(inForce);
      requireRoom(await manager.countBy(FootprintGrantRow, { footprintId: footprintKey }), MAX_GRANTS);
      const insert = manager.createQueryBuilder().insert().into(FootprintGrantRow);
      await insert
        .values({ ...of, grantedAt: new Date(this.clock.nowMs()) })
        .orIgnore()
        .execute();
      return grantType(await manager.findOneByOrFail(FootprintGrantRow, { ...of, revokedAt: IsNull() }));
    });
  }

  /** Bites on the next read; again is the same. @throws ROLE_MISSING, FOOTPRINT_NOT_FOUND, FOOTPRINT_GRANT_NOT_FOUND */
  async revoke(principal: Principal, id: string, granteeId: string): Promise<FootprintGrant> {
    requireRole(principal, 'firm', 'admin');
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const { id: footprintKey } = await ownFootprint(manager, principal, id);
      const latest = isUuid(granteeId)
        ? await manager.findOne(FootprintGrantRow, {
            where: { footprintId: footprintKey, granteeId },
            order: { sequence: 'DESC' },
          })
        : null;
      if (latest === null)
        throw new DomainError('FOOTPRINT_GRANT_NOT_FOUND', 'expected a grant, got none', 'not-found');
      const { sequence } = latest;
      const revokedAt = new Date(this.clock.nowMs());
      await manager.update(FootprintGrantRow, { sequence, revokedAt: IsNull() }, { revokedAt });
      return grantType(await manager.findOneByOrFail(FootprintGrantRow, { sequence }));
    });
  }

  #from(principal: Principal, list: string, after: string | null | undefined): string {
    return this.sealed.open(principal, list, decodeCursor(after, 1)?.[0]) ?? '0';
  }

  #page<Row extends { readonly sequence: string }, Node>(
    principal: Principal,
    list: string,
    rows: readonly Row[],
    first: number | null | undefined,
    typeOf: (row: Row) => Node,
  ): Connection<Node> {
    const { edges, pageInfo } = connectionOf(rows, first, ({ sequence }) => [
      this.sealed.seal(principal, list, sequence),
    ]);
    return { edges: edges.map(({ cursor, node }) => ({ cursor, node: typeOf(node) })), pageInfo };
  }
}

function requireOwn(footprint: ProductFootprint, participantId: string, nowMs: number): void {
  const { id, status, companyIds, pcf } = footprint;
  if (id !== footprintId(footprint))
    throw new DomainError('FOOTPRINT_ID', 'expected the id of what the footprint says, got another');
  if (status !== 'Active')
    throw new DomainError('FOOTPRINT_STATUS', 'expected an active footprint, got another');
  if (!companyIds.includes(participantUrn(participantId)))
    throw new DomainError('FOOTPRINT_COMPANY', "expected the participant's own UUID among companyIds, got none", 'forbidden'); // prettier-ignore
  if (parseInstant(pcf.referencePeriodEnd) > nowMs)
    throw new DomainError('FOOTPRINT_TOO_EARLY', 'expected a reference period that is over, got another');
}

/**
 * Whoever filters by a company has to find what that company published: ids are of the participant, or of its organisation by
 * its id here or its legal id in whatever namespace. @throws FOOTPRINT_COMPANY
 */
async function requireOwnCompany(
  manager: EntityManager,
  { id, organisationId }: Principal,
  { companyIds }: ProductFootprint,
): Promise<void> {
  const { legalId } = await manager.findOneByOrFail(Organisation, { id: organisationId });
  const own = [participantUrn(id), `urn:gridcommons:organisation:${organisationId}`].map(lower);
  // With what a URN does not hold encoded.
  const legalIds = [legalId, encodeURI(legalId), encodeURIComponent(legalId)].map(lower);
  const isOwn = (urn: string): boolean =>
    own.includes(lower(urn)) || legalIds.includes(lower(urn).replace(/^urn:[^:]+:/, ''));
  const others = companyIds.filter((each) => !isOwn(each));
  if (others.length > 0)
    throw new DomainError('FOOTPRINT_COMPANY', `expected ids of the own organisation, got ${others.join(', ')}`, 'forbidden'); // prettier-ignore
}

async function store(
  manager: EntityManager,
  { organisationId: tenantId, id: participantId }: Principal,
  document: ProductFootprint,
  publishedAt: Date,
): Promise<FootprintRow> {
  requireRoom(await manager.countBy(FootprintRow, { tenantId }), MAX_FOOTPRINTS);
  const { precedingPfIds = [] } = document;
  const superseded = { id: In([...precedingPfIds]), tenantId, deprecatedAt: IsNull() };
  const { affected } = await manager.update(FootprintRow, superseded, { deprecatedAt: publishedAt });
  if (affected !== precedingPfIds.length)
    throw new DomainError('FOOTPRINT_PRECEDING', 'expected active footprints of the own organisation to precede, got others', 'conflict'); // prettier-ignore
  const { startMs, endMs } = validityOf(document);
  const row = manager.create(FootprintRow, {
    id: document.id,
    tenantId,
    participantId,
    document,
    productIds: lowerCase(document.productIds),
    companyIds: lowerCase(document.companyIds),
    classifications: lowerCase(document.productClassifications ?? []),
    geographies: geographiesOf(document),
    validFrom: new Date(startMs),
    validTo: new Date(endMs),
    deprecatedAt: null,
    publishedAt,
  });
  return manager.save(row);
}

function requireRoom(count: number, limit: number): void {
  if (count < limit) return;
  throw new DomainError('FOOTPRINTS_LIMIT', `expected fewer than ${limit} so far, got ${count}`, 'limit');
}

const lower = (text: string): string => text.toLowerCase();
const lowerCase = (values: readonly string[]): string[] => values.map(lower);

/** A subdivision is within its country. */
function geographiesOf({ pcf }: ProductFootprint): string[] {
  const { geographyCountry, geographyCountrySubdivision, geographyRegionOrSubregion } = pcf;
  const country = geographyCountry ?? geographyCountrySubdivision?.slice(0, 2);
  return lowerCase(
    [country, geographyCountrySubdivision, geographyRegionOrSubregion].filter((each) => each !== undefined),
  );
}

/** @throws FOOTPRINT_NOT_FOUND for another's as well */
async function ownFootprint(
  manager: EntityManager,
  { organisationId: tenantId }: Principal,
  id: string,
): Promise<FootprintRow> {
  const row = isUuid(id) ? await manager.findOneBy(FootprintRow, { id, tenantId }) : null;
  if (row === null) throw footprintNotFound();
  return row;
}

const footprintType = ({ tenantId, deprecatedAt, document, ...fields }: FootprintRow): Footprint => ({
  id: fields.id,
  organisationId: tenantId,
  participantId: fields.participantId,
  isDeprecated: deprecatedAt !== null,
  document: document as unknown as Json,
  publishedAt: fields.publishedAt,
});

const grantType = ({
  footprintId: id,
  granteeId,
  grantedAt,
  revokedAt,
}: FootprintGrantRow): FootprintGrant => ({
  footprintId: id,
  organisationId: granteeId,
  grantedAt,
  revokedAt,
});
