import { existsSync, readFileSync } from 'node:fs';
import { DomainError } from '#core';
import {
  type Aggregator,
  type AnyMessage,
  advance,
  memberDuty,
  openFromCard,
  type MemberKind,
  type Message,
  requireShape,
  signMessage,
  type TaskState,
  type Unsigned,
} from '#federation';
import { requireChain, type TranscriptEntry } from '#transcript';
import { DurableLog, writeDurably } from '../node/durable-log.ts';
import type { SiteNode } from '../node/node.ts';
import { malformedAnswer } from '../node/platform-client.ts';
import { requireFitSeries } from '../readings/fitness.ts';
import { requireAcceptable } from './card-policy.ts';
import type { CohortPins } from './cohort-pins.ts';
import { readConsent, requireOwnersConsent } from './consent.ts';
import { DUTIES } from './duties.ts';
import { Outbox, type Outgoing } from './outbox.ts';
import type { PrivacyCharges } from './privacy-charges.ts';

const TRANSCRIPT = `query Transcript($taskId: ID!, $after: Int!) {
  transcript(taskId: $taskId, after: $after, first: 100) { index previous message hash }
}`;
const POST = `mutation Post($taskId: ID!, $message: JSON!) { postMessage(taskId: $taskId, message: $message) { index } }`;

export interface TaskServices {
  readonly pins: CohortPins;
  readonly aggregator: (card: TaskState['card']) => Promise<Aggregator>;
  readonly charges: PrivacyCharges;
  readonly statistic: (state: TaskState) => Promise<Float64Array>;
}

/**
 * One task at one site: reads the transcript, verifies every entry, replays it, and does what the protocol expects of this
 * site next. Holds nothing that is not on disk: killed at any point, it goes on from its logs.
 */
export class TaskRunner {
  private readonly entries: DurableLog<TranscriptEntry>;
  private readonly outbox: Outbox;
  private current: TaskState | null = null;

  constructor(
    private readonly node: SiteNode,
    readonly taskId: string,
    private readonly cardHash: string,
    private readonly services: TaskServices,
  ) {
    // It names a folder, and is the platform's word until the card has been hashed.
    if (!/^[0-9a-f]{64}$/.test(cardHash)) throw mismatch('a card hash of 64 hexadecimal digits');
    this.outbox = new Outbox(node.directory, cardHash);
    this.entries = DurableLog.open<TranscriptEntry>(this.outbox.path('transcript.jsonl'));
  }

  get state(): TaskState | null {
    return this.current;
  }

  /** Catches up with the transcript and does what is due. @returns whether anything happened */
  async step(): Promise<boolean> {
    if (!this.current) await this.restore();
    const news = await this.catchUp();
    const state = this.current;
    const duty = state && memberDuty(state, this.node.enrolment.organisationId);
    if (!state || !duty || this.abstains(state, duty)) return news;
    requireOwnersConsent(this.node, state);
    await this.perform(state, duty);
    return true;
  }

  /** A site that sent an upload which the transcript does not hold has been cut off: it does not vouch for that list. */
  private abstains(state: TaskState, duty: MemberKind): boolean {
    const sent = this.outbox.find('upload', state.round) !== undefined;
    return duty === 'ready' && sent && !state.uploads.has(this.node.enrolment.organisationId);
  }

  private async restore(): Promise<void> {
    for (const { message } of this.entries.entries) await this.follow(message);
  }

  /** To the very end: on half a transcript a site whose log is older would say again what stands in the other half. */
  private async catchUp(): Promise<boolean> {
    let news = false;
    while (await this.readOn()) news = true;
    return news;
  }

  private async readOn(): Promise<boolean> {
    const after = this.entries.entries.length - 1;
    const { transcript } = await this.node.client.request<{ transcript: TranscriptEntry[] }>(TRANSCRIPT, {
      taskId: this.taskId,
      after,
    });
    requireEntries(transcript);
    await requireChain(transcript, this.entries.entries.at(-1) ?? null);
    for (const entry of transcript) {
      await this.follow(entry.message);
      this.entries.append(entry);
    }
    return transcript.length > 0;
  }

  private async follow(message: AnyMessage): Promise<void> {
    if (!this.current) {
      requireShape(message);
      const state = await openFromCard(message);
      this.requireListed(state);
      await requireAcceptable(this.node, state.card);
      // A card in the log had the owner's consent; what is under it now is asked before each statement.
      if (this.entries.entries.length === 0) {
        requireOwnersConsent(this.node, state);
        await requireFitSeries(this.node, state.card);
      }
      this.current = state;
      return;
    }
    this.current = await advance(this.current, message);
    if (message.sender === this.node.enrolment.organisationId) this.outbox.requireKnows(message);
  }

  /** One card has one task, one outbox and one runner: else it could be answered once under each. @throws TASK_MISMATCH */
  private requireListed({ card, cardHash }: TaskState): void {
    if (cardHash !== this.cardHash || card.taskId !== this.taskId) {
      throw mismatch('the card of the task that was listed');
    }
  }

  private async perform(state: TaskState, kind: MemberKind): Promise<void> {
    const outgoing = this.outbox.find(kind, state.round) ?? (await this.prepare(state, kind));
    for (const name of outgoing.blobs) await this.node.client.putBlob(this.outbox.bytes(name), kind);
    await this.post(outgoing, kind);
    this.node.report(kind, { task: this.taskId, round: state.round });
  }

  private async prepare(state: TaskState, kind: MemberKind): Promise<Outgoing> {
    const { node, outbox, services } = this;
    const aggregator = await services.aggregator(state.card);
    const statement = await DUTIES[kind]({
      node,
      state,
      outbox,
      aggregator,
      statistic: () => this.admittedStatistic(state),
    });
    const unsigned: Unsigned<MemberKind> = {
      cardHash: state.cardHash,
      round: state.round,
      kind,
      sender: node.enrolment.organisationId,
      payload: statement.payload,
    };
    const message: Message<MemberKind> = await signMessage(unsigned, node.identity.signing.privateKey);
    return outbox.record(message, statement.blobs, statement.secret);
  }

  /** What this site adds: pinned to its cohort and charged to its budget before it is encrypted. */
  private async admittedStatistic(state: TaskState): Promise<Float64Array> {
    const { pins, charges } = this.services;
    const { card, cardHash } = state;
    const values = await this.statisticOnce(state);
    await pins.pin(card, cardHash, values);
    if (card.privacy) charges.charge(state, card.privacy, readConsent(this.node.directory).budget);
    return values;
  }

  /** Computed once a step and kept: a repeated round sums the very same integers, whatever has been read or trained since. */
  private async statisticOnce(state: TaskState): Promise<Float64Array> {
    const file = this.outbox.path(`update-${state.step}.bin`);
    if (existsSync(file)) return new Float64Array(new Uint8Array(readFileSync(file)).buffer);
    const values = await this.services.statistic(state);
    writeDurably(file, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return values;
  }

  private async post({ message }: Outgoing, purpose: string): Promise<void> {
    try {
      // Said again it is the same entry: no idempotency key that a run which died at the platform would still hold.
      await this.node.client.request(POST, { taskId: this.taskId, message }, { purpose });
    } catch (error) {
      // The window closed, or an announcement overtook this message: the next transcript says so.
      if (!(error instanceof DomainError && OVERTAKEN.has(error.code))) throw error;
      this.node.report('overtaken', { task: this.taskId, kind: message.kind, code: error.code });
    }
  }
}

/** What a platform sends may be anything. @throws ANSWER_MALFORMED, MESSAGE_MALFORMED */
function requireEntries(transcript: readonly (TranscriptEntry | null)[] | null): void {
  if (!Array.isArray(transcript)) throw malformedAnswer('a list of entries');
  for (const entry of transcript) {
    if (typeof entry !== 'object' || entry === null || typeof entry.index !== 'number')
      throw malformedAnswer('entries of a transcript');
    requireShape(entry.message);
  }
}

const mismatch = (expected: string) =>
  new DomainError('TASK_MISMATCH', `expected ${expected}, got another`, 'forbidden');

const OVERTAKEN = new Set(['PHASE_MISMATCH', 'ROUND_UNKNOWN']);
