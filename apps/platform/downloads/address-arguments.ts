import { DomainError, parseInstant } from '#core';
import { isStorable } from '../pipeline/request-text.ts';
import { TABLE_FORMATS, type TableFormat } from '../tables/formats.ts';

/** The arguments of a query as they stand in an address: each is taken once, and none may be left. */
export class AddressArguments {
  readonly #left = new Map<string, string>();

  /** @throws DOWNLOAD_QUERY */
  constructor(query: Readonly<Record<string, unknown>>) {
    for (const [name, text] of Object.entries(query)) {
      if (typeof text !== 'string' || !isStorable(text)) throw malformed('each argument once, as text');
      this.#left.set(name, text);
    }
  }

  optional(name: string): string | undefined {
    const text = this.#left.get(name);
    this.#left.delete(name);
    return text;
  }

  /** @throws DOWNLOAD_QUERY */
  required(name: string): string {
    const text = this.optional(name);
    if (text === undefined) throw malformed(name);
    return text;
  }

  /** @throws DOWNLOAD_QUERY, INSTANT_MALFORMED */
  instant(name: string): number {
    return parseInstant(this.required(name));
  }

  /** @throws INSTANT_MALFORMED */
  optionalInstant(name: string): number | null {
    const text = this.optional(name);
    return text === undefined ? null : parseInstant(text);
  }

  /** @throws DOWNLOAD_QUERY */
  flag(name: string): boolean {
    const text = this.optional(name) ?? 'false';
    if (text !== 'true' && text !== 'false') throw malformed('true or false for a flag');
    return text === 'true';
  }

  list(name: string): string[] | undefined {
    return this.optional(name)?.split(',');
  }

  /** @throws DOWNLOAD_FORMAT */
  format(): TableFormat {
    const format = TABLE_FORMATS.get(this.optional('format') ?? '');
    if (format !== undefined) return format;
    throw new DomainError(
      'DOWNLOAD_FORMAT',
      `expected format=${[...TABLE_FORMATS.keys()].join(' or ')}, got another`,
    );
  }

  /** @throws DOWNLOAD_QUERY */
  end(): void {
    if (this.#left.size > 0) throw malformed('arguments of this download only');
  }
}

const malformed = (expected: string): DomainError =>
  new DomainError('DOWNLOAD_QUERY', `expected ${expected}, got another`);
