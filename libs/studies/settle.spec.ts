import { describe, expect, it } from '@jest/globals';
import type { Json } from '#core';
import { computeStudy } from './compute-study.ts';
import { UNHEARD } from './study.ts';

const settled = async (readings: Json): Promise<unknown> => {
  const input = { retail: '0.30', feedIn: '0.10', readings };
  const asked = { verb: 'settle', method: 'mmr', input, options: {} };
  return JSON.parse((await computeStudy(asked, UNHEARD, 100_000)).result);
};

const row = (start: string, member: string, load: number | string, generation: number | string): Json => ({
  start,
  member,
  load,
  generation,
});

describe('settle as a study', () => {
  it('bills readings that stand in its input, in any order', async () => {
    const rows = [
      row('2026-03-01T01:00:00+01:00', 'home', '2.5', 0),
      row('2026-03-01T00:00:00Z', 'roof', 0, 2.5),
      row('2026-03-01T01:00:00Z', 'home', 1, 0),
      row('2026-03-01T01:00:00Z', 'roof', 0, 0),
    ];
    const result = await settled(rows);
    // 2.5 kWh shared at the middle of 30 and 10 ct, then 1 kWh from outside.
    expect(result).toMatchObject({
      slots: 2,
      resolutionMinutes: 60,
      shared: 2.5,
      bills: [
        { id: 'home', bought: 2.5, amount: 0.8 },
        { id: 'roof', sold: 2.5, amount: -0.5 },
      ],
    });
    expect(await settled(rows.toReversed())).toEqual(result);
  });

  it('refuses readings with a gap, of no instant, or below nothing', async () => {
    const gap = [0, 1, 3].map((hour) => row(`2026-03-01T0${hour}:00:00Z`, 'home', 1, 0));
    await expect(settled(gap)).rejects.toMatchObject({ code: 'READINGS_GAP' });
    await expect(settled([row('noon', 'home', 1, 0)])).rejects.toMatchObject({ code: 'INSTANT_MALFORMED' });
    await expect(settled([row('2026-03-01T00:00:00Z', 'home', -1, 0)])).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    await expect(settled([])).rejects.toMatchObject({ code: 'READINGS_EMPTY' });
  });
});
