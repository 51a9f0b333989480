import { Inject, Injectable } from '@nestjs/common';
import { type Bytes, DomainError, type SigningKey } from '#core';
import {
  activeSet,
  aggregateBytes,
  type AnyMessage,
  awaited,
  completeBlocks,
  decryptorAt,
  groupsIn,
  othersCanAnswer,
  type Payloads,
  PLATFORM,
  type PlatformDuty,
  platformDuty,
  type PlatformKind,
  privacySpent,
  signMessage,
  startingModel,
  type TaskState,
} from '#federation';
import { outcomeOf, type StepOutcome } from '#forecasting';
import { Database } from '#persistence';
import { BlobService } from '../blobs/blob.service.ts';
import { PLATFORM_KEY } from '../platform.tokens.ts';
import { Combiner } from './combiner.service.ts';
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
    private readonly combiner: Combiner,
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
    // Asked as soon as U is fixed: a large cohort is added up while decryptors prepare.
    const summable = state.close === null || (await this.combiner.ready(state));
    if (!duty || (duty.kind === 'release' && !summable)) return false;
    const message = await this.#sign(state, await this.#announce(state, duty, task.headHash));
    try {
      await this.database.asSystem((manager) =>
        this.journal.announce(manager, taskId, message, task.headHash),
      );
    } catch (error) {
      // A member or another process was faster: decide again on the newer transcript.
      if (!(error instanceof DomainError && error.code === 'TRANSCRIPT_MOVED')) throw error;
    }
    return true;
  }

  async #announce(state: TaskState, duty: PlatformDuty, previous: string): Promise<Announcement> {
    switch (duty.kind) {
      case 'dealt':
        return {
          kind: 'dealt',
          payload: { dealers: members(state).filter((member) => state.deals.has(member)) },
        };
      case 'proceed':
        return { kind: 'proceed', payload: { phase: state.phase, silent: awaited(state) } };
      case 'close':
        return { kind: 'close', payload: { model: startingModel(state), uploads: closedUploads(state) } };
      case 'active':
        return { kind: 'active', payload: { active: activeSet(state)! } };
      case 'burn':
        return { kind: 'burn', payload: { code: duty.code, organisations: awaited(state) } };
      case 'fail':
        return {
          kind: 'fail',
          payload: { code: duty.code, organisations: missing(state), series: null, previous },
        };
      case 'release':
        return this.#release(state, previous);
    }
  }

  /**
   * A sum that does not decode is tried with other decryptors as long as there are enough; then the task fails under its
   * code. Nothing is released, and the transcript says it.
   */
  async #release(state: TaskState, previous: string): Promise<Announcement> {
    try {
      const { aggregate, ...outcome } = await this.#outcome(state);
      const blob = await this.blobs.writeAsPlatform(aggregate);
      const reference = { blob, bytes: aggregate.length };
      const privacy = privacySpent(state.card, state.charged);
      return { kind: 'release', payload: { aggregate: reference, ...outcome, privacy, previous } };
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
      const organisations = state.active.map((point) => decryptorAt(state, point));
      if (error.code === 'CHECKSUM_MISMATCH' && othersCanAnswer(state))
        return { kind: 'burn', payload: { code: 'SUM_UNREADABLE', organisations } };
      const { series } = error.data;
      const failing = typeof series === 'string' ? series : null;
      return { kind: 'fail', payload: { code: error.code, organisations, series: failing, previous } };
    }
  }

  async #outcome(state: TaskState): Promise<{ aggregate: Bytes } & StepOutcome> {
    const { card, releases } = state;
    const read = (sha256: string) => this.blobs.read(sha256);
    const groups = await this.combiner.sums(state);
    const before = await Promise.all(
      releases.map(async ({ release, cohort }) => ({
        groups: groupsIn(await read(release.aggregate.blob), card),
        cohort,
      })),
    );
    const cohort = state.close!.uploads.map(({ organisation }) => organisation);
    return {
      aggregate: aggregateBytes(groups),
      ...(await outcomeOf(card, [...before, { groups, cohort }])),
    };
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

function closedUploads({ card, uploads, repeats }: TaskState): Payloads['close']['uploads'] {
  return (repeats ?? completeBlocks(card, uploads)).map((organisation) => ({
    organisation,
    blob: uploads.get(organisation)!.blob,
  }));
}
