import { describe, expect, it } from '@jest/globals';
import type { LpSolve } from '#core';
import { networkOf, operatingEnvelopes } from './index.ts';

describe('an envelope without any limit of the network', () => {
  const network = networkOf({
    base: { kv: 1, mva: 1 },
    powerUnit: 'pu',
    impedanceUnit: 'pu',
    root: '0',
    buses: [{ id: '0' }, { id: '1' }],
    lines: [{ from: '0', to: '1', r: 0.01, x: 0.01 }],
  });
  const member = { bus: 1, weight: 1, maxImport: 0.5, maxExport: 0.5 };
  const envelopes = (change: object) =>
    operatingEnvelopes(network, [{ ...member, ...change }], 'equal', undefined as unknown as LpSolve);

  it('is the capacity of a member that has one, and ENVELOPE_UNBOUNDED for one that has none', () => {
    expect(envelopes({})).toEqual([[{ import: 0.5, export: 0.5 }]]);
    for (const open of [{ maxImport: Infinity }, { maxExport: Infinity }]) {
      expect(() => envelopes(open)).toThrow(expect.objectContaining({ code: 'ENVELOPE_UNBOUNDED' }));
    }
  });
});
