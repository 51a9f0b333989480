import { randomBytes } from 'node:crypto';
import { type Bytes, DomainError, fromHex, toHex, utf8 } from '#core';
import { loadUmbral, refusing, Scope, type Umbral, umbralBytes } from './umbral.ts';

/** From which all Umbral keys of a site follow: 32 random bytes, hex. Never logged, never sent. */
export type DeliverySeed = string;

/** A data key as its owner has sealed it; public. Compressed points and serialised objects, hex. */
export interface SealedKey {
  /** Of this content alone, so that no fragment opens another version. */
  readonly delegatingKey: string;
  /** By which fragments of this owner are recognised. */
  readonly verifyingKey: string;
  readonly capsule: string;
  readonly sealedKey: string;
}

const RECEIVING = 'gridcommons/delivery/receiving/1';
const SIGNING = 'gridcommons/delivery/signing/1';
const delegating = (contentId: string): string => `gridcommons/delivery/content/1 ${contentId}`;

export const newDeliverySeed = (): DeliverySeed => randomBytes(32).toString('hex');

export const newDataKey = (): Bytes => new Uint8Array(randomBytes(32));

/** The key that a site's deliveries are re-encrypted to; compressed point, hex. */
export async function receivingKeyOf(seed: DeliverySeed): Promise<string> {
  const umbral = await loadUmbral();
  using scope = new Scope();
  return publicHex(scope, secretKey(umbral, scope, seed, RECEIVING));
}

/** @throws RECEIVING_KEY_MALFORMED */
export async function requireReceivingKey(publicKey: string): Promise<void> {
  const umbral = await loadUmbral();
  using scope = new Scope();
  publicOf(umbral, scope, publicKey, 'RECEIVING_KEY_MALFORMED');
}

/** Seals a data key to its owner. */
export async function sealDataKey(
  seed: DeliverySeed,
  contentId: string,
  dataKey: Uint8Array,
): Promise<SealedKey> {
  const umbral = await loadUmbral();
  using scope = new Scope();
  const delegatingSecret = secretKey(umbral, scope, seed, delegating(contentId));
  const delegatingKey = scope.own(delegatingSecret.publicKey());
  const [capsule, sealedKey] = umbral.encrypt(delegatingKey, dataKey);
  return {
    delegatingKey: toHex(delegatingKey.toCompressedBytes()),
    verifyingKey: publicHex(scope, secretKey(umbral, scope, seed, SIGNING)),
    capsule: toHex(scope.own(capsule).toBytes()),
    sealedKey: toHex(sealedKey),
  };
}

/** The data key again, by its owner. @throws SEALED_KEY_INVALID */
export async function openOwnDataKey(
  seed: DeliverySeed,
  contentId: string,
  sealed: SealedKey,
): Promise<Bytes> {
  const umbral = await loadUmbral();
  using scope = new Scope();
  const secret = secretKey(umbral, scope, seed, delegating(contentId));
  return refusing('SEALED_KEY_INVALID', () => {
    const capsule = capsuleOf(umbral, scope, sealed);
    const bytes = umbralBytes(sealed.sealedKey, 'SEALED_KEY_INVALID');
    return requireDataKey(umbral.decryptOriginal(secret, capsule, bytes));
  });
}

/**
 * What turns the capsule of one content into one for a receiving key, and into nothing else; hex. Whoever holds it and the
 * receiving key opens that content. @throws RECEIVING_KEY_MALFORMED
 */
export async function keyFragmentFor(
  seed: DeliverySeed,
  contentId: string,
  receivingKey: string,
): Promise<string> {
  const umbral = await loadUmbral();
  using scope = new Scope();
  const secret = secretKey(umbral, scope, seed, delegating(contentId));
  const receiving = publicOf(umbral, scope, receivingKey, 'RECEIVING_KEY_MALFORMED');
  const signer = scope.own(new umbral.Signer(secretKey(umbral, scope, seed, SIGNING)));
  const [fragment] = umbral.generateKFrags(secret, receiving, signer, 1, 1, true, true);
  return toHex(scope.own(fragment!).toBytes());
}

/** Whose fragment, of which content, to whom. */
export type FragmentKeys = Pick<SealedKey, 'delegatingKey' | 'verifyingKey'> & {
  readonly receivingKey: string;
};

/** @throws FRAGMENT_INVALID unless it was made by the owner, of this content, for this receiving key */
export async function requireFragment(fragment: string, keys: FragmentKeys): Promise<void> {
  const umbral = await loadUmbral();
  using scope = new Scope();
  verifiedFragment(umbral, scope, fragment, keys);
}

/** The capsule for the holder of the receiving key: the work of the proxy, which learns nothing by it. @throws FRAGMENT_INVALID */
export async function reencryptCapsule(
  sealed: SealedKey,
  receivingKey: string,
  fragment: string,
): Promise<string> {
  const umbral = await loadUmbral();
  using scope = new Scope();
  return refusing('FRAGMENT_INVALID', () => {
    const verified = verifiedFragment(umbral, scope, fragment, { ...sealed, receivingKey });
    return toHex(scope.own(umbral.reencrypt(capsuleOf(umbral, scope, sealed), verified)).toBytes());
  });
}

/** The data key, by whom the capsule was re-encrypted for. @throws CAPSULE_FRAGMENT_INVALID */
export async function openDataKey(
  seed: DeliverySeed,
  sealed: SealedKey,
  capsuleFragment: string,
): Promise<Bytes> {
  const code = 'CAPSULE_FRAGMENT_INVALID';
  const umbral = await loadUmbral();
  using scope = new Scope();
  const secret = secretKey(umbral, scope, seed, RECEIVING);
  const receiving = scope.own(secret.publicKey());
  return refusing(code, () => {
    const capsule = capsuleOf(umbral, scope, sealed);
    const owner = publicOf(umbral, scope, sealed.delegatingKey, code);
    const verifying = publicOf(umbral, scope, sealed.verifyingKey, code);
    // Verifying consumes it, whatever the outcome.
    const told = umbral.CapsuleFrag.fromBytes(umbralBytes(capsuleFragment, code));
    const verified = scope.own(told.verify(capsule, verifying, owner, receiving));
    const sealedKey = umbralBytes(sealed.sealedKey, code);
    return requireDataKey(umbral.decryptReencrypted(secret, owner, capsule, [verified], sealedKey));
  });
}

function verifiedFragment(umbral: Umbral, scope: Scope, fragment: string, keys: FragmentKeys) {
  const code = 'FRAGMENT_INVALID';
  return refusing(code, () => {
    const [verifying, owner, receiving] = [keys.verifyingKey, keys.delegatingKey, keys.receivingKey].map(
      (key) => publicOf(umbral, scope, key, code),
    );
    // Verifying consumes it, whatever the outcome.
    const told = umbral.KeyFrag.fromBytes(umbralBytes(fragment, code));
    return scope.own(told.verify(verifying!, owner!, receiving!));
  });
}

function secretKey(umbral: Umbral, scope: Scope, seed: DeliverySeed, label: string) {
  if (!/^[0-9a-f]{64}$/.test(seed))
    throw new DomainError('DELIVERY_SEED_MALFORMED', 'expected 32 bytes in hexadecimal, got another form');
  const factory = scope.own(umbral.SecretKeyFactory.fromSecureRandomness(fromHex(seed)));
  return scope.own(factory.makeKey(utf8(label)));
}

const publicHex = (scope: Scope, secret: { publicKey(): InstanceType<Umbral['PublicKey']> }): string =>
  toHex(scope.own(secret.publicKey()).toCompressedBytes());

const publicOf = (umbral: Umbral, scope: Scope, hex: string, code: string) =>
  refusing(code, () => scope.own(umbral.PublicKey.fromCompressedBytes(umbralBytes(hex, code))));

const capsuleOf = (umbral: Umbral, scope: Scope, { capsule }: SealedKey) =>
  scope.own(umbral.Capsule.fromBytes(umbralBytes(capsule, 'SEALED_KEY_INVALID')));

/** @throws SEALED_KEY_INVALID */
function requireDataKey(bytes: Uint8Array): Bytes {
  if (bytes.length === 32) return new Uint8Array(bytes);
  throw new DomainError('SEALED_KEY_INVALID', 'expected a data key of 32 bytes, got another length');
}
