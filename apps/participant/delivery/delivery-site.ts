import { existsSync, readFileSync, statSync } from 'node:fs';
import { DomainError, type SigningKey } from '#core';
import { type DeliverySeed, newDeliverySeed } from '#delivery';
import { writeDurably } from '../node/durable-log.ts';
import { PlatformClient } from '../node/platform-client.ts';
import { type Enrolment, type PublicIdentity, SiteDirectory } from '../node/site-directory.ts';

/** What a site delivers and receives with. */
export interface DeliverySite {
  readonly directory: SiteDirectory;
  readonly enrolment: Enrolment;
  readonly signing: SigningKey;
  readonly seed: DeliverySeed;
  readonly client: PlatformClient;
}

/** @throws NOT_ENROLLED, KEY_FILE_EXPOSED */
export async function deliverySite(path: string): Promise<DeliverySite> {
  const directory = new SiteDirectory(path);
  const enrolment = directory.enrolment();
  const { signing } = await directory.identity();
  const { participantId, platformUrl } = enrolment;
  const client = new PlatformClient(platformUrl, { participantId, privateKey: signing.privateKey });
  return { directory, enrolment, signing, seed: seedOf(directory), client };
}

/** Drawn and stored first where there is none. @throws KEY_FILE_EXPOSED */
function seedOf(directory: SiteDirectory): DeliverySeed {
  const file = directory.file('delivery.key');
  if (!existsSync(file)) writeDurably(file, `${newDeliverySeed()}\n`);
  if ((statSync(file).mode & 0o077) !== 0) {
    throw new DomainError('KEY_FILE_EXPOSED', `expected ${file} to be readable by its owner only (0600)`, 'forbidden', { file }); // prettier-ignore
  }
  return readFileSync(file, 'utf8').trim();
}

/**
 * The pinned organisation whose key passes the check: what the platform says of whose key it is counts for nothing.
 * @throws `code` where none does
 */
export async function pinnedBy(
  { directory }: Pick<DeliverySite, 'directory'>,
  check: (pin: PublicIdentity) => Promise<unknown>,
  code: string,
): Promise<PublicIdentity> {
  for (const pin of directory.pins()) {
    const passes = await check(pin).then(
      () => true,
      (error: unknown) => {
        if (error instanceof DomainError && error.code === 'SIGNATURE_INVALID') return false;
        throw error;
      },
    );
    if (passes) return pin;
  }
  throw new DomainError(
    code,
    'expected what an organisation has signed that is pinned here (participant trust add), got none such',
    'forbidden',
  );
}

/** What both sides ask of an agreement. */
export interface OwnAgreement {
  readonly id: string;
  readonly consumerId: string;
  readonly dataSetId: string;
  readonly validUntil: string | null;
  readonly revocationEpoch: number;
}

const AGREEMENT = `query AgreementOfDelivery($id: ID!) {
  dataAgreement(id: $id) { id consumerId dataSetId validUntil revocationEpoch }
}`;

/** @throws AGREEMENT_NOT_FOUND */
export async function ownAgreement({ client }: DeliverySite, id: string): Promise<OwnAgreement> {
  const { dataAgreement } = await client.request<{ dataAgreement: OwnAgreement }>(AGREEMENT, { id });
  return dataAgreement;
}

/** How far a transfer has come. */
export interface Progress {
  readonly chunks: number;
  /** Chunks that are there. */
  readonly done: number;
}
