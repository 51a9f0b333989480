import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';

/** A document by its text, with the types of its answer and variables where code generation has found them. */
export type Document<R, V> = (DocumentTypeDecoration<R, V> & { toString(): string }) | string;

export const textOf = <R, V>(document: Document<R, V>): string => document.toString();

/** What every list takes. */
export interface Paged {
  readonly first?: number | null;
  readonly after?: string | null | undefined;
}

/** What every list answers. */
export interface Page<N> {
  readonly edges: readonly { readonly node: N }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null };
}
