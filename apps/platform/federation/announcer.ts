import { Inject, Injectable } from '@nestjs/common';
import { DomainError, type SigningKey } from '#core';
import {
  activeSet,
  type AnyMessage,
  awaited,
  completeBlocks,
  type Payloads,
  PLATFORM,
  type PlatformDuty,
  platformDuty,
  type PlatformKind,
  signMessage,
  type TaskState,
} from '#federation';
import { Database } from '#persistence';
import { BlobService } from '../blobs/blob.service.ts';
import { PLATFORM_KEY } from '../platform.tokens.ts';
import { combine } from './combine.ts';
import { TaskJournal } from './task-journal.ts';

type Announcement = {
  readonly [K in PlatformKind]: { readonly kind: K; readonly payload: Payloads[K] };
}[PlatformKind];

/** Says what the platform owes a task: idempotent, decided from the database alone, so any process may run it at any time. */
@Injectable()
export class Announcer {
  constructor(
    private readonly database: Database,
    private readonly journal: TaskJournal,
    private readonly blobs: BlobService,
    @Inject(PLATFORM_KEY) private readonly key: SigningKey,
  ) {}

  /** Announces until nothing is due. */
  async run(taskId: string): Promise<void> {
    while (await this.#step(taskId)) {
      // Each announcement may make the next one due.
    }
  }

  async #step(taskId: string): Promise<boolean> {
    const { task, state } = await this.database.asSystem((manager) => this.journal.load(manager, taskId));
    const duty = platformDuty(state, task.windowEndsAt.getTime() <= Date.now());
    if (!duty) return false;
    const message = await this.#sign(state, await this.#announce(state, duty));
    try {
      await this.database.asSystem((manager) => this.journal.append(manager, taskId, message, task.headHash));
    } catch (error) {
      // A member or another process was faster: decide again on the newer transcript.
      if (!(error instanceof DomainError && error.code === 'TRANSCRIPT_MOVED')) throw error;
    }
    return true;
  }

  async #announce(state: TaskState, duty: PlatformDuty): Promise<Announcement> {
    switch (duty.kind) {
      case 'dealt':
        return {
          kind: 'dealt',
          payload: { dealers: members(state).filter((member) => state.deals.has(member)) },
        };
      case 'close':
        return { kind: 'close', payload: { uploads: closedUploads(state) } };
      case 'active':
        return { kind: 'active', payload: { active: activeSet(state)! } };
      case 'burn':
        return { kind: 'burn', payload: { silent: awaited(state) } };
      case 'fail':
        return { kind: 'fail', payload: { code: duty.code, organisations: missing(state) } };
      case 'release':
        return this.#release(state);
    }
  }

  /** A sum that does not decode fails the task under its own code: nothing is released, nothing is tried again silently. */
  async #release(state: TaskState): Promise<Announcement> {
    try {
      const { aggregate, modelHash } = await combine(state, (sha256) => this.blobs.read(sha256));
      const blob = await this.blobs.writeAsPlatform(aggregate);
      return { kind: 'release', payload: { aggregate: { blob, bytes: aggregate.length }, modelHash } };
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
      const organisations = state.active.map((point) => members(state)[point - 1]!);
      return { kind: 'fail', payload: { code: error.code, organisations } };
    }
  }

  async #sign(state: TaskState, { kind, payload }: Announcement): Promise<AnyMessage> {
    const { cardHash, round } = state;
    return (await signMessage(
      { cardHash, round, kind, sender: PLATFORM, payload },
      this.key.privateKey,
    )) as AnyMessage;
  }
}

/** Whom a failing task lacked: who is silent now or, where nobody is, who fell out before and left no block whole. */
function missing(state: TaskState): string[] {
  if (state.phase !== 'uploading') return awaited(state);
  return members(state).filter((organisation) => !state.uploads.has(organisation));
}

const members = ({ card }: TaskState): string[] => card.roster.map(({ organisation }) => organisation);

function closedUploads({ card, uploads }: TaskState): Payloads['close']['uploads'] {
  return completeBlocks(card, new Set(uploads.keys())).map((organisation) => ({
    organisation,
    blob: uploads.get(organisation)!.blob,
  }));
}
