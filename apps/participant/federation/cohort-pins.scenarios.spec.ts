import { readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { defaultPolicy, ridgeTerms, type RosterMember, type TaskCard } from '#federation';
import { SiteStory } from '../../../test/harness/site-story.ts';
import { CohortPins } from './cohort-pins.ts';

const VALUES = Float64Array.of(1, 2, 3);
const FIRST = 'a'.repeat(64);
const SECOND = 'b'.repeat(64);

const on = (card: TaskCard, ...series: string[]): TaskCard => ({ ...card, data: { ...card.data, series } });

describe('the cohort a range of readings is first summed with', () => {
  let story: SiteStory;
  let card: TaskCard;

  beforeAll(async () => {
    story = await SiteStory.start(7);
    card = story.card();
  });
  afterAll(() => story.stop());
  beforeEach(() => rmSync(story.node.directory.file('cohorts.jsonl'), { force: true }));

  /** As a node that has just started. */
  const pin = (other: TaskCard, cardHash = SECOND) =>
    new CohortPins(story.node.directory).pin(other, cardHash, VALUES);
  const rosterOf = (roster: readonly RosterMember[]) =>
    story.card({ roster, release: defaultPolicy(roster) });
  const refused = {
    code: 'COHORT_PINNED',
    kind: 'forbidden',
    data: { firstCard: FIRST, card: SECOND },
  };

  it('may be summed again: the same card, and another card of the same cohort', async () => {
    await pin(card, FIRST);
    await pin(card, FIRST);
    await pin({ ...card, taskId: 'another', issuedAt: '2026-03-02T00:00:00Z' });
    await pin(card, FIRST);
    const pins = readFileSync(story.node.directory.file('cohorts.jsonl'), 'utf8').trim().split('\n');
    expect(pins.map((line) => (JSON.parse(line) as { cardHash: string }).cardHash)).toEqual([FIRST, SECOND]);
  });

  it('the {1–4}, {4–7}, {1–7} pattern → refused: {1–3}, {4–7} and {1–4}, {5–7} would tell 4 apart', async () => {
    const names = story.members.map(({ organisation }) => organisation);
    const release = { ...card.release, blocks: [names.slice(0, 4), names.slice(4)] };
    expect(card.release.blocks).not.toEqual(release.blocks);
    await pin(card, FIRST);
    await expect(pin({ ...card, release })).rejects.toMatchObject(refused);
    await expect(pin(rosterOf(story.members.slice(0, 4)))).rejects.toMatchObject(refused);
    await pin(card, FIRST);
  });

  it('second card on one epoch with another committee → refused by the site', async () => {
    await pin(card, FIRST);
    const [own, other, ...rest] = story.members as [RosterMember, RosterMember, ...RosterMember[]];
    const roster = [own, { ...other, agreementKey: 'e'.repeat(64) }, ...rest];
    await expect(pin(rosterOf(roster))).rejects.toMatchObject(refused);
    await expect(pin(rosterOf([other, own, ...rest]))).rejects.toMatchObject(refused);
  });

  it('is one of firms, not of names: another firm under the name of one that was in it is refused', async () => {
    await pin(card, FIRST);
    const last = card.roster.at(-1)!;
    const other = {
      ...last,
      legalId: 'LEI-other',
      signingKey: 'd'.repeat(64),
      agreementKey: 'e'.repeat(64),
    };
    // No decryptor, so that only the block tells.
    const decryptors = card.release.decryptors.slice(0, 4);
    const committee = (roster: readonly RosterMember[]) =>
      story.card({ roster, release: { ...card.release, decryptors } });
    rmSync(story.node.directory.file('cohorts.jsonl'));
    await pin(committee(card.roster), FIRST);
    await expect(pin(committee([...card.roster.slice(0, -1), other]))).rejects.toMatchObject(refused);
  });

  it.each([
    ['an hour of its end', { start: '2026-02-14T23:00:00Z', end: '2026-03-14T00:00:00Z' }],
    ['an hour of its start', { start: '2025-12-01T00:00:00Z', end: '2026-01-01T01:00:00Z' }],
    ['all of it and more', { start: '2025-12-01T00:00:00Z', end: '2026-04-01T00:00:00Z' }],
    ['some of its middle', { start: '2026-01-10T00:00:00Z', end: '2026-01-11T00:00:00Z' }],
  ])('covers a card on %s', async (_what, { start, end }) => {
    await pin(card, FIRST);
    await expect(pin(over(start, end))).rejects.toMatchObject(refused);
  });

  it.each([
    ['after', '2026-02-15T00:00:00Z', '2026-03-14T00:00:00Z'],
    ['before', '2025-12-01T00:00:00Z', '2026-01-01T00:00:00Z'],
  ])('leaves readings %s it free', async (_where, start, end) => {
    await pin(card, FIRST);
    await pin(over(start, end));
    // From now on these are taken as well.
    await expect(pin({ ...card, data: over(start, end).data }, FIRST)).rejects.toMatchObject({
      code: 'COHORT_PINNED',
    });
  });

  it('is a matter of one series', async () => {
    await pin(card, FIRST);
    const four = rosterOf(story.members.slice(0, 4));
    await pin(on(four, 'pv_kwh'));
    await expect(pin(four)).rejects.toMatchObject(refused);
  });

  it('is one for the load and the net that is made of it', async () => {
    await pin(card, FIRST);
    const net = { ...card.data, series: ['net_kwh'] };
    await expect(pin({ ...rosterOf(story.members.slice(0, 4)), data: net })).rejects.toMatchObject(refused);
    await pin({ ...card, data: net });
  });

  it('is pinned for every series of a card, or for none', async () => {
    const four = rosterOf(story.members.slice(0, 4));
    await pin(on(card, 'load_kwh'), FIRST);
    await expect(pin(on(four, 'pv_kwh', 'load_kwh'))).rejects.toMatchObject(refused);
    // The PV is still free.
    await pin(on(four, 'pv_kwh', 'heat_kwh'), FIRST);
    for (const series of ['pv_kwh', 'heat_kwh'])
      await expect(pin(on(card, series))).rejects.toMatchObject(refused);
  });

  it("holds for the site's own columns that a model sees beside the series, whatever it calls them, and the vector with them", async () => {
    const four = rosterOf(story.members.slice(0, 4));
    const inputs = { calendar: false, holidays: null, issues: 'every-step', penalties: [1] } as const;
    const model = {
      ...ridgeTerms(card),
      inputs: { ...inputs, past: ['heat_kwh'], ahead: ['temperature_c', 'pv_kwh'] },
    };
    await pin({ ...card, model }, FIRST);
    for (const column of ['heat_kwh', 'pv_kwh', 'pv_kw', 'temperature_c'])
      await expect(pin(on(four, column))).rejects.toMatchObject(refused);
    // In the same cohort another sum over them would tell what changed at one site; the weather may go with other series.
    const pins = new CohortPins(story.node.directory);
    for (const column of ['heat_kwh', 'pv_kwh'])
      await expect(pins.pin(on(card, column), SECOND, Float64Array.of(9, 9))).rejects.toMatchObject({
        code: 'INPUT_PINNED',
      });
    const weather = { ...ridgeTerms(card), inputs: { ...inputs, past: [], ahead: ['temperature_c'] } };
    await pins.pin({ ...on(card, 'steam_kwh'), model: weather }, SECOND, Float64Array.of(9, 9));
  });

  it('may sum a series again among others if its own part is the same', async () => {
    const pins = new CohortPins(story.node.directory);
    await pins.pin(on(card, 'load_kwh'), FIRST, Float64Array.of(1, 2));
    await pins.pin(on(card, 'pv_kwh', 'load_kwh'), SECOND, Float64Array.of(7, 8, 1, 2));
    const other = pins.pin(on(card, 'load_kwh', 'pv_kwh'), 'c'.repeat(64), Float64Array.of(1, 2, 7, 9));
    await expect(other).rejects.toMatchObject({ code: 'INPUT_PINNED', data: { firstCard: SECOND } });
  });

  /** A card of another cohort over [start, end). */
  function over(start: string, end: string): TaskCard {
    const middle = new Date((Date.parse(start) + Date.parse(end)) / 2).toISOString();
    const data = { ...card.data, train: { start, end: middle }, validation: { start: middle, end } };
    return { ...rosterOf(story.members.slice(0, 4)), data };
  }
});
