import { randomBytes, randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import {
  type Certificate,
  type CertificateEvent,
  type CertificateKind,
  claimCertificates,
  endCertificate,
  eventHash,
  eventStatement,
  type Issue,
  issueCertificate,
  issueEvent,
  parentsOf,
  plainEvent,
  quantityWh,
  splitCertificate,
  type Taken,
  transferCertificate,
} from '#certificates';
import { type Interval, interval, sha256Now, toHex, utf8 } from '#core';
import type { SlotMinutes } from '#market';
import { CertificateClaim, CertificateEventRow, CertificateIssue, CertificateRow, CertificateTransfer } from './certificates.entities.ts'; // prettier-ignore

/** A participant of an organisation. */
export interface Holder {
  readonly tenantId: string;
  readonly participantId: string;
}

export interface NewIssue extends Holder {
  readonly sessionId: string;
  readonly resolutionMinutes: SlotMinutes;
  readonly slot: Interval;
  readonly kind: CertificateKind;
  readonly area: string;
  readonly technology: string | null;
  readonly wh: number;
  readonly tradedTo: string | null;
  readonly expiresMs: number;
  readonly atMs: number;
}

/**
 * What stands for a participant's meter where slots are of one length and zone: of another length they may overlap, and an
 * issue of another zone's session cannot supplement this one.
 */
const meterHash = ({ participantId, resolutionMinutes, area }: NewIssue): string =>
  toHex(sha256Now(utf8(JSON.stringify(['gridcommons/meter/1', participantId, resolutionMinutes, area]))));

/** Issues a certificate; of a meter and slot that has one already, a supplement. @throws CERTIFICATE_QUANTITY */
export async function issueTo(manager: EntityManager, of: NewIssue): Promise<CertificateRow> {
  const [meter, { kind, area, technology }] = [meterHash(of), of];
  const startsAt = new Date(of.slot.startMs);
  const earlier = inOrder(await manager.findBy(CertificateIssue, { meter, kind, startsAt }));
  const issue: Issue = {
    id: randomUUID(),
    kind,
    meter,
    interval: of.slot,
    area,
    technology,
    trial: false,
    intensityKgPerKwh: null,
    expiresMs: of.expiresMs,
    supplements: earlier.at(-1)?.eventHash ?? null,
  };
  const known = earlier.map((row) => ({ ...toIssue(row), hash: row.eventHash }));
  const made = issueCertificate(known, issue, { owner: of.participantId, wh: of.wh });
  const hash = await record(manager, issueEvent(issue, made, salt()), [of.tenantId], of.atMs);
  const { tenantId, participantId, sessionId, tradedTo } = of;
  const shared = { startsAt, endsAt: new Date(of.slot.endMs), kind, area, technology };
  const expiresAt = new Date(of.expiresMs);
  await manager.insert(CertificateIssue, {
    ...shared,
    id: issue.id,
    tenantId,
    participantId,
    sessionId,
    meter,
    quantityWh: of.wh,
    tradedTo,
    supplements: issue.supplements,
    eventHash: hash,
    expiresAt,
  });
  return insertRow(manager, { ...shared, tenantId, bound: tradedTo !== null, expiresAt }, made, hash);
}

/** Each issue after the one that it supplements. */
function inOrder(rows: readonly CertificateIssue[]): CertificateIssue[] {
  const next = new Map(rows.map((row) => [row.supplements, row]));
  const ordered: CertificateIssue[] = [];
  for (let row = next.get(null); row !== undefined; row = next.get(row.eventHash)) ordered.push(row);
  return ordered;
}

export const toIssue = (row: CertificateIssue): Issue => ({
  id: row.id,
  kind: row.kind,
  meter: row.meter,
  interval: interval(row.startsAt.getTime(), row.endsAt.getTime()),
  area: row.area,
  technology: row.technology,
  trial: false,
  intensityKgPerKwh: null,
  expiresMs: row.expiresAt.getTime(),
  supplements: row.supplements,
});

export const toTaken = (row: CertificateRow): Taken => ({
  issue: row.issueId,
  start: row.firstNumber,
  end: row.lastNumber,
  owner: row.participantId,
  state: row.state,
  event: row.eventHash,
});

export const whOf = (row: CertificateRow): number =>
  quantityWh({ start: row.firstNumber, end: row.lastNumber });

/** All of a certificate, or its first `wh` Wh. @throws CERTIFICATE_NOT_LIVE, CERTIFICATE_QUANTITY */
export async function partOf(
  manager: EntityManager,
  row: CertificateRow,
  wh: number,
  atMs: number,
): Promise<CertificateRow> {
  if (wh === whOf(row)) return row;
  const taken = toTaken(row);
  const parts = splitCertificate(taken, wh).map(plain);
  const hash = await record(manager, plainEvent('split', [taken], parts, salt()), [row.tenantId], atMs);
  await manager.update(CertificateRow, { id: row.id }, { standing: false });
  const first = await insertRow(manager, row, parts[0]!, hash);
  await insertRow(manager, row, parts[1]!, hash);
  return first;
}

/** Passes a whole certificate on, with its history. @throws CERTIFICATE_NOT_LIVE, CERTIFICATE_OWNER */
export async function passOn(
  manager: EntityManager,
  row: CertificateRow,
  { to, sessionId, atMs }: { readonly to: Holder; readonly sessionId: string | null; readonly atMs: number },
): Promise<CertificateRow> {
  const taken = toTaken(row);
  const made = plain(transferCertificate(taken, to.participantId));
  const event = plainEvent('transfer', [taken], [made], salt());
  const hash = await record(manager, event, [row.tenantId, to.tenantId], atMs);
  await manager.update(CertificateRow, { id: row.id }, { standing: false });
  const passed = await insertRow(manager, row, made, hash, to.tenantId);
  await manager.insert(CertificateTransfer, {
    tenantId: row.tenantId,
    participantId: row.participantId,
    toTenantId: to.tenantId,
    toParticipantId: to.participantId,
    certificateId: passed.id,
    sessionId,
    startsAt: row.startsAt,
    quantityWh: whOf(row),
    eventHash: hash,
    transferredAt: new Date(atMs),
  });
  return passed;
}

/** Ends a whole certificate. @throws CERTIFICATE_NOT_LIVE */
export async function endRow(
  manager: EntityManager,
  row: CertificateRow,
  type: 'expire' | 'withdraw',
  atMs: number,
): Promise<void> {
  const taken = toTaken(row);
  const made = plain(endCertificate(taken, type === 'expire' ? 'expired' : 'withdrawn'));
  const hash = await record(manager, plainEvent(type, [taken], [made], salt()), [row.tenantId], atMs);
  await manager.update(CertificateRow, { id: row.id }, { state: made.state, eventHash: hash });
}

/** Cancels two whole certificates for each other. @throws CERTIFICATE_NOT_LIVE and the codes of claims */
export async function claimRows(
  manager: EntityManager,
  production: CertificateRow,
  consumption: CertificateRow,
  atMs: number,
): Promise<CertificateClaim> {
  const [p, c] = [production, consumption].map(toTaken) as [Taken, Taken];
  const ofProduction = await manager.findOneByOrFail(CertificateIssue, { id: p.issue });
  const ofConsumption = await manager.findOneByOrFail(CertificateIssue, { id: c.issue });
  const made = claimCertificates(
    { certificate: p, issue: toIssue(ofProduction) },
    { certificate: c, issue: toIssue(ofConsumption) },
  ).map(plain);
  const { tenantId, participantId, startsAt, endsAt, bound } = production;
  const hash = await record(manager, plainEvent('claim', [p, c], made, salt()), [tenantId], atMs);
  for (const { id } of [production, consumption])
    await manager.update(CertificateRow, { id }, { state: 'claimed', eventHash: hash });
  return manager.save(
    manager.create(CertificateClaim, {
      tenantId,
      participantId,
      productionId: production.id,
      consumptionId: consumption.id,
      startsAt,
      endsAt,
      quantityWh: whOf(production),
      bound,
      eventHash: hash,
      claimedAt: new Date(atMs),
    }),
  );
}

const plain = ({ issue, start, end, owner, state }: Certificate): Certificate => ({
  issue,
  start,
  end,
  owner,
  state,
});

const salt = (): string => randomBytes(16).toString('hex');

type Shared = Pick<
  CertificateRow,
  'tenantId' | 'startsAt' | 'endsAt' | 'kind' | 'area' | 'technology' | 'bound' | 'expiresAt'
>;

function insertRow(
  manager: EntityManager,
  { startsAt, endsAt, kind, area, technology, bound, expiresAt, ...of }: Shared,
  made: Certificate,
  eventHashOf: string,
  tenantId = of.tenantId,
): Promise<CertificateRow> {
  return manager.save(
    manager.create(CertificateRow, {
      id: randomUUID(),
      tenantId,
      startsAt,
      endsAt,
      kind,
      area,
      technology,
      bound,
      expiresAt,
      participantId: made.owner,
      issueId: made.issue,
      firstNumber: made.start,
      lastNumber: made.end,
      state: made.state,
      standing: true,
      eventHash: eventHashOf,
    }),
  );
}

/** Stores an event and lets organisations read it with the history behind it. */
async function record(
  manager: EntityManager,
  event: CertificateEvent,
  tenants: readonly string[],
  atMs: number,
): Promise<string> {
  const hash = eventHash(event);
  const at = new Date(atMs);
  await manager.insert(CertificateEventRow, {
    hash,
    statement: eventStatement(event) as object,
    parents: parentsOf(event),
    at,
  });
  for (const tenantId of new Set(tenants)) await manager.query(SHARE_HISTORY, [hash, tenantId]);
  return hash;
}

/** Stops where the organisation reads an event already: then it reads what is behind it, too. */
const SHARE_HISTORY = `
  WITH RECURSIVE behind(hash) AS (
    SELECT $1::text
    UNION SELECT parent FROM behind
      JOIN certificate_event event ON event.hash = behind.hash CROSS JOIN LATERAL unnest(event.parents) AS parent
      WHERE NOT EXISTS (SELECT FROM certificate_event_holder held WHERE held.tenant_id = $2 AND held.event_hash = parent)
  )
  INSERT INTO certificate_event_holder (tenant_id, event_hash) SELECT $2::uuid, hash FROM behind ON CONFLICT DO NOTHING`;
