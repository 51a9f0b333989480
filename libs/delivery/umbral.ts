import type * as Package from '@nucypher/umbral-pre';
import { type Bytes, DomainError, fromHex } from '#core';

/** Umbral (Nuñez 2018) over secp256k1, compiled to WebAssembly. GPL-3.0-only: see docs/decisions/0046. */
export type Umbral = typeof Package;

let loading: Promise<Umbral> | undefined;

/** Loaded once, and not before somebody delivers. */
export const loadUmbral = (): Promise<Umbral> => (loading ??= import('@nucypher/umbral-pre'));

interface Freeable {
  free(): void;
}

/** Frees objects of the WebAssembly heap, last first; secrets among them do not wait for a collector. */
export class Scope implements Disposable {
  readonly #owned: Freeable[] = [];

  own<T extends Freeable>(object: T): T {
    this.#owned.push(object);
    return object;
  }

  [Symbol.dispose](): void {
    for (let object = this.#owned.pop(); object; object = this.#owned.pop()) object.free();
  }
}

const MAX_HEX = 2_048;

/** Bytes of an Umbral object from outside. @throws `code` */
export function umbralBytes(hex: unknown, code: string): Bytes {
  if (typeof hex !== 'string' || hex.length > MAX_HEX || !/^(?:[0-9a-f]{2})+$/.test(hex)) throw refused(code);
  return fromHex(hex);
}

/** Runs what the package refuses by throwing words of its own, which may quote what it was given. @throws `code` */
export function refusing<T>(code: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw refused(code);
  }
}

const refused = (code: string): DomainError =>
  new DomainError(code, 'expected what Umbral made for these keys, got something else', 'forbidden');
