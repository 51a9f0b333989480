import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { type Bytes, concat, generateSigningKey, HOUR_MS, type SigningKey } from '#core';
import { type AgreementKey, agreementKeyPair, seal, seededDither, thresholdAggregator } from '#encryption';
import {
  type Aggregator,
  type BlobReference,
  chunkCount,
  type Dealing,
  encodeValues,
  type TaskCard,
} from '#federation';
import { DAY_AHEAD_MOMENTS, momentCount, siteMoments } from '#forecasting';
import type { Principal } from '../../apps/platform/pipeline/principal.ts';

/** Sites that deal and encrypt for themselves. */
const SAMPLE = 8;
const HEADER_BYTES = 32;

export interface Site {
  readonly number: number;
  readonly organisation: string;
  readonly legalId: string;
  readonly signing: SigningKey;
  readonly agreement: AgreementKey;
  readonly principal: Principal;
}

export interface NamedBytes extends BlobReference {
  readonly content: Bytes;
}

export interface Crowd {
  /** In roster order. */
  readonly sites: readonly Site[];
}

export async function gather(count: number, label: string): Promise<Crowd> {
  const sites: Site[] = [];
  for (let number = 0; number < count; number++) {
    const organisation = randomUUID();
    sites.push({
      number,
      organisation,
      legalId: `${label}:${String(number).padStart(6, '0')}`,
      signing: await generateSigningKey(),
      agreement: agreementKeyPair(),
      principal: { kind: 'participant', id: randomUUID(), organisationId: organisation, roles: ['firm'] },
    });
  }
  return { sites };
}

const named = (content: Bytes): NamedBytes => ({
  blob: createHash('sha256').update(content).digest('hex'),
  bytes: content.length,
  content,
});

/**
 * What sites deal and upload. The first few are real throughout: own secret, sealed shares, moments of own readings. Every
 * other one reuses the secret of one of them: its sealed shares are theirs under another header, which only their receiver
 * could tell, its upload their encryption of zeros with one more error, its number at every place, which is the transform
 * of a constant polynomial. So every upload has a hash of its own, and the whole sum decodes to the moments of the first.
 */
export class Ciphers implements Disposable {
  readonly #zeros: Bytes[] = [];

  private constructor(
    readonly card: TaskCard,
    readonly aggregator: Aggregator & Disposable,
    private readonly cardHash: string,
    private readonly dealings: readonly Dealing[],
    private readonly sealed: readonly (readonly Bytes[])[],
  ) {}

  static async of(card: TaskCard, cardHash: string, { sites }: Crowd): Promise<Ciphers> {
    const aggregator = await thresholdAggregator(card.encryption);
    const { threshold, decryptors } = card.release;
    const real = sites.slice(0, SAMPLE);
    const dealings = real.map(() => aggregator.deal(threshold, decryptors.length));
    const byName = new Map(sites.map((site) => [site.organisation, site]));
    const sealed: Bytes[][] = [];
    for (const [d, dealer] of real.entries()) {
      const shares = decryptors.map((decryptor, i) =>
        seal(dealings[d]!.shares[i]!, {
          agreementPrivateKey: dealer.agreement.privateKey,
          signingPrivateKey: dealer.signing.privateKey,
          recipient: byName.get(decryptor)!.agreement.publicKey,
          context: { cardHash, dealer: dealer.organisation, decryptor, index: i + 1 },
        }),
      );
      sealed.push(await Promise.all(shares));
    }
    return new Ciphers(card, aggregator, cardHash, dealings, sealed);
  }

  isReal(site: number): boolean {
    return site < this.dealings.length;
  }

  /** The share of a site's secret at a point: by list, the same bytes for all who reuse one. */
  share(site: number, point: number): Bytes {
    return this.dealings[site % this.dealings.length]!.shares[point - 1]!;
  }

  sealedShares(site: number): NamedBytes[] {
    const own = this.sealed[site % this.sealed.length]!;
    if (this.isReal(site)) return own.map(named);
    return own.map((share) => named(concat(randomBytes(HEADER_BYTES), share.subarray(HEADER_BYTES))));
  }

  /** The moments a real site sends. */
  moments(site: number): Float64Array {
    const { train, validation } = this.card.data;
    const epochs = { train: interval(train), validation: interval(validation) };
    const hours = (epochs.validation.endMs - epochs.train.startMs) / HOUR_MS;
    const values = Float64Array.from({ length: hours }, (_, i) => {
      const rhythm = Math.sin((2 * Math.PI * i) / 24) + 0.5 * Math.cos((2 * Math.PI * i) / 168);
      return (4 + site) * (2 + rhythm + 0.3 * Math.sin(i * i + 7 * site));
    });
    return siteMoments(
      { startMs: epochs.train.startMs, resolutionMs: HOUR_MS, values },
      this.card.data.zone,
      epochs,
      DAY_AHEAD_MOMENTS,
    );
  }

  upload(site: number): NamedBytes {
    if (this.isReal(site)) return named(this.#encrypt(site, this.moments(site)));
    const like = site % this.dealings.length;
    this.#zeros[like] ??= this.#encrypt(like, new Float64Array(momentCount(DAY_AHEAD_MOMENTS)));
    return named(withConstant(this.#zeros[like], site));
  }

  [Symbol.dispose](): void {
    this.aggregator[Symbol.dispose]();
  }

  #encrypt(site: number, values: Float64Array): Bytes {
    const { secret } = this.dealings[site]!;
    const { encryption } = this.card;
    const dither = seededDither(secret, { cardHash: this.cardHash, step: 'bench', values });
    const chunks = encodeValues(values, encryption, dither);
    if (chunks.length !== chunkCount(encryption))
      throw new Error(`expected all chunks, got ${chunks.length}`);
    return concat(
      ...chunks.map((slots, chunk) =>
        this.aggregator.encrypt(secret, slots, { cardHash: this.cardHash, round: 1, chunk }),
      ),
    );
  }
}

/** Adds a small number to every residue; one so close to its prime that it overflows occurs once in 2^46. */
function withConstant(ciphertext: Bytes, constant: number): Bytes {
  const words = new Uint32Array(ciphertext.slice().buffer);
  for (let i = 0; i < words.length; i += 2) {
    const low = words[i]! + constant;
    words[i] = low;
    if (low > 0xffff_ffff) words[i + 1]! += 1;
  }
  return new Uint8Array(words.buffer);
}

const interval = ({ start, end }: { readonly start: string; readonly end: string }) => ({
  startMs: Date.parse(start),
  endMs: Date.parse(end),
});
