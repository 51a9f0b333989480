import { existsSync, readdirSync, statSync } from 'node:fs';
import { DomainError, utf8 } from '#core';
import { type AnyMessage, type Epoch, replay, type TaskCard, type TaskState } from '#federation';
import { type Backend, backendOfThread } from '#training';
import type { TranscriptEntry } from '#transcript';
import { type Consent, type PrivacyLoss, readConsent } from '../federation/consent.ts';
import type { Outgoing } from '../federation/outbox.ts';
import { privacyLosses, type SeriesLoss } from '../federation/privacy-charges.ts';
import { latestRefusals, type Refusal } from '../federation/refusals.ts';
import { type NotedForecast, notedForecast } from '../forecasting/forecast-note.ts';
import { type NotedSeries, notedSeries } from '../readings/series-note.ts';
import { DurableLog } from './durable-log.ts';
import type { Enrolment, SiteDirectory } from './site-directory.ts';

/** Replaying a transcript takes time: older tasks are counted, not told. */
const TOLD_TASKS = 20;
const TOLD_REFUSALS = 5;

/** What a participant's directory says by itself. */
export interface SiteStatus {
  readonly directory: string;
  /** Null before `participant init`. */
  readonly enrolment: Enrolment | null;
  readonly pinnedOrganisations: number;
  /** Null before the first import. */
  readonly series: readonly NotedSeries[] | null;
  readonly consent: Consent | Problem;
  /** What each series has lost by differentially private sums, by range of readings. */
  readonly privacyLosses: readonly SeriesLoss[];
  /** Of the newest, oldest first. */
  readonly tasks: readonly (SiteTask | BrokenTask)[];
  readonly tasksInAll: number;
  readonly refusals: readonly Refusal[];
  /** Which model made the latest forecast for the market, and which newer ones could not; null before the first. */
  readonly forecast: NotedForecast | null;
  /** What networks are trained with on this machine. */
  readonly training: Backend;
}

export interface Problem {
  readonly code: string;
  readonly message: string;
}

/** One task, by this site's copy of its transcript: as far as the node has read. */
export interface SiteTask {
  readonly taskId: string;
  readonly cardHash: string;
  readonly kind: string;
  readonly series: readonly string[];
  readonly epoch: Epoch;
  readonly phase: TaskState['phase'];
  readonly round: number;
  readonly failure: string | null;
  readonly statements: readonly SiteStatement[];
  /** Size of those statements that stand in the transcript, with what travelled beside them. */
  readonly sentBytes: number;
  /** What the card says its release takes; null: an exact sum. */
  readonly privacy: PrivacyLoss | null;
  /** Whether this site's readings are in an upload of it. */
  readonly contributed: boolean;
}

export interface SiteStatement {
  readonly kind: string;
  readonly round: number;
  /** In the transcript; false: written down, and on its way or overtaken. */
  readonly entered: boolean;
}

export interface BrokenTask {
  readonly cardHash: string;
  readonly problem: Problem;
}

/**
 * Reads a directory without changing anything in it, so that its node may be running; never opens the readings, which the
 * running node has for itself. @throws SITE_DIRECTORY_UNKNOWN
 */
export async function siteStatus(directory: SiteDirectory): Promise<SiteStatus> {
  const { path } = directory;
  if (!existsSync(path)) {
    throw new DomainError(
      'SITE_DIRECTORY_UNKNOWN',
      `expected a participant's directory at ${path}, got nothing`,
      'not-found',
    );
  }
  const logs = taskLogs(directory);
  const tasks = await Promise.all(logs.slice(-TOLD_TASKS).map((log) => taskStatus(directory, log)));
  return {
    directory: path,
    enrolment: directory.enrolled ? directory.enrolment() : null,
    pinnedOrganisations: directory.pins().length,
    series: notedSeries(path),
    consent: orProblem(() => readConsent(directory)),
    privacyLosses: privacyLosses(directory),
    tasks,
    tasksInAll: logs.length,
    refusals: latestRefusals(directory, TOLD_REFUSALS),
    forecast: notedForecast(directory),
    training: await backendOfThread(),
  };
}

/** This site's copy of a task's transcript. */
export interface TaskLog {
  readonly cardHash: string;
  readonly messages: readonly AnyMessage[];
  readonly issuedAt: string;
}

/** Tasks whose card this node has accepted, by the time of the card. */
export function taskLogs(directory: SiteDirectory): TaskLog[] {
  const folder = directory.file('federation');
  const cardHashes = existsSync(folder) ? readdirSync(folder) : [];
  const logs = cardHashes.map((cardHash) => {
    const file = directory.file('federation', cardHash, 'transcript.jsonl');
    const messages = (DurableLog.peek(file) as readonly TranscriptEntry[]).map(({ message }) => message);
    const [first] = messages;
    const issuedAt = first?.kind === 'card' ? (first.payload.card as unknown as TaskCard).issuedAt : '';
    return { cardHash, messages, issuedAt };
  });
  return logs
    .filter(({ messages }) => messages.length > 0)
    .toSorted((a, b) => (a.issuedAt < b.issuedAt ? -1 : 1));
}

async function taskStatus(directory: SiteDirectory, log: TaskLog): Promise<SiteTask | BrokenTask> {
  const { cardHash, messages } = log;
  const outbox = directory.file('federation', cardHash, 'outbox.jsonl');
  const own = DurableLog.peek(outbox) as readonly Outgoing[];
  const entered = new Set(messages.map(({ signature }) => signature));
  const sent = own.filter(({ message }) => entered.has(message.signature));
  try {
    const { card, phase, round, failure } = await replay(messages);
    return {
      taskId: card.taskId,
      cardHash,
      kind: card.model.kind,
      series: card.data.series,
      epoch: { start: card.data.train.start, end: card.data.validation.end },
      phase,
      round,
      failure: failure?.code ?? null,
      statements: own.map(({ message }) => ({
        kind: message.kind,
        round: message.round,
        entered: entered.has(message.signature),
      })),
      sentBytes: sent.reduce((sum, outgoing) => sum + sizeOf(directory, cardHash, outgoing), 0),
      privacy: card.privacy,
      contributed: sent.some(({ message }) => message.kind === 'upload'),
    };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { cardHash, problem: { code: error.code, message: error.message } };
  }
}

const sizeOf = (directory: SiteDirectory, cardHash: string, { message, blobs }: Outgoing): number =>
  blobs
    .map((name) => statSync(directory.file('federation', cardHash, name)).size)
    .reduce((sum, bytes) => sum + bytes, utf8(JSON.stringify(message)).length);

function orProblem<T>(read: () => T): T | Problem {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { code: error.code, message: error.message };
  }
}
