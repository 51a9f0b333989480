import { type DocumentNode, visit } from 'graphql';
import { DomainError } from '#core';

/** NUL, which no column of the database takes, and half of a surrogate pair, which no UTF-8 has. */
export const isStorable = (text: string): boolean => !text.includes('\u0000') && !/\p{Surrogate}/u.test(text);

/**
 * That all text of a JSON value can be stored and hashed, names of members too. Walks without recursion: what comes over
 * a WebSocket may be of any depth.
 * @throws TEXT_INVALID
 */
export function requireStorable(json: unknown): void {
  const left: unknown[] = [json];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === 'string') requireText(value);
    else if (Array.isArray(value)) for (const item of value) left.push(item);
    else if (typeof value === 'object' && value !== null)
      for (const [name, item] of Object.entries(value)) left.push(name, item);
  }
}

/** The same of what a document writes out itself, by escapes too. @throws TEXT_INVALID */
export function requireStorableDocument(document: DocumentNode): void {
  visit(document, { StringValue: ({ value }) => requireText(value) });
}

function requireText(text: string): void {
  if (isStorable(text)) return;
  throw new DomainError('TEXT_INVALID', 'expected text without U+0000 and lone surrogates, got some with');
}
