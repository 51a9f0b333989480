import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  type CommunityMember,
  type PriceRule,
  type Pricing,
  RULE_PROPERTIES,
  priceSlot,
  requireSlot,
} from './index.ts';

type Kind = PriceRule['kind'];

/** One instance of each rule; the curve lies between the lowest feed-in and the highest retail that are drawn below. */
const RULES: Readonly<Record<Kind, PriceRule>> = {
  'bill-sharing': { kind: 'bill-sharing' },
  mmr: { kind: 'mmr' },
  sdr: { kind: 'sdr' },
  'sdr-compensated': { kind: 'sdr-compensated', compensation: 0.5 },
  crossing: { kind: 'crossing' },
  curve: {
    kind: 'curve',
    points: [
      { ratio: 0, price: 20 },
      { ratio: 1, price: 15 },
      { ratio: 2, price: 10 },
    ],
  },
  keys: { kind: 'keys', allocation: { kind: 'static', coefficients: { m0: '0.5', m1: '0.3', m2: '0.2' } } },
};

const kinds = Object.keys(RULE_PROPERTIES) as Kind[];
const claiming = (claim: (kind: Kind) => boolean): Kind[] => kinds.filter(claim);

/** Either a consumer or a producer: what a meter with one net register sees. */
const energy = fc.tuple(fc.nat({ max: 50 }), fc.boolean());
const tariffs = fc.record({
  retail: fc.integer({ min: 20, max: 50 }),
  feedIn: fc.integer({ min: 0, max: 10 }),
});

const memberOf =
  (own: { retail?: number; feedIn?: number }) =>
  ([wh, draws]: readonly [number, boolean], i: number): CommunityMember => ({
    id: `m${i}`,
    load: draws ? wh : 0,
    generation: draws ? 0 : wh,
    ...own,
  });

const oneTariff = fc
  .tuple(fc.array(energy, { minLength: 3, maxLength: 6 }), tariffs)
  .map(([all, own]) => all.map(memberOf(own)));
/** Tariffs that may cross: one member's feed-in above another's retail. */
const ownTariffs = fc
  .array(
    fc.tuple(
      energy,
      fc.record({ retail: fc.integer({ min: 5, max: 50 }), feedIn: fc.integer({ min: 0, max: 30 }) }),
    ),
    { minLength: 3, maxLength: 6 },
  )
  .map((all) => all.map(([wh, own], i) => memberOf(own)(wh, i)));

const price = (kind: Kind, members: readonly CommunityMember[]): Pricing =>
  priceSlot(RULES[kind], requireSlot(members, {}));

const gains = (pricing: Pricing): number[] =>
  pricing.bills.map(({ amount, alone }) => alone.minus(amount).toNumber());
const TINY = 1e-20;

/** Whether some instance of the space breaks the law; a failed run of fast-check is the find. */
const hasCounterexample = <T>(space: fc.Arbitrary<T>, law: (instance: T) => boolean): boolean =>
  fc.check(fc.property(space, law), { seed: 1, numRuns: 2_000 }).failed;

const rational =
  (kind: Kind) =>
  (members: readonly CommunityMember[]): boolean =>
    gains(price(kind, members)).every((gain) => gain >= -TINY);

/** The least the retailers can be owed: the highest bids served by the lowest asks while that gains. */
const least = (members: readonly CommunityMember[]): number => price('crossing', members).utility.toNumber();

/** Whether member 0 pays less with some reported tariff than with its own, as it then really is billed. */
const truthful =
  (kind: Kind) =>
  (members: readonly CommunityMember[]): boolean => {
    const [liar, ...others] = members;
    const honest = price(kind, members).bills[0]!.amount;
    const grid = [0, 5, 10, 15, 20, 25, 30, 40, 50].flatMap((tariff) => [tariff, tariff + 1]);
    return grid.every((reported) => {
      const lie = { ...liar!, retail: reported, feedIn: reported };
      const { bought, sold, amount } = price(kind, [lie, ...others]).bills[0]!;
      // What is left it settles at its own tariffs, not at the reported ones.
      const left = requireSlot([liar!], {});
      const outside = left.load.minus(bought).times(Number(liar!.retail) - reported);
      const sent = left.generation.minus(sold).times(Number(liar!.feedIn) - reported);
      return amount.plus(outside).minus(sent).gte(honest.minus(TINY));
    });
  };

const efficient =
  (kind: Kind) =>
  (members: readonly CommunityMember[]): boolean =>
    price(kind, members).utility.toNumber() <= least(members) + 1e-9;

describe('what each rule claims', () => {
  it.each(kinds)('%s: bills are the utility’s bill and what the operator bears', (kind) => {
    fc.assert(
      fc.property(fc.oneof(oneTariff, ownTariffs), (members) => {
        const { bills, utility, operator, shared, shareable } = price(kind, members);
        const paid = bills.reduce((total, { amount }) => total.plus(amount), utility.times(0));
        expect(paid.minus(utility).minus(operator).abs().toNumber()).toBeLessThan(TINY);
        expect(operator.isZero() || RULE_PROPERTIES[kind].budgetBalance === 'operator').toBe(true);
        const sold = bills.reduce((total, bill) => total.plus(bill.sold), utility.times(0));
        expect(sold.minus(shared).abs().toNumber()).toBeLessThan(TINY);
        expect(shared.minus(shareable).toNumber()).toBeLessThan(TINY);
      }),
    );
  });

  it('curve: its operator’s account does not always balance', () => {
    expect(hasCounterexample(oneTariff, (members) => price('curve', members).operator.isZero())).toBe(true);
  });

  it.each(claiming((kind) => RULE_PROPERTIES[kind].individuallyRational))(
    '%s: nobody loses by sharing',
    (kind) => {
      // A fixed curve is between all tariffs only where they are not the members' own.
      const space = kind === 'curve' ? oneTariff : fc.oneof(oneTariff, ownTariffs);
      fc.assert(fc.property(space, rational(kind)), { numRuns: 300 });
    },
  );

  it.each(claiming((kind) => !RULE_PROPERTIES[kind].individuallyRational))(
    '%s: somebody may lose by sharing',
    (kind) => {
      expect(hasCounterexample(oneTariff, rational(kind))).toBe(true);
    },
  );

  it.each(claiming((kind) => !RULE_PROPERTIES[kind].incentiveCompatible))(
    '%s: a false tariff may pay',
    (kind) => {
      expect(hasCounterexample(ownTariffs, truthful(kind))).toBe(true);
    },
  );

  // Curve and keys hand the same energy over at the same price whatever is reported; so does bill sharing.
  it.each(['bill-sharing'] as const)('%s: no false tariff pays', (kind) => {
    fc.assert(fc.property(ownTariffs, truthful(kind)), { numRuns: 200 });
  });

  it.each(['curve', 'keys'] as const)('%s: energy and price do not depend on tariffs', (kind) => {
    fc.assert(
      fc.property(ownTariffs, tariffs, (members, other) => {
        const reported = price(
          kind,
          members.map((member, i) => (i === 0 ? { ...member, ...other } : member)),
        );
        const honest = price(kind, members);
        expect(reported.poolPrice).toEqual(honest.poolPrice);
        expect(reported.bills.map(({ bought, sold }) => [bought, sold])).toEqual(
          honest.bills.map(({ bought, sold }) => [bought, sold]),
        );
      }),
    );
  });

  it.each(claiming((kind) => RULE_PROPERTIES[kind].efficient === 'one tariff'))(
    '%s: shares all there is, best with one tariff only',
    (kind) => {
      fc.assert(fc.property(oneTariff, efficient(kind)));
      expect(hasCounterexample(ownTariffs, efficient(kind))).toBe(true);
    },
  );

  it('fixed keys do not always share all there is', () => {
    expect(RULE_PROPERTIES.keys.efficient).toBe('no');
    expect(hasCounterexample(oneTariff, efficient('keys'))).toBe(true);
  });

  it('crossing: no transfer between two members would lower the retailers’ bill', () => {
    fc.assert(
      fc.property(ownTariffs, (members) => {
        const { bills } = price('crossing', members);
        for (const buyer of members) {
          for (const seller of members) {
            const b = bills.find(({ id }) => id === buyer.id)!;
            const s = bills.find(({ id }) => id === seller.id)!;
            const both = b.bought.lt(buyer.load) && s.sold.lt(seller.generation);
            expect(both && Number(seller.feedIn) < Number(buyer.retail)).toBe(false);
          }
        }
      }),
    );
  });
});
