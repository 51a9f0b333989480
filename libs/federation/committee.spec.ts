import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Cast, castOf, open, run, until } from './cast.ts';
import { defaultPolicy, drawnDecryptors } from './policy.ts';

describe('a task of more organisations than a committee may have', () => {
  let cast: Cast;
  beforeAll(async () => {
    cast = await castOf(24);
  });

  it('is released by 20 decryptors over the uploads of all', async () => {
    const state = await run(cast, await open(cast));
    expect(state.card.release).toMatchObject({ threshold: 7, quorum: 14, minimumOrganisations: 8 });
    expect(state.card.release.decryptors).toHaveLength(20);
    expect(state).toMatchObject({ phase: 'released', active: [1, 2, 3, 4, 5, 6, 7] });
    expect(state.close!.uploads).toHaveLength(24);
    expect(state.tests.size).toBe(20);
  });

  it('asks those outside of the committee for nothing but their dealing and upload', async () => {
    const outside = cast.card.roster.slice(20).map(({ organisation }) => organisation);
    const mute = Object.fromEntries(
      outside.map((name) => [name, ['commit', 'reveal', 'agree', 'test', 'ready', 'answer'] as const]),
    );
    expect(await run(cast, await open(cast), mute)).toMatchObject({ phase: 'released' });
  });

  it('is released by few whom the operator chose, by their points', async () => {
    const chosen = ['org-3', 'org-9', 'org-20', 'org-24'];
    const few = await castOf(24, undefined, chosen);
    const answering = await until(few, await open(few), 'answering', { 'org-3': ['ready'] });
    expect(answering.card.release).toMatchObject({ decryptors: chosen, threshold: 2, quorum: 3 });
    expect(answering.active).toEqual([2, 3]);
    expect((await run(few, answering)).phase).toBe('released');
  });
});

describe('the committee that is drawn', () => {
  it('is everybody up to 20, and 20 of more in roster order', async () => {
    const { roster } = (await castOf(40)).card;
    const names = roster.map(({ organisation }) => organisation);
    expect(await drawnDecryptors(roster.slice(0, 20))).toEqual(names.slice(0, 20));
    const drawn = await drawnDecryptors(roster);
    expect(drawn).toHaveLength(20);
    expect(names.filter((name) => drawn.includes(name))).toEqual(drawn);
    expect(drawn).not.toEqual(names.slice(0, 20));
    expect(defaultPolicy(roster, { decryptors: drawn }).decryptors).toEqual(drawn);
  });

  it('follows from the legal identifiers alone, not from keys or order, and differs from roster to roster', async () => {
    const { roster } = (await castOf(40)).card;
    const drawn = await drawnDecryptors(roster);
    const rekeyed = roster.toReversed().map((member) => ({ ...member, signingKey: 'f'.repeat(64) }));
    expect((await drawnDecryptors(rekeyed)).toReversed()).toEqual(drawn);
    expect(await drawnDecryptors(roster.slice(0, 39))).not.toEqual(drawn);
  });

  it('is written into blocks as before: contiguous, as equal as can be', async () => {
    const { roster } = (await castOf(23)).card;
    const { blocks, minimumOrganisations } = defaultPolicy(roster, {
      decryptors: ['org-1', 'org-2', 'org-3', 'org-4'],
    });
    expect(minimumOrganisations).toBe(3);
    expect(blocks.flat()).toEqual(roster.map(({ organisation }) => organisation));
    expect(new Set(blocks.map((block) => block.length))).toEqual(new Set([3, 4]));
  });
});
