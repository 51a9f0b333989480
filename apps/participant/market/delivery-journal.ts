import { parseInstant } from '#core';
import type { StatedVersion } from '#market';
import { DurableLog } from '../node/durable-log.ts';
import type { SiteDirectory } from '../node/site-directory.ts';
import type { SignedCorrection } from './delivery-corrections.ts';
import type { SignedDelivery } from './signed-deliveries.ts';

type Entry =
  | { readonly session: string; readonly statements: readonly SignedDelivery[] }
  | { readonly session: string; readonly corrections: readonly SignedCorrection[] };

/** What this site has said of its deliveries, written before it leaves: what is said again is said in the same words. */
export class DeliveryJournal {
  private readonly log: DurableLog<Entry>;

  constructor(directory: SiteDirectory) {
    this.log = DurableLog.open<Entry>(directory.file('deliveries.jsonl'));
  }

  /** The first statements of a session's slots: those made before as they were, others as made now. */
  first(session: string, made: readonly SignedDelivery[]): readonly SignedDelivery[] {
    const known = new Map(this.statements(session).map((statement) => [statement.startsAt, statement]));
    const fresh = made.filter(({ startsAt }) => !known.has(startsAt));
    if (fresh.length > 0) this.log.append({ session, statements: fresh });
    return [...known.values(), ...fresh];
  }

  /** The newest that was said of each slot of a session, by its start. */
  stated(session: string): ReadonlyMap<number, StatedVersion> {
    const versions = [
      ...this.statements(session).map((statement) => ({ ...statement, version: 1 })),
      ...this.corrections(session),
    ];
    const stated = new Map<number, StatedVersion>();
    for (const { startsAt, version, netImportWh, netExportWh } of versions)
      stated.set(parseInstant(startsAt), { version, netImportWh, netExportWh });
    return stated;
  }

  /** In the order in which they were made. */
  corrections(session: string): readonly SignedCorrection[] {
    return this.log.entries.flatMap((entry) =>
      entry.session === session && 'corrections' in entry ? entry.corrections : [],
    );
  }

  correct(session: string, corrections: readonly SignedCorrection[]): void {
    this.log.append({ session, corrections });
  }

  private statements(session: string): readonly SignedDelivery[] {
    return this.log.entries.flatMap((entry) =>
      entry.session === session && 'statements' in entry ? entry.statements : [],
    );
  }
}
