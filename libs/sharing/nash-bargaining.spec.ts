import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type BargainingMember, nashBargain, settleNashBargain } from './index.ts';

const amounts = fc.integer({ min: -1000, max: 1000 });
const powers = fc.double({ min: 0.01, max: 10, noNaN: true });
const bargains = fc.record({
  gain: amounts,
  members: fc.array(fc.record({ saving: amounts, alpha: powers }), { minLength: 1, maxLength: 8 }),
});
const named = (members: readonly { saving: number; alpha: number }[]): BargainingMember[] =>
  members.map((member, i) => ({ id: `m${i}`, ...member }));

/** log of the objective (1) at any payments. */
function logProduct(gain: number, members: readonly BargainingMember[], payments: readonly number[]): number {
  const rest = gain - payments.reduce((a, b) => a + b, 0);
  return members.reduce(
    (sum, { saving, alpha }, i) => sum + alpha * Math.log(saving + payments[i]!),
    Math.log(rest),
  );
}

describe('generalised Nash bargaining', () => {
  it('shares the whole surplus by power and is rational for everybody', () => {
    fc.assert(
      fc.property(bargains, ({ gain, members }) => {
        const surplus = members.reduce((sum, { saving }) => sum + saving, gain);
        fc.pre(surplus >= 0);
        const { payments, memberNet, aggregatorNet } = nashBargain(gain, named(members));
        expect(memberNet.reduce((a, b) => a + b, aggregatorNet)).toBeCloseTo(surplus, 6);
        expect(payments.reduce((a, b) => a - b, gain)).toBeCloseTo(aggregatorNet, 6);
        expect(Math.min(...memberNet, aggregatorNet)).toBeGreaterThanOrEqual(0);
        members.forEach(({ alpha }, i) => expect(memberNet[i]).toBeCloseTo(alpha * aggregatorNet, 6));
      }),
    );
  });

  it('names that there is nothing to share where apart everybody is better off', () => {
    expect(() => nashBargain(-5, named([{ saving: 3, alpha: 1 }]))).toThrow(
      expect.objectContaining({ code: 'BARGAIN_INFEASIBLE', kind: 'conflict', data: { totalSurplus: -2 } }),
    );
  });

  it('beats any other payments', () => {
    const other = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(bargains, other, ({ gain, members }, shifts) => {
        const surplus = members.reduce((sum, { saving }) => sum + saving, gain);
        fc.pre(surplus > 0);
        const each = named(members);
        const { payments, logNashProduct } = nashBargain(gain, each);
        expect(logProduct(gain, each, payments)).toBeCloseTo(logNashProduct, 4);
        const shifted = logProduct(
          gain,
          each,
          payments.map((payment, i) => payment + shifts[i]!),
        );
        // A factor below 0 is no bargain at all.
        const reached = Number.isNaN(shifted) ? -Infinity : shifted;
        expect(reached).toBeLessThanOrEqual(logNashProduct + 1e-7);
      }),
    );
  });

  it('in minor units conserves the surplus to the last one and is within one of the exact bargain', () => {
    fc.assert(
      fc.property(bargains, ({ gain, members }) => {
        const surplus = members.reduce((sum, { saving }) => sum + saving, gain);
        fc.pre(surplus >= 0);
        const exact = nashBargain(gain, named(members));
        const settled = settleNashBargain(
          BigInt(gain),
          named(members).map(({ saving, ...rest }) => ({ ...rest, saving: BigInt(saving) })),
        );
        const { memberNet, aggregatorNet, payments } = settled;
        expect(memberNet.reduce((a, b) => a + b, aggregatorNet)).toBe(BigInt(surplus));
        expect(payments.reduce((a, b) => a - b, BigInt(gain))).toBe(aggregatorNet);
        memberNet.forEach((net, i) =>
          expect(Math.abs(Number(net) - exact.memberNet[i]!)).toBeLessThan(1.001),
        );
      }),
    );
  });

  it('with nothing to share gives nobody anything', () => {
    const bargain = nashBargain(-5, [{ id: 'a', saving: 5, alpha: 2 }]);
    expect(bargain).toEqual({
      totalSurplus: 0,
      payments: [-5],
      memberNet: [0],
      aggregatorNet: 0,
      logNashProduct: -Infinity,
    });
  });

  it.each([
    ['no power', 'BARGAIN_POWER', 1, [{ id: 'a', saving: 1, alpha: 0 }]],
    ['a negative power', 'BARGAIN_POWER', 1, [{ id: 'a', saving: 1, alpha: -1 }]],
    ['a power that is no number', 'BARGAIN_POWER', 1, [{ id: 'a', saving: 1, alpha: NaN }]],
    ['nobody', 'BARGAIN_INPUT', 1, []],
    ['an endless gain', 'BARGAIN_INPUT', Infinity, [{ id: 'a', saving: 1, alpha: 1 }]],
    ['an endless saving', 'BARGAIN_INPUT', 1, [{ id: 'a', saving: Infinity, alpha: 1 }]],
    [
      'a member twice',
      'BARGAIN_INPUT',
      1,
      [
        { id: 'a', saving: 1, alpha: 1 },
        { id: 'a', saving: 1, alpha: 1 },
      ],
    ],
  ])('refuses %s', (_, code, gain, members) => {
    expect(() => nashBargain(gain, members)).toThrow(expect.objectContaining({ code }));
  });
});
