import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError, generateSigningKey, hashJson, type SigningKey } from '#core';
import { agreementKeyPair, type AgreementKey } from '#encryption';
import { writeDurably } from './durable-log.ts';

/** The keys of one participant; the private halves never leave its directory. */
export interface Identity {
  readonly signing: SigningKey;
  readonly agreement: AgreementKey;
}

/** What owners exchange out of band and pin: enough to recognise an organisation, nothing secret. */
export interface PublicIdentity {
  readonly legalId: string;
  readonly signingKey: string;
  readonly agreementKey: string;
  /** SHA-256 over the three, hex. */
  readonly fingerprint: string;
}

/** Where and as whom the node is enrolled, and what its owner lets it publish. */
export interface Enrolment {
  readonly platformUrl: string;
  readonly platformKey: string;
  readonly participantId: string;
  readonly organisationId: string;
  /** Register number of the organisation, as the platform and the other members know it. */
  readonly legalId: string;
  readonly publish: {
    readonly forecasts: boolean;
    readonly orders: boolean;
    readonly emissions: boolean;
    /** Daily errors of its own forecasts, without unit. */
    readonly scores: boolean;
  };
}

const TRUST_FORMAT = 'gridcommons/trust/1';

export const publicIdentity = (identity: Identity, legalId: string): Promise<PublicIdentity> =>
  pinOf({ legalId, signingKey: identity.signing.publicKey, agreementKey: identity.agreement.publicKey });

export async function pinOf(keys: Omit<PublicIdentity, 'fingerprint'>): Promise<PublicIdentity> {
  const { legalId, signingKey, agreementKey } = keys;
  return {
    legalId,
    signingKey,
    agreementKey,
    fingerprint: await hashJson({ legalId, signingKey, agreementKey }),
  };
}

/** The files of one participant: keys, enrolment, pinned organisations, readings, protocol logs. Everything mode 0600 in a 0700 directory. */
export class SiteDirectory {
  constructor(readonly path: string) {}

  create(): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
  }

  file(...names: string[]): string {
    return join(this.path, ...names);
  }

  folder(...names: string[]): string {
    const folder = this.file(...names);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  }

  /** Reads the keys, drawing and storing them first where there are none. @throws KEY_FILE_EXPOSED */
  async identity(): Promise<Identity> {
    const file = this.file('identity.json');
    if (!existsSync(file)) {
      this.create();
      writeDurably(
        file,
        JSON.stringify({ signing: await generateSigningKey(), agreement: agreementKeyPair() }),
      );
    }
    this.requirePrivateKeys();
    return readJson(file) as Identity;
  }

  /** Of keys that there are. @throws KEY_FILE_EXPOSED */
  requirePrivateKeys(): void {
    const file = this.file('identity.json');
    if (!existsSync(file) || (statSync(file).mode & 0o077) === 0) return;
    throw new DomainError(
      'KEY_FILE_EXPOSED',
      `expected ${file} to be readable by its owner only (0600)`,
      'forbidden',
      { file },
    );
  }

  saveEnrolment(enrolment: Enrolment): void {
    writeDurably(this.file('enrolment.json'), JSON.stringify(enrolment, null, 2));
  }

  get enrolled(): boolean {
    return existsSync(this.file('enrolment.json'));
  }

  /** @throws NOT_ENROLLED before `participant init`. */
  enrolment(): Enrolment {
    if (!this.enrolled) {
      throw new DomainError(
        'NOT_ENROLLED',
        `expected an enrolled directory (participant init), got ${this.path}`,
        'not-found',
      );
    }
    return readJson(this.file('enrolment.json')) as Enrolment;
  }

  pins(): readonly PublicIdentity[] {
    const file = this.file('trust.json');
    return existsSync(file) ? (readJson(file) as readonly PublicIdentity[]) : [];
  }

  /** Pins every identity of a trust file. @returns those newly pinned. @throws TRUST_FILE_MALFORMED, PIN_DIFFERS */
  async addTrust(file: string): Promise<PublicIdentity[]> {
    const pinned = [...this.pins()];
    const added: PublicIdentity[] = [];
    for (const identity of await readTrustFile(file)) {
      const known = pinned.find((pin) => pin.legalId === identity.legalId);
      if (known && known.fingerprint !== identity.fingerprint) {
        throw new DomainError(
          'PIN_DIFFERS',
          `expected the keys already pinned for ${identity.legalId}, got others`,
          'conflict',
        );
      }
      if (!known) {
        pinned.push(identity);
        added.push(identity);
      }
    }
    writeDurably(this.file('trust.json'), JSON.stringify(pinned, null, 2));
    return added;
  }
}

export const trustFile = (identities: readonly PublicIdentity[]): string =>
  JSON.stringify({ format: TRUST_FORMAT, identities }, null, 2);

async function readTrustFile(file: string): Promise<PublicIdentity[]> {
  const content = (readJson(file) ?? {}) as { format?: unknown; identities?: unknown };
  const identities =
    content.format === TRUST_FORMAT && Array.isArray(content.identities) ? content.identities : null;
  if (!identities) throw malformedTrust(file, `{"format": "${TRUST_FORMAT}", "identities": […]}`);
  return Promise.all(
    identities.map(async (identity: Partial<PublicIdentity> | null) => {
      const { legalId, signingKey, agreementKey, fingerprint } = identity ?? {};
      if (typeof legalId !== 'string' || !isKey(signingKey) || !isKey(agreementKey)) {
        throw malformedTrust(file, 'legalId, signingKey and agreementKey in each identity');
      }
      const pin = await pinOf({ legalId, signingKey, agreementKey });
      if (pin.fingerprint !== fingerprint)
        throw malformedTrust(file, `fingerprint ${pin.fingerprint} for ${legalId}`);
      return pin;
    }),
  );
}

const isKey = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

const malformedTrust = (file: string, expected: string) =>
  new DomainError('TRUST_FILE_MALFORMED', `expected ${expected} in ${file}, got something else`, 'invalid', {
    file,
  });

/** @throws FILE_NOT_FOUND, FILE_NOT_JSON */
export function readJson(file: string): unknown {
  if (!existsSync(file))
    throw new DomainError('FILE_NOT_FOUND', `expected a file at ${file}, got none`, 'not-found', { file });
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch {
    // The parser's words quote the file, which may hold a key.
    throw new DomainError('FILE_NOT_JSON', `expected JSON in ${file}, got something else`, 'invalid', {
      file,
    });
  }
}
