import type {
  BatchEncoder,
  Ciphertext,
  ComprModeType,
  Decryptor,
  Encryptor,
  Evaluator,
  Plaintext,
  SEALContext,
} from 'node-seal/allows';
import { CIPHERTEXT_PRIMES, PLAIN_MODULUS, RING_DEGREE, SPECIAL_PRIME } from './parameters.ts';
import { type Residues, type Ring, ringOf, toBytes } from './ring.ts';
import { bfvContext, residuesAtEnd, Scope, type Seal } from './seal.ts';

/** SEAL's error distribution: 21 coin pairs, so |e| ≤ 21 (centred binomial, variance 10.5). */
export const ERROR_BOUND = 21n;

const WORD = 8;

/**
 * What SEAL does here: draws secrets and errors from its own samplers, transforms, encodes slots, decrypts with rounding.
 * Everything in and out is plain residues; foreign bytes never reach SEAL's parser, only residues set into own templates.
 */
export class Bfv implements Disposable {
  readonly ring: Ring = ringOf(RING_DEGREE, CIPHERTEXT_PRIMES);
  readonly #scope = new Scope();
  readonly #none: ComprModeType;
  readonly #context: SEALContext;
  readonly #encoder: BatchEncoder;
  readonly #evaluator: Evaluator;
  readonly #decryptor: Decryptor;
  readonly #ciphertext: Ciphertext;
  readonly #plaintext: Plaintext;
  readonly #errors: ErrorSampler;
  /** Serialized (0, 0) in coefficient and in transformed form, to be filled in. */
  readonly #coefficientForm: Uint8Array;
  readonly #transformedForm: Uint8Array;

  constructor(private readonly seal: Seal) {
    const own = this.#scope;
    this.#none = seal.ComprModeType.none;
    this.#context = bfvContext(seal, own, {
      degree: RING_DEGREE,
      primes: [...CIPHERTEXT_PRIMES, SPECIAL_PRIME],
      plainModulus: PLAIN_MODULUS,
    });
    this.#encoder = own.own(new seal.BatchEncoder(this.#context));
    this.#evaluator = own.own(new seal.Evaluator(this.#context));
    // Ciphertexts are opened as (Σ c0 + Σ d, 0), which any key rounds alike.
    const keys = own.own(new seal.KeyGenerator(this.#context));
    this.#decryptor = own.own(new seal.Decryptor(this.#context, own.own(keys.secretKey())));
    this.#ciphertext = own.own(new seal.Ciphertext());
    this.#plaintext = own.own(new seal.Plaintext());
    own.own(new seal.Encryptor(this.#context, own.own(keys.createPublicKey()))).encryptZero(this.#ciphertext);
    this.#coefficientForm = this.#emptied();
    this.#evaluator.cipherTransformToNttInplace(this.#ciphertext);
    this.#transformedForm = this.#emptied();
    this.#errors = new ErrorSampler(seal, own);
  }

  #emptied(): Uint8Array {
    const serialized: Uint8Array = this.#ciphertext.saveToArray(this.#none);
    return serialized.fill(0, serialized.length - 2 * WORD * this.ring.length);
  }

  #load(template: Uint8Array, x: Residues): void {
    template.set(toBytes(x), template.length - 2 * WORD * this.ring.length);
    this.#ciphertext.loadFromArray(this.#context, template);
  }

  /** A fresh ternary secret in transformed form, by SEAL's key generator. */
  drawSecret(): Residues {
    using scope = new Scope();
    const key = scope.own(scope.own(new this.seal.KeyGenerator(this.#context)).secretKey());
    const serialized: Uint8Array = key.saveToArray(this.#none);
    return residuesAtEnd(serialized, this.ring.length + RING_DEGREE, this.ring.length);
  }

  /** A fresh error polynomial, N integers within ±ERROR_BOUND, by SEAL's sampler. */
  drawError(): Int32Array {
    return this.#errors.draw();
  }

  /** Slots → the plaintext polynomial, N coefficients modulo t. */
  encode(slots: BigInt64Array): BigUint64Array<ArrayBuffer> {
    this.#encoder.encode(slots, this.#plaintext);
    const serialized: Uint8Array = this.#plaintext.saveToArray(this.#none);
    return residuesAtEnd(serialized, RING_DEGREE);
  }

  /** Coefficients → transformed form. */
  transform(x: Residues): Residues {
    this.#load(this.#coefficientForm, x);
    this.#evaluator.cipherTransformToNttInplace(this.#ciphertext);
    const serialized: Uint8Array = this.#ciphertext.saveToArray(this.#none);
    return residuesAtEnd(serialized, 2 * this.ring.length, this.ring.length);
  }

  /** Rounds Δ·m + small, in transformed form, to the slots of m, centred modulo t. */
  open(phase: Residues): BigInt64Array {
    this.#load(this.#transformedForm, phase);
    this.#evaluator.cipherTransformFromNttInplace(this.#ciphertext);
    this.#decryptor.decrypt(this.#ciphertext, this.#plaintext);
    return this.#encoder.decodeBigInt64(this.#plaintext);
  }

  [Symbol.dispose](): void {
    this.#scope[Symbol.dispose]();
  }
}

/**
 * SEAL does not export its error sampler. A symmetric encryption of zero is (−a·s − e, a); under the key s = 0 its first
 * component is −e, and errors do not depend on the modulus: the smallest one makes it cheapest.
 */
class ErrorSampler {
  readonly #encryptor: Encryptor;
  readonly #zero: Plaintext;
  readonly #ciphertext: Ciphertext;
  readonly #none: ComprModeType;

  constructor(seal: Seal, own: Scope) {
    this.#none = seal.ComprModeType.none;
    const context = bfvContext(seal, own, { degree: RING_DEGREE, primes: [SPECIAL_PRIME], plainModulus: 2n });
    const keys = own.own(new seal.KeyGenerator(context));
    const key = own.own(keys.secretKey());
    const serialized: Uint8Array = key.saveToArray(this.#none);
    key.loadFromArray(context, serialized.fill(0, serialized.length - WORD * RING_DEGREE));
    this.#encryptor = own.own(new seal.Encryptor(context, own.own(keys.createPublicKey()), key));
    this.#zero = own.own(new seal.Plaintext(1));
    this.#ciphertext = own.own(new seal.Ciphertext());
  }

  draw(): Int32Array {
    this.#encryptor.encryptSymmetric(this.#zero, this.#ciphertext);
    const serialized: Uint8Array = this.#ciphertext.saveToArray(this.#none);
    const residues = new Int32Array(residuesAtEnd(serialized, 2 * RING_DEGREE, RING_DEGREE).buffer);
    const prime = Number(SPECIAL_PRIME);
    const half = (prime - 1) / 2;
    const error = new Int32Array(RING_DEGREE);
    for (let i = 0; i < RING_DEGREE; i++) {
      // The low half of a 64-bit word holds the whole residue. Centred without a branch, as in ring.ts.
      const residue = residues[2 * i]!;
      error[i] = residue - (prime & ((half - residue) >> 31));
    }
    return error;
  }
}
