import { beforeAll, describe, expect, it } from '@jest/globals';
import { cardHashOf, type TaskCard } from './card.ts';
import { type Cast, castOf, open, run, say, until } from './cast.ts';
import { PLATFORM } from './message.ts';
import type { TaskState } from './task-state.ts';

/** Seven organisations: t = 3, k_min = 4, one block; eight: two blocks {1–4} and {5–8}. */
let seven: Cast;
let eight: Cast;
let uploaded: TaskState;
beforeAll(async () => {
  seven = await castOf(7);
  eight = await castOf(8);
  uploaded = await until(eight, await open(eight), 'uploading', {});
  // Everybody uploads but the last, and the window has not passed yet.
  for (const name of orgs(1, 2, 3, 4, 5, 6, 7)) uploaded = await upload(uploaded, name);
});

const orgs = (...numbers: readonly number[]): string[] => numbers.map((i) => `org-${i}`);
const upload = async (state: TaskState, name: string): Promise<TaskState> =>
  say(eight, state, 'upload', name, { blob: await cardHashOf({ ...eight.card, taskId: name }), bytes: 9, model: state.cardHash, attempt: state.attempt }); // prettier-ignore

/** What becomes of a list of uploads that the platform makes up. */
const closed = (names: readonly string[]) => {
  const uploads = names.map((organisation) => ({
    organisation,
    blob: uploaded.uploads.get(organisation)?.blob ?? 'f'.repeat(64),
  }));
  return say(eight, uploaded, 'close', PLATFORM, { model: eight.cardHash, uploads }).catch(
    (error: unknown) => error,
  );
};

const refusalOf = async (who: Cast, change: (card: TaskCard) => TaskCard): Promise<unknown> => {
  const card = change(who.card);
  return open({ ...who, card, cardHash: await cardHashOf(card) }).catch((error: unknown) => error);
};
const withBlocks =
  (...blocks: readonly (readonly number[])[]) =>
  ({ release, ...card }: TaskCard): TaskCard => ({
    ...card,
    release: { ...release, blocks: blocks.map((block) => orgs(...block)) },
  });

describe('aggregate of one, k_min − 1, block with a missing member, the {1–4},{4–7},{1–7} pattern, one organisation under two names, unpinned member → refused', () => {
  it.each<[string, readonly number[]]>([
    ['aggregate of one', [1]],
    ['aggregate of nobody', []],
    ['k_min − 1', [1, 2, 3]],
    ['block with a missing member', [1, 2, 3, 4, 5, 6, 7]],
    ['a block and one of another', [1, 2, 3, 4, 5]],
    ['another block than the one that is whole', [5, 6, 7, 8]],
  ])('%s: no list that members vouch for', async (_name, names) => {
    expect(eight.card.release.blocks).toEqual([orgs(1, 2, 3, 4), orgs(5, 6, 7, 8)]);
    expect(await closed(orgs(...names))).toMatchObject({ code: 'UPLOADS_MISMATCH' });
    expect(await closed(orgs(1, 2, 3, 4))).toMatchObject({ phase: 'preparing' });
  });

  it('fewer than k_min in all: the task fails and sums nothing', async () => {
    const state = await until(eight, await open(eight), 'uploading');
    const left = await run(eight, state, { 'org-4': ['upload'], 'org-5': ['upload'] });
    expect(left).toMatchObject({ phase: 'failed', releases: [], close: null });
    const nobody = { model: eight.cardHash, uploads: [] };
    await expect(say(eight, state, 'close', PLATFORM, nobody)).rejects.toMatchObject({
      code: 'COHORT_TOO_SMALL',
    });
  });

  it.each<[string, readonly (readonly number[])[]]>([
    ['blocks of one', [[1], [2, 3, 4, 5, 6, 7]]],
    ['blocks of k_min − 1', [[1, 2, 3], [4, 5, 6, 7]]], // prettier-ignore
    ['{1–4}, {4–7}', [[1, 2, 3, 4], [4, 5, 6, 7]]], // prettier-ignore
    ['{1–4}, {4–7}, {1–7}', [[1, 2, 3, 4], [4, 5, 6, 7], [1, 2, 3, 4, 5, 6, 7]]], // prettier-ignore
    ['{1–4}, whose rest is too small', [[1, 2, 3, 4], [5, 6, 7]]], // prettier-ignore
    ['a partition without everybody', [[1, 2, 3, 4]]],
  ])('%s: no card', async (_name, blocks) => {
    expect(await refusalOf(seven, withBlocks(...blocks))).toMatchObject({ code: 'CARD_BLOCKS' });
  });

  it('a k_min of t, of one, of nobody: no card', async () => {
    for (const minimumOrganisations of [seven.card.release.threshold, 1, 0])
      expect(
        await refusalOf(seven, ({ release, ...card }) => ({
          ...card,
          release: { ...release, minimumOrganisations },
        })),
      ).toMatchObject({ code: 'CARD_MINIMUM' });
  });

  it.each(['organisation', 'legalId', 'signingKey', 'agreementKey'] as const)(
    'one organisation under two names: no %s twice in a roster',
    async (field) => {
      expect(
        await refusalOf(seven, ({ roster, ...card }) => {
          const [first, second, ...rest] = roster;
          return { ...card, roster: [first!, { ...second!, [field]: first![field] }, ...rest] };
        }),
      ).toMatchObject({ code: 'ROSTER_NOT_DISTINCT', data: { field } });
    },
  );
});
