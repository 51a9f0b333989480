import { describe, expect, it } from '@jest/globals';
import { cardHashOf, seriesParts, type TaskCard } from './card.ts';
import { castOf, open } from './cast.ts';
import { defaultPolicy } from './policy.ts';

const withSeries =
  (series: readonly string[]) =>
  (card: TaskCard): TaskCard => ({ ...card, data: { ...card.data, series } });

describe('card', () => {
  it('may name up to sixteen series, each of which has its part of a summed vector', async () => {
    const series = Array.from({ length: 16 }, (_, i) => `meter_${i}_kwh`);
    const cast = await castOf(4);
    const card = withSeries(series)(cast.card);
    expect((await open({ ...cast, card, cardHash: await cardHashOf(card) })).card.data.series).toEqual(
      series,
    );
    const values = Float64Array.from({ length: 32 }, (_, i) => i);
    const parts = [...seriesParts(card, values)];
    expect(parts.map(([name]) => name)).toEqual(series);
    expect(parts.map(([, part]) => [...part])).toEqual(series.map((_, i) => [2 * i, 2 * i + 1]));
  });

  it.each<[string, (card: TaskCard) => TaskCard]>([
    ['CARD_THRESHOLD', (card) => ({ ...card, release: { ...card.release, threshold: 3 } })],
    ['CARD_QUORUM', (card) => ({ ...card, release: { ...card.release, quorum: 3 } })],
    ['CARD_MINIMUM', (card) => ({ ...card, release: { ...card.release, minimumOrganisations: 2 } })],
    ['CARD_BLOCKS', (card) => ({ ...card, release: { ...card.release, blocks: [['org-1', 'org-2']] } })],
    ['ROSTER_TOO_SMALL', (card) => ({ ...card, roster: card.roster.slice(0, 3) })],
    [
      'ROSTER_NOT_DISTINCT',
      (card) => ({ ...card, roster: card.roster.map((member) => ({ ...member, legalId: 'LEI-1' })) }),
    ],
    ['CARD_LANES', (card) => ({ ...card, encryption: { ...card.encryption, maxSites: 5 } })],
    [
      'CARD_DECRYPTORS',
      (card) => ({ ...card, release: { ...card.release, decryptors: card.release.decryptors.slice(3) } }),
    ],
    [
      'CARD_DECRYPTORS',
      (card) => ({ ...card, release: { ...card.release, decryptors: card.release.decryptors.toReversed() } }),
    ],
    ['CARD_SUMS', (card) => ({ ...card, release: { ...card.release, sums: 'blocks' } })],
    ['CARD_SERIES', withSeries([])],
    ['CARD_SERIES', withSeries([''])],
    ['CARD_SERIES', withSeries(['load_kwh', 'pv_kwh', 'load_kwh'])],
    ['CARD_SERIES', withSeries(['x'.repeat(201)])],
    ['CARD_SERIES', withSeries(Array.from({ length: 17 }, (_, i) => `meter_${i}_kwh`))],
    ['CARD_EPOCHS', (card) => ({ ...card, data: { ...card.data, train: card.data.validation } })],
  ])('is refused with %s', async (code, break_) => {
    const cast = await castOf(6);
    const broken = break_(cast.card);
    const recast = { ...cast, card: broken, cardHash: await cardHashOf(broken) };
    await expect(open(recast)).rejects.toMatchObject({ code });
  });

  it.each([
    { sums: 'cohort', combine: 'mean', quorum: 6, refused: 7 },
    { sums: 'blocks', combine: 'median', quorum: 3, refused: 4 },
  ] as const)(
    'with sums of $sums may ask for $quorum of 6 sites unharmed, not for $refused',
    async ({ sums, combine, quorum, refused }) => {
      const opened = async (vote: { quorum: number }) => {
        const cast = await castOf(6, { combine, vote });
        const card = { ...cast.card, release: { ...cast.card.release, sums } };
        return open({ ...cast, card, cardHash: await cardHashOf(card) });
      };
      expect((await opened({ quorum })).card.learning!.vote).toEqual({ quorum });
      await expect(opened({ quorum: refused })).rejects.toMatchObject({ code: 'CARD_VOTE' });
    },
  );

  it('has blocks of at least k_min and every member once, for any roster', async () => {
    const { card } = await castOf(20);
    for (let n = 4; n <= 20; n++) {
      const roster = card.roster.slice(0, n);
      const policy = defaultPolicy(roster);
      expect(policy.blocks.flat().toSorted()).toEqual(
        roster.map(({ organisation }) => organisation).toSorted(),
      );
      expect(Math.min(...policy.blocks.map((block) => block.length))).toBeGreaterThanOrEqual(
        policy.minimumOrganisations,
      );
    }
  });

  it.each(['model', 'data', 'encryption', 'release', 'roster'])(
    'without a readable %s is refused',
    async (part) => {
      const cast = await castOf(4);
      const broken = { ...cast.card, [part]: null } as unknown as TaskCard;
      const recast = { ...cast, card: broken, cardHash: await cardHashOf(broken) };
      await expect(open(recast)).rejects.toMatchObject({ code: 'CARD_MALFORMED', data: { part } });
    },
  );
});
