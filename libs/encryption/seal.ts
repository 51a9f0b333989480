import type { EncryptionParameters as SealParameters, MainModule, SEALContext } from 'node-seal/allows';
import initialize from 'node-seal/allows';

/** SEAL 4.1 compiled to WebAssembly; the build that lets ciphertexts without second component pass. Loaded once. */
export type Seal = MainModule;

let loading: Promise<Seal> | undefined;

export const loadSeal = (): Promise<Seal> => (loading ??= initialize());

interface Deletable {
  delete(): void;
}

/** Frees WASM objects, last first: SEAL's live outside the garbage collector's reach. */
export class Scope implements Disposable {
  readonly #owned: Deletable[] = [];

  own<T extends Deletable>(object: T): T {
    this.#owned.push(object);
    return object;
  }

  [Symbol.dispose](): void {
    for (let object = this.#owned.pop(); object; object = this.#owned.pop()) object.delete();
  }
}

export interface ContextChoice {
  readonly degree: number;
  /** The last one is SEAL's special prime, where there are several. */
  readonly primes: readonly bigint[];
  readonly plainModulus: bigint;
}

/** A BFV context at 128-bit security. */
export function bfvContext(
  seal: Seal,
  scope: Scope,
  { degree, primes, plainModulus }: ContextChoice,
): SEALContext {
  const parameters: SealParameters = scope.own(new seal.EncryptionParameters(seal.SchemeType.bfv));
  const moduli = scope.own(new seal.VectorModulus());
  for (const prime of primes) moduli.push_back(scope.own(new seal.Modulus(prime)));
  parameters.setPolyModulusDegree(degree);
  parameters.setCoeffModulus(moduli);
  parameters.setPlainModulus(scope.own(new seal.Modulus(plainModulus)));
  return scope.own(new seal.SEALContext(parameters, true, seal.SecLevelType.tc128));
}

/**
 * The first `count` of the last `words` 64-bit words of a serialized object: its residues, behind a header whose length is
 * SEAL's affair. Copied.
 */
export function residuesAtEnd(
  serialized: Uint8Array,
  words: number,
  count = words,
): BigUint64Array<ArrayBuffer> {
  const start = serialized.length - 8 * words;
  return new BigUint64Array(new Uint8Array(serialized.subarray(start, start + 8 * count)).buffer);
}
