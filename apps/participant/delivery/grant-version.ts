import { DomainError } from '#core';
import {
  fragmentHash,
  keyFragmentFor,
  type Manifest,
  requireManifest,
  requireReceivingKeySignature,
  signGrant,
} from '#delivery';
import { type DeliverySite, type OwnAgreement, ownAgreement, pinnedBy } from './delivery-site.ts';

const VERSION = `query EncryptedVersion($versionId: ID!) {
  encryptedVersion(versionId: $versionId) { versionId manifest signature }
}`;
const KEYS = `query ReceivingKeys($agreementId: ID!) {
  receivingKeys(agreementId: $agreementId, first: 100) { edges { node { participantId publicKey signature } } }
}`;
const GRANT = `mutation GrantDelivery($input: GrantDeliveryInput!) {
  grantDelivery(input: $input) { id agreementId versionId receivingKey createdAt }
}`;

export interface GrantedDelivery {
  readonly id: string;
  readonly agreementId: string;
  readonly versionId: string;
  readonly receivingKey: string;
  readonly createdAt: string;
  /** The pinned organisation that can open it from now on. */
  readonly legalId: string;
}

/**
 * Gives the platform the key fragment by which the consumer of an agreement, and nobody else, opens one own version.
 * @throws RECEIVING_KEY_UNPINNED unless a pinned organisation has signed the key, MANIFEST_OTHER, what the platform refuses
 */
export async function grantVersion(
  site: DeliverySite,
  of: { readonly agreementId: string; readonly versionId: string },
): Promise<GrantedDelivery> {
  const { client, seed, signing } = site;
  const { versionId } = of;
  const agreement = await ownAgreement(site, of.agreementId);
  const { contentId, root } = await ownManifest(site, versionId, agreement);
  const { receivingKey, legalId } = await receiverOf(site, agreement);
  const fragment = await keyFragmentFor(seed, contentId, receivingKey);
  const { id: agreementId, revocationEpoch, validUntil } = agreement;
  const statement = { agreementId, versionId, contentId, root, receivingKey, revocationEpoch, validUntil, fragmentHash: fragmentHash(fragment) }; // prettier-ignore
  const signature = await signGrant(signing.privateKey, statement);
  const input = { agreementId, versionId, receivingKey, fragment, statement, signature };
  const { grantDelivery } = await client.request<{ grantDelivery: Omit<GrantedDelivery, 'legalId'> }>(GRANT, { input }); // prettier-ignore
  return { ...grantDelivery, legalId };
}

/** As this site has signed it: the platform could name a content that was never meant for this data set. */
async function ownManifest(
  { client, signing }: DeliverySite,
  versionId: string,
  { dataSetId }: OwnAgreement,
): Promise<Manifest> {
  const { encryptedVersion } = await client.request<{
    encryptedVersion: { manifest: unknown; signature: string };
  }>(VERSION, { versionId });
  const { manifest, signature } = encryptedVersion;
  const own = await requireManifest(manifest, signature, signing.publicKey);
  if (own.dataSetId === dataSetId) return own;
  throw new DomainError('MANIFEST_OTHER', 'expected a version of the data set agreed on, got another', 'conflict'); // prettier-ignore
}

interface KeyNode {
  readonly participantId: string;
  readonly publicKey: string;
  readonly signature: string;
}

/** The newest receiving key of the consumer that a pinned organisation has signed. @throws RECEIVING_KEY_UNPINNED */
async function receiverOf(
  site: DeliverySite,
  { id: agreementId, consumerId: organisationId }: OwnAgreement,
): Promise<{ receivingKey: string; legalId: string }> {
  const { receivingKeys } = await site.client.request<{ receivingKeys: { edges: { node: KeyNode }[] } }>(KEYS, { agreementId }); // prettier-ignore
  const nodes = receivingKeys.edges.map(({ node }) => node);
  let newest: KeyNode | undefined;
  const pin = await pinnedBy(
    site,
    async ({ signingKey }) => {
      newest = await firstSigned(nodes, organisationId, signingKey);
    },
    'RECEIVING_KEY_UNPINNED',
  );
  return { receivingKey: newest!.publicKey, legalId: pin.legalId };
}

/** @throws SIGNATURE_INVALID where this key has signed none of them */
async function firstSigned(
  nodes: readonly KeyNode[],
  organisationId: string,
  signingKey: string,
): Promise<KeyNode> {
  for (const node of nodes) {
    const { participantId, publicKey, signature } = node;
    const statement = { organisationId, participantId, publicKey };
    const isSigned = await requireReceivingKeySignature(signingKey, statement, signature).then(
      () => true,
      () => false,
    );
    if (isSigned) return node;
  }
  throw new DomainError('SIGNATURE_INVALID', 'expected a receiving key signed by this key, got none', 'forbidden'); // prettier-ignore
}
