import { type EntityManager, In } from 'typeorm';
import { DomainError, type Interval, interval, overlaps } from '#core';
import { CarbonAccountRow } from '../carbon/carbon.entities.ts';
import { NEWEST_ACCOUNT } from '../carbon/attribute-session.ts';
import { MarketSession } from '../market/market.entities.ts';
import { slotAt } from '../market/session-slots.ts';
import { CertificateClaim, type CertificateRow } from './certificates.entities.ts';
import { mayOverlap } from './issued-exports.ts';
import { claimRows, issueTo, partOf } from './registry-store.ts';
import { holdStatements } from './stated.ts';

/**
 * Claims the first Wh of a production certificate for its holder: issues consumption for as much, and cancels both. A
 * participant claims no more in a slot than its meter says it imported; of that, certificates that did not come with bought
 * energy claim only what no attributes of bought energy cover.
 * @throws CLAIM_EXCEEDS_CONSUMPTION, CERTIFICATE_QUANTITY
 */
export async function claimOwn(
  manager: EntityManager,
  row: CertificateRow,
  { wh, stated, atMs }: { readonly wh: number; readonly stated: StatedImport | null; readonly atMs: number },
): Promise<CertificateClaim> {
  const slot = slotOf(row);
  if (stated === null || wh > (await claimableWh(manager, row, { slot, importWh: stated.importWh })))
    throw exceedsConsumption();
  const production = await partOf(manager, row, wh, atMs);
  const consumption = await issueTo(manager, {
    tenantId: row.tenantId,
    participantId: row.participantId,
    sessionId: stated.session.id,
    resolutionMinutes: stated.session.resolutionMinutes,
    slot,
    kind: 'consumption',
    area: row.area,
    technology: null,
    wh,
    tradedTo: null,
    expiresMs: row.expiresAt.getTime(),
    atMs,
  });
  return claimRows(manager, production, consumption, atMs);
}

/** One claim of a participant at a time: what it may claim hangs on what it has claimed. */
export const holdClaims = (manager: EntityManager, participantId: string): Promise<unknown> =>
  manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`certificates ${participantId}`]);

interface StatedImport {
  /** Of the area of the certificate. */
  readonly session: MarketSession;
  readonly importWh: number;
}

/** The least that sessions state of the slot of a certificate; null where none of its area does. Holds those sessions. */
export async function holdStatedImport(
  manager: EntityManager,
  certificate: CertificateRow,
): Promise<StatedImport | null> {
  const stated = await holdStatements(manager, certificate.participantId, slotOf(certificate));
  const own = stated.find(({ session }) => session.zone === certificate.area);
  if (own === undefined) return null;
  return {
    session: own.session,
    importWh: Math.min(...stated.map(({ statement }) => statement.netImportWh)),
  };
}

const slotOf = ({ startsAt, endsAt }: CertificateRow): Interval =>
  interval(startsAt.getTime(), endsAt.getTime());

const totalWh = (of: readonly CertificateClaim[]): number =>
  of.reduce((total, { quantityWh }) => total + quantityWh, 0);

async function claimableWh(
  manager: EntityManager,
  { participantId, bound }: CertificateRow,
  { slot, importWh }: { readonly slot: Interval; readonly importWh: number },
): Promise<number> {
  const near = await manager.findBy(CertificateClaim, { participantId, startsAt: mayOverlap(slot) });
  const claims = near.filter(({ startsAt, endsAt }) =>
    overlaps({ startMs: startsAt.getTime(), endMs: endsAt.getTime() }, slot),
  );
  const boundWh = totalWh(claims.filter((claim) => claim.bound));
  const freeWh = totalWh(claims) - boundWh;
  if (bound) return importWh - freeWh - boundWh;
  return importWh - freeWh - Math.max(boundWh, await receivedWh(manager, participantId, slot));
}

/** Attributes that came with energy bought in the slot, in all sessions of whatever slots. */
async function receivedWh(manager: EntityManager, participantId: string, slot: Interval): Promise<number> {
  const rows = await manager
    .createQueryBuilder(CarbonAccountRow, 'account')
    .where('account.participantId = :participantId AND account.receivedWh > 0', { participantId })
    .andWhere({ startsAt: mayOverlap(slot) })
    .andWhere(NEWEST_ACCOUNT)
    .getMany();
  const sessions = await manager.findBy(MarketSession, { id: In(rows.map(({ sessionId }) => sessionId)) });
  const byId = new Map(sessions.map((session) => [session.id, session]));
  return rows
    .filter(({ sessionId, startsAt }) => overlaps(slotAt(byId.get(sessionId)!, startsAt.getTime()), slot))
    .reduce((total, row) => total + row.receivedWh, 0);
}

const exceedsConsumption = (): DomainError =>
  new DomainError(
    'CLAIM_EXCEEDS_CONSUMPTION',
    'expected at most what was imported in the slot by a settled statement and is not covered yet, got more',
    'conflict',
  );
