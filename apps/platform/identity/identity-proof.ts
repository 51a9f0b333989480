import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DomainError, fromHex, type SigningKey } from '#core';
import { PLATFORM_KEY } from '../platform.tokens.ts';
import type { Subject } from './oidc-verifier.ts';

/**
 * Codes that the platform gives to whoever shows a subject's token, and to nobody else: an admin that has one got it from its
 * holder. Without them any admin who knows an identifier could have its holder act, unknowingly, for the admin's organisation.
 */
@Injectable()
export class IdentityProof {
  readonly #key: Uint8Array;

  constructor(@Inject(PLATFORM_KEY) platformKey: SigningKey) {
    const key = hkdfSync('sha256', fromHex(platformKey.privateKey), '', 'gridcommons/identity-link/1', 32);
    this.#key = new Uint8Array(key);
  }

  /** 32 digits in hex. */
  codeOf({ issuer, subject }: Subject): string {
    const mac = createHmac('sha256', this.#key).update(JSON.stringify([issuer, subject]));
    return mac.digest('hex').slice(0, 32);
  }

  /** @throws IDENTITY_UNPROVEN */
  require(subject: Subject, code: string): void {
    const [expected, given] = [this.codeOf(subject), code].map((text) => Buffer.from(text));
    if (expected!.length === given!.length && timingSafeEqual(expected!, given!)) return;
    throw new DomainError('IDENTITY_UNPROVEN', 'expected the code that the subject got with its token, got another', 'forbidden'); // prettier-ignore
  }
}
