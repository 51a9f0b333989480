import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DomainError,
  fixedClock,
  generateSigningKey,
  HOUR_MS,
  type Json,
  sha256Hex,
  type SigningKey,
} from '#core';
import {
  activeSet,
  advance,
  type AnyMessage,
  awaited,
  cardHashOf,
  completeBlocks,
  type MessageKind,
  openFromCard,
  type Payloads,
  PLATFORM,
  platformDuty,
  type RosterMember,
  signMessage,
  startingModel,
  type TaskCard,
  type TaskState,
} from '#federation';
import { appendEntry, type TranscriptEntry } from '#transcript';
import { FederationLoop } from '../../apps/participant/federation/federation-loop.ts';
import type { SiteNode } from '../../apps/participant/node/node.ts';
import { PlatformClient } from '../../apps/participant/node/platform-client.ts';
import {
  type Identity,
  publicIdentity,
  SiteDirectory,
  trustFile,
} from '../../apps/participant/node/site-directory.ts';
import { ridgeCard } from './ridge-card.ts';

const TASK = '00000000-0000-4000-8000-0000000000bb';
const DAYS = 28;

/** A transcript as the platform shows it to somebody, and where the protocol is by it. */
export class History {
  private constructor(
    public entries: TranscriptEntry[],
    public state: TaskState,
  ) {}

  static async from(card: AnyMessage): Promise<History> {
    return new History([await appendEntry(null, card)], await openFromCard(card));
  }

  /** @throws what the protocol refuses */
  async append(message: AnyMessage): Promise<void> {
    this.state = await advance(this.state, message);
    this.entries.push(await appendEntry(this.entries.at(-1)!, message));
  }

  /** Shown whatever it is, as by a platform that does not care. */
  async insist(message: AnyMessage): Promise<void> {
    this.entries.push(await appendEntry(this.entries.at(-1)!, message));
  }

  fork(): History {
    return new History([...this.entries], this.state);
  }
}

/** One node and what the platform shows it. */
export class MemorySite extends PlatformClient {
  view!: History;
  readonly said: AnyMessage[] = [];
  readonly events: { readonly event: string; readonly facts: Record<string, string | number> }[] = [];
  /** When set, a post arrives nowhere. */
  unreachable = false;
  /** Its hourly readings. */
  values: number[];
  private running: FederationLoop | null = null;

  constructor(
    readonly organisation: string,
    readonly directory: SiteDirectory,
    private readonly keys: Identity,
    private readonly world: { readonly blobs: Map<string, Uint8Array>; readonly platformKey: string },
  ) {
    super('http://memory.invalid', null);
    const site = Number(organisation.slice('org-'.length));
    this.values = Array.from({ length: 24 * DAYS }, (_, i) => 2 + site + Math.sin(i * i + site));
  }

  get node(): SiteNode {
    const regular = async (_series: string, { startMs }: { startMs: number }) => ({
      startMs,
      resolutionMs: HOUR_MS,
      values: Float64Array.from(this.values),
    });
    return {
      directory: this.directory,
      identity: this.keys,
      enrolment: {
        organisationId: this.organisation,
        legalId: `LEI-${this.organisation}`,
        platformKey: this.world.platformKey,
      },
      client: this,
      readings: {
        columns: async () => ['load_kwh'],
        resolutions: async () => new Map([['load_kwh', HOUR_MS]]),
        regular,
      },
      clock: fixedClock(Date.UTC(2026, 5, 1)),
      report: (event: string, facts = {}) => void this.events.push({ event, facts }),
    } as unknown as SiteNode;
  }

  get loop(): FederationLoop {
    return (this.running ??= new FederationLoop(this.node));
  }

  /** As after a crash: everything in memory is gone. */
  restart(): void {
    this.running?.close();
    this.running = null;
  }

  /** Codes of what it refused. */
  get refusals(): unknown[] {
    return this.events.filter(({ event }) => event === 'refused').map(({ facts }) => facts['code']);
  }

  file(name: string): string {
    return this.directory.file('federation', this.view.state.cardHash, name);
  }

  override async request<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    return (await this.answer(query, variables)) as T;
  }

  private async answer(query: string, variables: Record<string, unknown>): Promise<unknown> {
    const { entries, state } = this.view;
    if (query.startsWith('query Tasks'))
      return { tasks: { edges: [{ node: { id: TASK, cardHash: state.cardHash, phase: state.phase } }] } };
    if (query.startsWith('query Transcript'))
      return { transcript: entries.slice(Number(variables['after']) + 1) };
    if (query.startsWith('mutation Decline')) return { declineTask: { declinedAt: '' } };
    if (this.unreachable)
      throw new DomainError('PLATFORM_UNAVAILABLE', 'expected an answer, got none', 'unavailable');
    const message = variables['message'] as AnyMessage;
    this.said.push(message);
    const again = entries.findIndex((entry) => entry.message.signature === message.signature);
    if (again < 0) await this.view.append(message);
    return { postMessage: { index: again < 0 ? this.view.entries.length - 1 : again } };
  }

  override async putBlob(bytes: Uint8Array): Promise<string> {
    const hash = await sha256Hex(bytes);
    this.world.blobs.set(hash, bytes);
    return hash;
  }

  override async getBlob(sha256: string): Promise<Uint8Array> {
    const bytes = this.world.blobs.get(sha256);
    if (!bytes) throw new DomainError('BLOB_NOT_FOUND', `expected blob ${sha256}, got none`, 'not-found');
    return bytes;
  }
}

/** Real nodes with real keys and encryption before a platform in memory that may show each of them another history. */
export class MemoryCommunity {
  readonly blobs = new Map<string, Uint8Array>();

  private constructor(
    readonly sites: readonly MemorySite[],
    readonly roster: readonly RosterMember[],
    private readonly platformKey: SigningKey,
    private readonly workspace: string,
  ) {}

  static async start(count: number): Promise<MemoryCommunity> {
    const workspace = mkdtempSync(join(tmpdir(), 'gridcommons-memory-'));
    const platformKey = await generateSigningKey();
    const world = { blobs: new Map<string, Uint8Array>(), platformKey: platformKey.publicKey };
    const sites: MemorySite[] = [];
    const known = [];
    for (let i = 1; i <= count; i++) {
      const directory = new SiteDirectory(join(workspace, `site-${i}`));
      const identity = await directory.identity();
      sites.push(new MemorySite(`org-${i}`, directory, identity, world));
      known.push(await publicIdentity(identity, `LEI-org-${i}`));
    }
    const trust = join(workspace, 'trust.json');
    writeFileSync(trust, trustFile(known));
    for (const { directory } of sites) await directory.addTrust(trust);
    const roster = known.map(({ legalId, signingKey, agreementKey }, i) => ({
      organisation: `org-${i + 1}`,
      legalId,
      signingKey,
      agreementKey,
    }));
    return new MemoryCommunity(sites, roster, platformKey, workspace);
  }

  card(changes: Partial<TaskCard> = {}): TaskCard {
    const data = {
      train: { start: '2026-02-01T00:00:00Z', end: '2026-02-15T00:00:00Z' },
      validation: { start: '2026-02-15T00:00:00Z', end: '2026-03-01T00:00:00Z' },
    };
    const { platformKey, roster } = this;
    return ridgeCard(
      { taskId: TASK, platformKey: platformKey.publicKey, roster, fractionBits: 20, ...data },
      changes,
    );
  }

  /** A task that these sites see. */
  async open(card = this.card(), sites = this.sites): Promise<History> {
    const cardHash = await cardHashOf(card);
    const unsigned = { cardHash, round: 0, kind: 'card', sender: PLATFORM } as const;
    const payload = { card: card as unknown as Json };
    const message = await signMessage({ ...unsigned, payload }, this.platformKey.privateKey);
    const history = await History.from(message);
    this.show(history, sites);
    return history;
  }

  show(history: History, sites: readonly MemorySite[]): void {
    for (const site of sites) site.view = history;
  }

  /** One duty a site in turn, and the platform's, until the history is in `phase` or nobody has anything to do. */
  async run(history: History, phase: string, sites = this.sites): Promise<void> {
    while (history.state.phase !== phase && (await this.pass(history, phase, sites))) {
      // Somebody did something.
    }
  }

  private async pass(history: History, phase: string, sites: readonly MemorySite[]): Promise<boolean> {
    let busy = false;
    for (const { loop } of sites) {
      if (history.state.phase === phase) return true;
      busy = (await loop.step()) || busy;
    }
    return (await this.announce(history)) || busy;
  }

  /** What the platform owes by the protocol while nobody is late, unless that is a release. */
  private async announce(history: History): Promise<boolean> {
    if (history.state.phase === 'answering') return false;
    const duty = platformDuty(history.state, false);
    if (!duty || duty.kind === 'fail') return false;
    await history.append(await this.sign(history, duty.kind, announcement(history.state, duty.kind)));
    return true;
  }

  /** The word of the platform, or of a site that does as it likes, whether the protocol allows it or not. */
  async sign(
    { state }: History,
    kind: MessageKind,
    payload: Payloads[MessageKind],
    by?: MemorySite,
  ): Promise<AnyMessage> {
    const { cardHash, round } = state;
    const { privateKey } = by?.node.identity.signing ?? this.platformKey;
    const sender = by?.organisation ?? PLATFORM;
    const message = await signMessage({ cardHash, round, kind, sender, payload }, privateKey);
    return message as AnyMessage;
  }

  stop(): void {
    for (const site of this.sites) site.restart();
    rmSync(this.workspace, { recursive: true });
  }
}

function announcement(state: TaskState, kind: MessageKind): Payloads[MessageKind] {
  switch (kind) {
    case 'dealt':
      return { dealers: [...state.deals.keys()].toSorted() };
    case 'active':
      return { active: activeSet(state)! };
    case 'close': {
      const cohort = state.repeats ?? completeBlocks(state.card, state.uploads);
      const uploads = cohort.map((organisation) => ({
        organisation,
        blob: state.uploads.get(organisation)!.blob,
      }));
      return { model: startingModel(state), uploads };
    }
    default:
      return { phase: state.phase, silent: awaited(state) };
  }
}
