import type { ProductFootprint } from '#carbon';
import { type Clock, DomainError, type Json } from '#core';
import { requireInput } from '#inputs';
import { footprintOfReport, footprintTerms } from '#studies';
import type { PlatformClient } from '../node/platform-client.ts';
import { requireOwnReport } from './own-report.ts';

const PUBLISH = `mutation PublishFootprint($document: JSON!) {
  publishFootprint(document: $document) { id publishedAt }
}`;
const GRANT = `mutation GrantFootprint($footprintId: ID!, $organisationId: ID!) {
  grantFootprint(footprintId: $footprintId, organisationId: $organisationId) { footprintId organisationId grantedAt revokedAt }
}`;
const REVOKE = `mutation RevokeFootprint($footprintId: ID!, $organisationId: ID!) {
  revokeFootprint(footprintId: $footprintId, organisationId: $organisationId) { footprintId organisationId grantedAt revokedAt }
}`;

export interface PublishedFootprint {
  readonly id: string;
  readonly publishedAt: string;
  readonly document: ProductFootprint;
}

export interface AccessGrant {
  readonly footprintId: string;
  readonly organisationId: string;
  readonly grantedAt: string;
  readonly revokedAt: string | null;
}

type Client = Pick<PlatformClient, 'request'>;

/** A site's files: its report, and what that does not say of the product. */
interface FootprintFiles {
  readonly report: Uint8Array;
  readonly terms: Uint8Array;
}

/**
 * Publishes the footprint of a report that this site has signed. Only the footprint leaves: one number a kWh, and what describes it.
 * @throws the code of the check that failed, INPUT_NOT_JSON, as footprintOfReport, and what the platform refuses
 */
export async function publishFootprint(
  client: Client,
  files: FootprintFiles,
  site: {
    readonly publicKey: string;
    readonly clock: Clock;
    readonly replaces?: readonly string[] | undefined;
  },
): Promise<PublishedFootprint> {
  const report = await requireOwnReport(files.report, site.publicKey);
  const terms = requireInput(jsonOf(files.terms), footprintTerms);
  const making = { createdMs: site.clock.nowMs(), precedingPfIds: site.replaces };
  const document = footprintOfReport(report, terms, making);
  const { publishFootprint: published } = await client.request<{
    publishFootprint: Pick<PublishedFootprint, 'id' | 'publishedAt'>;
  }>(PUBLISH, { document }, { purpose: 'footprint' });
  return { ...published, document };
}

function jsonOf(bytes: Uint8Array): Json {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Json;
  } catch {
    throw new DomainError('INPUT_NOT_JSON', 'expected terms as JSON in UTF-8, got other bytes');
  }
}

/** Lets an organisation read a footprint of this site's, or no longer. @throws what the platform refuses */
export async function changeAccess(
  client: Client,
  of: { readonly footprintId: string; readonly organisationId: string },
  isRevoked: boolean,
): Promise<AccessGrant> {
  const purpose = { purpose: 'footprint' };
  if (isRevoked) {
    const { revokeFootprint } = await client.request<{ revokeFootprint: AccessGrant }>(REVOKE, of, purpose);
    return revokeFootprint;
  }
  const { grantFootprint } = await client.request<{ grantFootprint: AccessGrant }>(GRANT, of, purpose);
  return grantFootprint;
}
