import { DomainError } from './domain-error.ts';

/** Bytes that own their memory: what Web Crypto and file APIs accept without a copy. */
export type Bytes = Uint8Array<ArrayBuffer>;

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text);

export function concat(...parts: readonly Uint8Array[]): Bytes {
  const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/** @throws HEX_MALFORMED unless `text` is lower-case hexadecimal of whole bytes. */
export function fromHex(text: string): Bytes {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) {
    throw new DomainError('HEX_MALFORMED', `expected lower-case hexadecimal, got ${text.length} characters`);
  }
  return Uint8Array.from({ length: text.length / 2 }, (_, i) =>
    Number.parseInt(text.slice(2 * i, 2 * i + 2), 16),
  );
}

const CHUNK = 0x8000;

/** Base64 with padding (RFC 4648 §4); used only where a file must be one JSON document. */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += CHUNK)
    binary += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  return btoa(binary);
}

/**
 * One text for every byte sequence: white space, missing padding and stray bits in the last digit are refused.
 * @throws BASE64_MALFORMED unless `text` is canonical base64 with padding.
 */
export function fromBase64(text: string): Bytes {
  const digits = text.slice(0, -4);
  const last = text.slice(-4);
  if (
    text.length % 4 !== 0 ||
    /[^A-Za-z0-9+/]/.test(digits) ||
    !/^(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=|[A-Za-z0-9+/][AQgw]==)?$/.test(last)
  ) {
    throw new DomainError('BASE64_MALFORMED', `expected base64 with padding, got ${text.length} characters`);
  }
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
