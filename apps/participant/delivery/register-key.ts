import { receivingKeyOf, signReceivingKey } from '#delivery';
import type { DeliverySite } from './delivery-site.ts';

const REGISTER = `mutation RegisterReceivingKey($publicKey: String!, $signature: String!) {
  registerReceivingKey(publicKey: $publicKey, signature: $signature) { id publicKey createdAt }
}`;

export interface RegisteredKey {
  readonly id: string;
  readonly publicKey: string;
  readonly createdAt: string;
}

/** Tells the platform what deliveries to this site are re-encrypted to; again changes nothing. @throws what the platform refuses */
export async function registerKey({
  seed,
  signing,
  enrolment,
  client,
}: DeliverySite): Promise<RegisteredKey> {
  const { organisationId, participantId } = enrolment;
  const publicKey = await receivingKeyOf(seed);
  const signature = await signReceivingKey(signing.privateKey, { organisationId, participantId, publicKey });
  const { registerReceivingKey } = await client.request<{ registerReceivingKey: RegisteredKey }>(REGISTER, {
    publicKey,
    signature,
  });
  return registerReceivingKey;
}
