import { setTimeout as wait } from 'node:timers/promises';
import { DomainError } from '#core';
import { z } from 'zod';
import type { Output } from '../output.ts';
import { accessOf, type AdminOptions } from '../platform/admin.ts';
import { type Access, ask } from '../platform/graphql-client.ts';
import { CARD, DECLINE, namesOf } from './task-answer.ts';

const POLL_MS = 1_000;
/** The timer is told again after this long without news. */
const REMIND_MS = 30_000;
const PATIENCE_MS = 120_000;

const WATCH = `query Watch($id: ID!) {
  task(id: $id) { id phase round headIndex windowEndsAt awaited uploads decryptors card
    privacy { epsilon delta } releases { step final privacy { epsilon } metrics { validationLoss } }
    failure { code organisationIds series } declines { organisationId code reason declinedAt } }
}`;
const WATCHED = z.object({
  task: z.object({
    id: z.string(),
    phase: z.string(),
    round: z.number(),
    headIndex: z.number(),
    windowEndsAt: z.string(),
    awaited: z.array(z.string()),
    uploads: z.number(),
    decryptors: z.number(),
    card: CARD,
    failure: z
      .object({ code: z.string(), organisationIds: z.array(z.string()), series: z.string().nullable() })
      .nullable(),
    declines: z.array(DECLINE),
    privacy: z.object({ epsilon: z.number(), delta: z.number() }).nullable(),
    releases: z.array(
      z.object({
        step: z.number(),
        final: z.boolean(),
        privacy: z.object({ epsilon: z.number() }).nullable(),
        metrics: z.object({ validationLoss: z.number().nullable() }).nullable(),
      }),
    ),
  }),
});
type Watched = z.infer<typeof WATCHED>['task'];

/** Tells each change of a task until it is released. @throws the code a task failed with; PLATFORM_UNAVAILABLE, TASK_UNKNOWN */
export async function watchTask(taskId: string, options: AdminOptions, output: Output): Promise<void> {
  const access = await accessOf(options);
  let told = '';
  let toldAtMs = 0;
  for (let task = await read(access, taskId); ; task = await readPatiently(access, taskId)) {
    const news = newsOf(task);
    const changed = news !== told;
    if (changed || (!output.json && Date.now() - toldAtMs >= REMIND_MS)) {
      tell(task, output);
      told = news;
      toldAtMs = Date.now();
    }
    if (task.phase === 'released') return;
    if (task.failure !== null) throw failureOf(task, task.failure);
    await wait(POLL_MS);
  }
}

/** What makes a new line: all but the clock. */
const newsOf = ({ headIndex, declines }: Watched): string => JSON.stringify([headIndex, declines]);

const read = async (access: Access, id: string): Promise<Watched> =>
  (await ask(access, WATCH, { id }, WATCHED)).task;

/** A platform that restarts is no end of the task. */
async function readPatiently(access: Access, id: string): Promise<Watched> {
  const deadlineMs = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await read(access, id);
    } catch (error) {
      const passes = error instanceof DomainError && error.kind === 'unavailable';
      if (!passes || Date.now() > deadlineMs) throw error;
      await wait(POLL_MS);
    }
  }
}

function tell(task: Watched, output: Output): void {
  const { card: _card, ...event } = task;
  const at = new Date();
  const remainingS = Math.max(0, Math.round((Date.parse(task.windowEndsAt) - at.getTime()) / 1_000));
  output.result(
    { at: at.toISOString(), ...event, remainingS },
    [at.toISOString(), `${task.phase}, round ${task.round}`, ...detailsOf(task, remainingS)].join('  '),
  );
}

/** How far learning is, and what it has cost. */
function releaseText({ releases }: Watched): string[] {
  const last = releases.at(-1);
  if (!last) return [];
  const loss = last.metrics?.validationLoss ?? null;
  return [
    `step ${last.step + 1} released`,
    ...(loss === null ? [] : [`loss ${loss.toPrecision(4)}`]),
    ...(last.privacy ? [`ε ${last.privacy.epsilon.toPrecision(3)} spent`] : []),
  ];
}

function detailsOf(task: Watched, remainingS: number): string[] {
  const { phase, awaited, uploads, decryptors, card, declines } = task;
  if (phase === 'released' || phase === 'failed') return releaseText(task);
  return [
    ...releaseText(task),
    ...(uploads === 0 ? [] : [`${uploads} upload(s)`]),
    ...(decryptors === 0 ? [] : [`${decryptors} decryptor(s)`]),
    ...(awaited.length === 0 ? [] : [`awaits ${namesOf(card, awaited)}, ${remainingS} s left`]),
    ...declines.map(({ organisationId, code }) => `${namesOf(card, [organisationId])} declined: ${code}`),
  ];
}

function failureOf({ id, card }: Watched, failure: NonNullable<Watched['failure']>) {
  const { code, organisationIds, series } = failure;
  const lacked = organisationIds.length === 0 ? '' : ` for lack of ${namesOf(card, organisationIds)}`;
  const of = series === null ? '' : ` in series ${series}`;
  return new DomainError(
    code,
    `expected task ${id} to be released, got it failed${of}${lacked}`,
    'conflict',
    {
      taskId: id,
      organisationIds,
      ...(series === null ? {} : { series }),
    },
  );
}
