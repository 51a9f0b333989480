import type { DefaultDeclaration, TimedDeclaration } from '#market';
import { DurableLog } from '../node/durable-log.ts';
import type { SiteDirectory } from '../node/site-directory.ts';

/** A declaration as the platform's DeclareDefaultOrdersInput has it. */
export type SignedDeclaration = Omit<DefaultDeclaration, 'participant'> & { readonly signature: string };

type Entry =
  | { readonly kind: 'declared'; readonly declaration: SignedDeclaration }
  | { readonly kind: 'revoked'; readonly id: string; readonly atMs: number }
  | { readonly kind: 'withdrawn'; readonly session: string };

/**
 * Default orders that this site declared, written before they leave, and where it took them back. A file of its own: the owner
 * writes it on the command line while the node, which may be running, reads it anew each time.
 */
export class DefaultsJournal {
  readonly #file: string;

  constructor(directory: SiteDirectory) {
    this.#file = directory.file('defaults.jsonl');
  }

  find(id: string): SignedDeclaration | undefined {
    return this.#declared().find(({ declaration }) => declaration === id);
  }

  /** In the order in which they were declared, which stands for the time: the market's clock is not this site's. */
  timed(participant: string): readonly TimedDeclaration[] {
    return this.#declared().map((declaration, n) => ({
      ...declaration,
      participant,
      declaredAtMs: n,
      revokedAtMs: this.#entries('revoked').find(({ id }) => id === declaration.declaration)?.atMs ?? null,
    }));
  }

  isWithdrawn(session: string): boolean {
    return this.#entries('withdrawn').some((entry) => entry.session === session);
  }

  declare(declaration: SignedDeclaration): void {
    this.#append({ kind: 'declared', declaration });
  }

  /** @param atMs by the market's clock */
  revoke(id: string, atMs: number): void {
    if (!this.#entries('revoked').some((entry) => entry.id === id))
      this.#append({ kind: 'revoked', id, atMs });
  }

  withdraw(session: string): void {
    if (!this.isWithdrawn(session)) this.#append({ kind: 'withdrawn', session });
  }

  #declared(): readonly SignedDeclaration[] {
    return this.#entries('declared').map(({ declaration }) => declaration);
  }

  #entries<K extends Entry['kind']>(kind: K): readonly Extract<Entry, { kind: K }>[] {
    const entries = DurableLog.peek(this.#file) as readonly Entry[];
    return entries.filter((entry): entry is Extract<Entry, { kind: K }> => entry.kind === kind);
  }

  #append(entry: Entry): void {
    DurableLog.open<Entry>(this.#file).append(entry);
  }
}
