import { DomainError } from '#core';
import { DurableLog } from '../node/durable-log.ts';
import type { SiteNode } from '../node/node.ts';
import type { SiteDirectory } from '../node/site-directory.ts';

const DECLINE = `mutation Decline($taskId: ID!, $code: String!, $reason: String!) {
  declineTask(taskId: $taskId, code: $code, reason: $reason) { declinedAt }
}`;

/** A task the node refused, once for each reason. */
export interface Refusal {
  readonly at: string;
  readonly taskId: string;
  readonly code: string;
  readonly reason: string;
}

/** Reasons made of the card and of what an owner demands. Others may name files, columns or counts of this site. */
const TELLABLE =
  /^(?:CARD_\w+|ROSTER_\w+|SERIES_(?:SEVERAL|KNOWN_AHEAD)|COLUMNS_SAME_QUANTITY|MEMBER_NOT_PINNED|PLATFORM_KEY_DIFFERS|CONSENT_(?:KIND|SERIES|ORGANISATION|THRESHOLD|PRIVACY|BUDGET))$/;
const MAX_REASON_LENGTH = 300;

const reasonToTell = (code: string, reason: string): string =>
  TELLABLE.test(code)
    ? reason.replaceAll(/\p{C}/gu, ' ').slice(0, MAX_REASON_LENGTH)
    : 'the node has told its owner why';

/** What is wrong with a series, constant or of another unit, says something about its readings: others hear that it is unfit. */
const codeToTell = (code: string): string =>
  /^SERIES_(?:SCALE_SUSPECT|CONSTANT|MOSTLY_MISSING|TOO_SHORT)$/.test(code) ? 'SERIES_UNFIT' : code;

const fileOf = (directory: SiteDirectory): string => directory.file('refusals.jsonl');

/** What the node has refused and told; on disk, so that after a restart nobody is told again. */
export class Refusals {
  private readonly log: DurableLog<Refusal>;
  /** The latest by task. */
  private readonly told: Map<string, Refusal>;
  /** By task: the platform did not answer. */
  private readonly untold = new Map<string, Refusal>();

  constructor(private readonly node: SiteNode) {
    this.log = DurableLog.open<Refusal>(fileOf(node.directory));
    this.told = new Map(this.log.entries.map((refusal) => [refusal.taskId, refusal]));
  }

  /** Tells the platform, and with it the roster, that this node keeps out of a task; once for each reason. */
  async tell(taskId: string, { code, message }: DomainError): Promise<void> {
    const last = this.told.get(taskId);
    if (last?.code === code && last.reason === message) return;
    this.untold.set(taskId, { at: new Date().toISOString(), taskId, code, reason: message });
    await this.tellRest();
  }

  /** Tells what could not be told yet. Never fails: a platform that does not listen must not keep the node from its work. */
  async tellRest(): Promise<void> {
    for (const refusal of this.untold.values()) {
      if (!(await this.post(refusal))) return;
      this.untold.delete(refusal.taskId);
      this.log.append(refusal);
      this.told.set(refusal.taskId, refusal);
    }
  }

  /** The node takes part after all: should it refuse again, that is news. */
  forget(taskId: string): void {
    this.told.delete(taskId);
    this.untold.delete(taskId);
  }

  /** @returns false where the platform did not answer */
  private async post({ taskId, code, reason }: Refusal): Promise<boolean> {
    try {
      const variables = { taskId, code: codeToTell(code), reason: reasonToTell(code, reason) };
      await this.node.client.request(DECLINE, variables, { purpose: 'decline' });
    } catch (error) {
      // The task ended meanwhile, or the platform will not hear of it: the owner knows all the same.
      if (!(error instanceof DomainError)) throw error;
      return error.kind !== 'unavailable';
    }
    return true;
  }
}

/** The newest refusals, oldest first, of a node that may be running. */
export const latestRefusals = (directory: SiteDirectory, count: number): readonly Refusal[] =>
  (DurableLog.peek(fileOf(directory)) as readonly Refusal[]).slice(-count);
