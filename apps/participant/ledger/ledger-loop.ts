import { DomainError } from '#core';
import { countersignDay, requireNextDay, requireSignedDay, type SignedDay, verifyInclusion } from '#ledger';
import type { SiteNode } from '../node/node.ts';
import { daysSince, entriesAfter, proofsOf, sendCountersignature } from './ledger-answers.ts';
import { LedgerJournal } from './ledger-journal.ts';

/** Between two looks at the ledger, by the wall's clock: the platform looks for finished days as often. */
const ASK_MS = 30_000;
/** Of 100 own entries each; what is left is read at the next look. */
const PAGES_PER_LOOK = 100;

type Site = Pick<SiteNode, 'directory' | 'identity' | 'enrolment' | 'client' | 'report'>;

/**
 * The site's part in the ledger: it counter-signs each day's record after it has found its own entries in it and the record
 * to continue the one it signed before. Where the platform shows another history, it says LEDGER_FORKED, keeps the
 * platform's signature on it as evidence, and signs no more. A restart repeats steps safely.
 */
export class LedgerLoop {
  private readonly journal: LedgerJournal;
  private askedMs = Number.NEGATIVE_INFINITY;
  private readonly told = new Set<string>();

  constructor(
    private readonly node: Site,
    private readonly wallMs: () => number = () => performance.now(),
  ) {
    this.journal = new LedgerJournal(node.directory);
    const { fork } = this.journal;
    if (fork) this.tellFork(fork);
  }

  /** One pass. @returns whether a record was signed */
  async step(): Promise<boolean> {
    if (this.journal.fork || this.wallMs() - this.askedMs < ASK_MS) return false;
    this.askedMs = this.wallMs();
    const signed = await this.attempt(() => this.signDays());
    await this.attempt(() => this.send());
    return signed;
  }

  /** What is refused, by this node or by the platform, is told once and tried again at the next look. */
  private async attempt(work: () => Promise<boolean>): Promise<boolean> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
      const { code, message } = error;
      if (!this.journal.fork && !this.told.has(message)) {
        this.told.add(message);
        this.node.report('ledger-refused', { code, reason: message });
      }
      return false;
    }
  }

  /** Also what was signed before the process or the connection ended. */
  private async send(): Promise<boolean> {
    for (const { record, signature } of this.journal.unsent) {
      await sendCountersignature(this.node.client, record.day, signature);
      this.journal.sent(record.day);
    }
    return true;
  }

  /** Entries are kept as they are shown while their day is open, to be found again in its record. */
  private async seeEntries(): Promise<void> {
    for (let page = 0; page < PAGES_PER_LOOK; page++) {
      const { entries, cursor } = await entriesAfter(this.node.client, this.journal.cursor);
      if (cursor === null) return;
      this.journal.see(entries, cursor);
    }
  }

  private async signDays(): Promise<boolean> {
    await this.seeEntries();
    const { last } = this.journal;
    const days = await daysSince(this.node.client, last?.day ?? null);
    if (last && days[0]?.hash !== last.hash) return this.requireUnforked(days[0], last);
    const fresh = last ? days.slice(1) : days;
    for (const record of fresh) await this.signDay(record);
    return fresh.length > 0;
  }

  /** @throws LEDGER_FORKED */
  private async requireUnforked(record: SignedDay | undefined, last: SignedDay): Promise<never> {
    if (record) {
      await this.requirePlatform(record);
      this.keepFork(record);
    }
    throw new DomainError(
      'LEDGER_FORKED',
      `expected the record ${last.hash} signed for ${last.day}, got ${record?.hash ?? 'none'}`,
      'conflict',
      { day: last.day, expected: last.hash, got: record?.hash ?? null },
    );
  }

  private async signDay(record: SignedDay): Promise<void> {
    const { node, journal } = this;
    await this.requirePlatform(record);
    this.requireNext(record);
    const entries = await this.requireOwnEntries(record);
    const { participantId } = node.enrolment;
    await journal.sign(record, () =>
      countersignDay(node.identity.signing.privateKey, record.hash, participantId),
    );
    node.report('countersigned', { day: record.day, record: record.hash, entries });
  }

  /** @throws LEDGER_DAY_INVALID, SIGNATURE_INVALID, LEDGER_PLATFORM_KEY */
  private async requirePlatform(record: SignedDay): Promise<void> {
    await requireSignedDay(record);
    const { platformKey } = this.node.enrolment;
    if (record.platformKey === platformKey) return;
    throw new DomainError(
      'LEDGER_PLATFORM_KEY',
      `expected the record of ${record.day} under ${platformKey}, got ${record.platformKey}`,
      'forbidden',
      { day: record.day },
    );
  }

  /** @throws LEDGER_FORKED, LEDGER_DAY_INVALID */
  private requireNext(record: SignedDay): void {
    try {
      requireNextDay(record, this.journal.last);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'LEDGER_FORKED') this.keepFork(record);
      throw error;
    }
  }

  /** @returns how many there are. @throws LEDGER_PROOF_INVALID, LEDGER_ENTRY_MISSING */
  private async requireOwnEntries(record: SignedDay): Promise<number> {
    const proofs = await proofsOf(this.node.client, record);
    const included = new Map<number, string>();
    for (const { entry, path } of proofs) {
      const { reason } = await verifyInclusion(entry, path, record);
      if (reason !== undefined) throw fault('LEDGER_PROOF_INVALID', record, entry.index, reason);
      included.set(entry.index, entry.hash);
    }
    const seen = this.journal.seen(this.journal.last?.lastIndex ?? -1, record.lastIndex);
    const missing = seen.find(({ index, hash }) => included.get(index) !== hash);
    if (missing) throw fault('LEDGER_ENTRY_MISSING', record, missing.index, 'another or none');
    return included.size;
  }

  private keepFork(record: SignedDay): void {
    this.journal.keepFork(record);
    this.tellFork(record);
  }

  private tellFork({ day, hash }: SignedDay): void {
    this.node.report('LEDGER_FORKED', { day, signed: this.journal.last?.hash ?? 'none', got: hash });
  }
}

const fault = (code: string, { day }: SignedDay, index: number, got: string): DomainError =>
  new DomainError(code, `expected own entry ${index} in the record of ${day}, got ${got}`, 'conflict', {
    day,
    index,
  });
