import { existsSync, readFileSync, statSync } from 'node:fs';
import { DomainError } from '#core';
import { groupsIn, replay, ridgeTerms, type StepSums, type TaskState } from '#federation';
import { learntNetwork, readModelFile, type SavedModel, sharedRidges } from '#forecasting';
import type { SiteDirectory } from '../node/site-directory.ts';
import { taskLogs } from '../node/site-status.ts';

/** A network that the site has refined, with the released one it was refined from. */
export const personalFile = (directory: SiteDirectory, cardHash: string): string =>
  directory.file('federation', cardHash, 'personal.gcmodel');

/** Largest model a card can ask for, with room. */
const LARGEST_FILE = 256 * 2 ** 20;

/** @throws FILE_UNREADABLE, MODEL_FILE_TOO_LARGE and the codes of `readModelFile` */
export async function modelIn(file: string): Promise<SavedModel & { readonly modelHash: string }> {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile()) {
    throw new DomainError('FILE_UNREADABLE', `expected a readable file, got none: ${file}`, 'not-found', {
      file,
    });
  }
  if (found.size > LARGEST_FILE) {
    throw new DomainError(
      'MODEL_FILE_TOO_LARGE',
      `expected at most ${LARGEST_FILE} bytes, got ${found.size}`,
      'limit',
    );
  }
  return readModelFile(readFileSync(file));
}

/**
 * What a task released, from this site's copy of its transcript and sums: also while the node runs, and without a platform.
 * @param personal with what the site has refined a network to, which is its own affair
 * @throws TASK_UNKNOWN, MODEL_NOT_RELEASED, MODEL_NOT_REFINED and the codes of the fit
 */
export async function keptModel(
  directory: SiteDirectory,
  taskId: string,
  personal: boolean,
): Promise<SavedModel> {
  const state = await releasedTask(directory, taskId);
  const { card, cardHash } = state;
  if (personal) {
    const file = personalFile(directory, cardHash);
    if (existsSync(file)) return modelIn(file);
    throw new DomainError(
      'MODEL_NOT_REFINED',
      'expected a network that this site has refined, got a task without one',
      'not-found',
      { taskId },
    );
  }
  const sums = keptSums(directory, state);
  if (card.model.kind === 'network')
    return { cardHash, terms: card.model, state: learntNetwork(card, sums).state, refined: null };
  const terms = { ...ridgeTerms(card), series: card.data.series };
  return { cardHash, terms, fits: sharedRidges(card, sums.at(-1)!) };
}

async function releasedTask(directory: SiteDirectory, taskId: string): Promise<TaskState> {
  const states = taskLogs(directory).map(async ({ cardHash, messages }) => {
    const [first] = messages;
    const named = first?.kind === 'card' ? (first.payload.card as { taskId?: unknown }).taskId : undefined;
    return named === taskId || cardHash === taskId ? replay(messages) : undefined;
  });
  const state = (await Promise.all(states)).find((found) => found !== undefined);
  if (!state)
    throw new DomainError('TASK_UNKNOWN', `expected a task of this site, got ${taskId}`, 'not-found', {
      taskId,
    });
  if (state.phase === 'released') return state;
  throw notReleased(taskId, state.phase);
}

const notReleased = (taskId: string, phase: string) =>
  new DomainError(
    'MODEL_NOT_RELEASED',
    `expected a task whose model this node has taken, got one that is ${phase}`,
    'conflict',
    { taskId, phase },
  );

function keptSums(directory: SiteDirectory, { card, cardHash, releases }: TaskState): StepSums[] {
  return releases.map(({ cohort }, step) => {
    const file = directory.file('federation', cardHash, `aggregate-${step}.bin`);
    if (!existsSync(file)) throw notReleased(card.taskId, 'not taken yet');
    return { groups: groupsIn(readFileSync(file), card), cohort };
  });
}
