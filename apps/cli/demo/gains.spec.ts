import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HOUR_MS, interval } from '#core';
import { settle, settleCharges } from '#market';
import { conservationFaults, type MemberGain } from './gains.ts';
import type { SessionResult } from './steps.ts';

const WH = fc.integer({ min: 1, max: 100_000 });
const PRICE = fc.integer({ min: -50_000, max: 50_000 });

const dealt = fc.array(
  fc.record({
    buyer: fc.nat(5),
    step: fc.integer({ min: 1, max: 5 }),
    hour: fc.nat(3),
    wh: WH,
    buy: PRICE,
    less: fc.nat(9_000),
  }),
  { maxLength: 30 },
);

type Deal = { buyer: number; step: number; hour: number; wh: number; buy: number; less: number };

const hourOf = (hour: number) => interval(hour * HOUR_MS, (hour + 1) * HOUR_MS);

/** A settled session of random trades, each delivered with a random error, as its members read it. */
function settled(deals: readonly Deal[], errorWh: number): { gains: MemberGain[]; session: SessionResult } {
  const trades = deals.map(({ buyer, step, hour, wh, buy, less }, i) => ({
    buyOrder: `b${i}`,
    sellOrder: `s${i}`,
    buyer: `m${buyer}`,
    seller: `m${(buyer + step) % 6}`,
    interval: hourOf(hour),
    quantityWh: wh,
    buyPricePerMwh: buy,
    sellPricePerMwh: buy - less,
  }));
  const parties = new Map(
    trades.flatMap((trade) =>
      [trade.buyer, trade.seller].map((member) => [
        `${trade.interval.startMs}/${member}`,
        { member, interval: trade.interval },
      ]),
    ),
  );
  const deliveries = [...parties.values()].map((party) => ({
    ...party,
    netImportWh: errorWh,
    netExportWh: 0,
  }));
  const traded = settle(trades, deliveries, { retailPerMwh: 30_123, feedInPerMwh: 8_001 });
  const charges = trades.map(({ buyer, quantityWh }) => ({
    member: buyer,
    kind: 'externality' as const,
    amountExact: BigInt(quantityWh) * 777n,
  }));
  const settlement = settleCharges(traded, charges);
  const gains = settlement.members.map(({ member, localMinor, chargeMinor, deviationMinor, ...rest }) => ({
    ...rest,
    site: member,
    participantId: member,
    localMinor,
    chargeMinor,
    deviationMinor,
    postings: [
      { account: `participant:${member}`, amountMinor: localMinor },
      { account: 'market:clearing', amountMinor: -localMinor },
      { account: `participant:${member}`, amountMinor: chargeMinor },
      { account: 'market:clearing', amountMinor: -chargeMinor },
      { account: `participant:${member}`, amountMinor: deviationMinor },
      { account: 'retailer', amountMinor: -deviationMinor },
    ],
  }));
  const tradedWh = trades.reduce((sum, { quantityWh }) => sum + quantityWh, 0);
  const { marketMinor, savingsMinor } = settlement;
  return {
    gains,
    session: {
      state: 'SETTLED',
      tradeCount: trades.length,
      tradedWh,
      welfareMinor: 0,
      savingsMinor,
      marketMinor,
      missingDeliveries: 0,
    },
  };
}

describe('energy and money of a session', () => {
  it('conserve to the unit whatever is traded and delivered', () => {
    fc.assert(
      fc.property(dealt, fc.nat(50_000), (deals, errorWh) => {
        const { gains, session } = settled(deals, errorWh);
        expect(conservationFaults(gains, session)).toEqual([]);
      }),
    );
  });

  it('do not where a unit goes missing anywhere', () => {
    const { gains, session } = settled(
      [{ buyer: 0, step: 1, hour: 0, wh: 1_000, buy: 20_000, less: 5_000 }],
      400,
    );
    const [first, ...others] = gains;
    expect(conservationFaults(gains, { ...session, marketMinor: session.marketMinor - 1 })).toHaveLength(2);
    expect(conservationFaults(gains, { ...session, tradedWh: 1_001 })).toHaveLength(2);
    expect(
      conservationFaults([{ ...first!, localMinor: first!.localMinor + 1 }, ...others], session),
    ).toHaveLength(2);
    expect(
      conservationFaults([{ ...first!, postings: first!.postings.slice(1) }, ...others], session),
    ).toHaveLength(2);
    expect(conservationFaults(others, session).length).toBeGreaterThan(0);
  });
});
