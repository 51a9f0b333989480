import { DomainError } from '#core';
import type { SignedDay } from '#ledger';
import { DurableLog } from '../node/durable-log.ts';
import type { SiteDirectory } from '../node/site-directory.ts';

/** An own entry as the platform showed it. */
export interface SeenEntry {
  readonly index: number;
  readonly hash: string;
}

/** What this site saw of the ledger and said about it; written before it leaves. */
type Line =
  | { readonly kind: 'seen'; readonly entries: readonly SeenEntry[]; readonly cursor: string }
  | { readonly kind: 'signed'; readonly record: SignedDay; readonly signature: string }
  | { readonly kind: 'sent'; readonly day: string }
  | { readonly kind: 'forked'; readonly record: SignedDay };

type LineOf<K extends Line['kind']> = Extract<Line, { kind: K }>;

/**
 * The site's own memory of the ledger: entries it was shown must be in the records of their days, each record must continue
 * the one signed before, and of one day there is one record. What the platform says tomorrow is held against it.
 */
export class LedgerJournal {
  private readonly log: DurableLog<Line>;

  constructor(directory: SiteDirectory) {
    this.log = DurableLog.open<Line>(directory.file('ledger.jsonl'));
  }

  /** The newest record this site signed. */
  get last(): SignedDay | null {
    return this.lines('signed').at(-1)?.record ?? null;
  }

  /** The record, under the platform's signature, that contradicts those this site signed: evidence for everybody. */
  get fork(): SignedDay | undefined {
    return this.lines('forked').at(-1)?.record;
  }

  /** What was signed and, as far as this site knows, never arrived. */
  get unsent(): readonly LineOf<'signed'>[] {
    const sent = new Set(this.lines('sent').map(({ day }) => day));
    return this.lines('signed').filter(({ record }) => !sent.has(record.day));
  }

  /** Where the list of own entries was read up to. */
  get cursor(): string | null {
    return this.lines('seen').at(-1)?.cursor ?? null;
  }

  see(entries: readonly SeenEntry[], cursor: string): void {
    this.log.append({ kind: 'seen', entries, cursor });
  }

  /** Own entries after index `after` up to `last`. */
  seen(after: number, last: number): SeenEntry[] {
    return this.lines('seen').flatMap(({ entries }) =>
      entries.filter(({ index }) => index > after && index <= last),
    );
  }

  /** Of one day this site signs one record, whatever happens. @throws LEDGER_FORKED where it signed another one of that day */
  async sign(record: SignedDay, make: () => Promise<string>): Promise<void> {
    const known = this.lines('signed').find((line) => line.record.day === record.day);
    if (known === undefined) {
      this.log.append({ kind: 'signed', record, signature: await make() });
    } else if (known.record.hash !== record.hash) {
      throw new DomainError(
        'LEDGER_FORKED',
        `expected the record ${known.record.hash} signed for ${record.day}, got ${record.hash}`,
        'conflict',
        { day: record.day, expected: known.record.hash, got: record.hash },
      );
    }
  }

  sent(day: string): void {
    this.log.append({ kind: 'sent', day });
  }

  keepFork(record: SignedDay): void {
    this.log.append({ kind: 'forked', record });
  }

  private lines<K extends Line['kind']>(kind: K): LineOf<K>[] {
    return this.log.entries.filter((line): line is LineOf<K> => line.kind === kind);
  }
}
