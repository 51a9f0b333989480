import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DomainError,
  fixedClock,
  generateSigningKey,
  HOUR_MS,
  isoInstant,
  type Json,
  parseInstant,
  type SigningKey,
} from '#core';
import {
  type AnyMessage,
  cardHashOf,
  type MessageKind,
  type Payloads,
  PLATFORM,
  type RosterMember,
  signMessage,
  type TaskCard,
} from '#federation';
import { appendEntry, type TranscriptEntry } from '#transcript';
import type { SiteNode } from '../../apps/participant/node/node.ts';
import { PlatformClient } from '../../apps/participant/node/platform-client.ts';
import {
  type Identity,
  publicIdentity,
  SiteDirectory,
  trustFile,
} from '../../apps/participant/node/site-directory.ts';
import { importReadings } from '../../apps/participant/readings/import-readings.ts';
import { ReadingStore } from '../../apps/participant/readings/reading-store.ts';
import { ridgeCard } from './ridge-card.ts';

export const TASK_ID = '00000000-0000-4000-8000-0000000000aa';

interface Decline {
  readonly taskId: string;
  readonly code: string;
  readonly reason: string;
}

/** A platform in memory, told by the test what to show: one task, its transcript, its blobs. */
export class StoryPlatform extends PlatformClient {
  /** What it shows; a test may put another history here. */
  entries: TranscriptEntry[] = [];
  readonly blobs = new Map<string, Uint8Array>();
  /** What the node has posted, in order, and the bytes it sent with it. */
  readonly posted: AnyMessage[] = [];
  readonly sent: Uint8Array[] = [];
  /** What the node has said about tasks it keeps out of. */
  readonly declined: Decline[] = [];
  /** When set, a post arrives nowhere. */
  unreachable = false;

  constructor() {
    super('http://story.invalid', null);
  }

  override async request<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    return (await this.answer(query, variables)) as T;
  }

  override async putBlob(bytes: Uint8Array): Promise<string> {
    this.sent.push(bytes);
    return '';
  }

  override async getBlob(sha256: string): Promise<Uint8Array> {
    const bytes = this.blobs.get(sha256);
    if (!bytes) throw new DomainError('BLOB_NOT_FOUND', `expected blob ${sha256}, got none`, 'not-found');
    return bytes;
  }

  async append(message: AnyMessage): Promise<void> {
    this.entries.push(await appendEntry(this.entries.at(-1) ?? null, message));
  }

  private async answer(query: string, variables: Record<string, unknown>): Promise<unknown> {
    if (query.startsWith('query Tasks')) {
      const cardHash = this.entries[0]!.message.cardHash;
      return { tasks: { edges: [{ node: { id: TASK_ID, cardHash, phase: '' } }] } };
    }
    if (query.startsWith('query Transcript')) {
      return { transcript: this.entries.slice(Number(variables['after']) + 1) };
    }
    if (this.unreachable)
      throw new DomainError('PLATFORM_UNAVAILABLE', 'expected an answer, got none', 'unavailable');
    if (query.startsWith('mutation Decline')) {
      this.declined.push(variables as unknown as Decline);
      return { declineTask: { declinedAt: '' } };
    }
    const message = variables['message'] as AnyMessage;
    this.posted.push(message);
    await this.append(message);
    return { postMessage: { index: this.entries.length - 1 } };
  }
}

/** A node that keeps what it reports to its owner. */
export interface StoryNode extends SiteNode {
  readonly events: { readonly event: string; readonly facts: Record<string, string | number> }[];
}

const TRAIN = { start: '2026-01-01T00:00:00Z', end: '2026-02-01T00:00:00Z' };
const VALIDATION = { start: TRAIN.end, end: '2026-02-15T00:00:00Z' };

/** Hours of load and PV of the card's epochs. */
function storyReadings(): string {
  const fromMs = parseInstant(TRAIN.start);
  const rows = Array.from({ length: (parseInstant(VALIDATION.end) - fromMs) / HOUR_MS }, (_, hour) => {
    const sun = Math.max(0, -Math.cos((2 * Math.PI * hour) / 24));
    return `${isoInstant(fromMs + hour * HOUR_MS)},${(2 + Math.sin(hour * hour)).toFixed(3)},${sun.toFixed(3)}`;
  });
  return ['timestamp,load_kwh,pv_kwh', ...rows].join('\n');
}

/** Some organisations that pinned each other; the first one's node is real, the others speak as the test says. */
export class SiteStory {
  private constructor(
    readonly node: StoryNode,
    readonly platform: StoryPlatform,
    readonly members: readonly RosterMember[],
    private readonly keys: { readonly platform: SigningKey; readonly members: readonly Identity[] },
    private readonly workspace: string,
  ) {}

  static async start(count = 4): Promise<SiteStory> {
    const workspace = mkdtempSync(join(tmpdir(), 'gridcommons-story-'));
    const directories = Array.from(
      { length: count },
      (_, i) => new SiteDirectory(join(workspace, `site-${i}`)),
    );
    const identities = await Promise.all(directories.map((directory) => directory.identity()));
    const known = await Promise.all(identities.map((identity, i) => publicIdentity(identity, `LEI-${i}`)));
    const members = known.map(({ fingerprint: _fingerprint, ...member }, i) => ({
      organisation: `org-${i}`,
      ...member,
    }));
    const [directory, platformKey] = [directories[0]!, await generateSigningKey()];
    writeFileSync(join(workspace, 'trust.json'), trustFile(known));
    await directory.addTrust(join(workspace, 'trust.json'));
    writeFileSync(join(workspace, 'readings.csv'), storyReadings());
    await importReadings(directory.path, join(workspace, 'readings.csv'), { format: 'csv' });
    const platform = new StoryPlatform();
    const events: StoryNode['events'] = [];
    const node: StoryNode = {
      events,
      directory,
      identity: identities[0]!,
      enrolment: {
        platformUrl: platform.url,
        platformKey: platformKey.publicKey,
        participantId: 'participant-0',
        organisationId: 'org-0',
        legalId: 'LEI-0',
        publish: { forecasts: true, orders: true, emissions: true, scores: false },
      },
      client: platform,
      readings: await ReadingStore.open(directory.path),
      clock: fixedClock(parseInstant('2026-03-01T00:00:00Z')),
      report: (event, facts = {}) => void events.push({ event, facts }),
    };
    return new SiteStory(node, platform, members, { platform: platformKey, members: identities }, workspace);
  }

  async stop(): Promise<void> {
    await this.node.readings.close();
    rmSync(this.workspace, { recursive: true });
  }

  /** A card this node takes part in, but for what the test changes. */
  card(changes: Partial<TaskCard> = {}): TaskCard {
    const data = { train: TRAIN, validation: VALIDATION };
    const platformKey = this.keys.platform.publicKey;
    return ridgeCard(
      { taskId: TASK_ID, platformKey, roster: this.members, fractionBits: 24, ...data },
      changes,
    );
  }

  /** The card as first entry. @returns its hash */
  async open(card: TaskCard = this.card()): Promise<string> {
    const cardHash = await cardHashOf(card);
    this.platform.entries = [];
    await this.platform.append(
      await this.say(cardHash, PLATFORM, {
        kind: 'card',
        round: 0,
        payload: { card: card as unknown as Json },
      }),
    );
    return cardHash;
  }

  /** A statement signed by its sender, or by `key`. */
  async say<K extends MessageKind>(
    cardHash: string,
    sender: string,
    message: { readonly kind: K; readonly round: number; readonly payload: Payloads[K] },
    key = this.privateKeyOf(sender),
  ): Promise<AnyMessage> {
    return (await signMessage({ cardHash, sender, ...message }, key)) as AnyMessage;
  }

  /** A deal of shares that nobody can open, distinct for every member. */
  deal(cardHash: string, member: number): Promise<AnyMessage> {
    const shares = this.members.map((_, i) => ({ blob: `${member}${i}`.padEnd(64, 'd'), bytes: 400 }));
    return this.say(cardHash, `org-${member}`, { kind: 'deal', round: 1, payload: { shares } });
  }

  privateKeyOf(sender: string): string {
    if (sender === PLATFORM) return this.keys.platform.privateKey;
    return this.keys.members[this.members.findIndex(({ organisation }) => organisation === sender)]!.signing
      .privateKey;
  }
}
