import { describe, expect, it } from '@jest/globals';
import { PORTRAIT_CONTEXT, portraitStatement } from '#analytics';
import { generateSigningKey, HOUR_MS, requireSignature } from '#core';
import { publishPortrait } from './publish-portrait.ts';
import { sitePortrait } from './site-portrait.ts';

/** Monday. */
const START = Date.UTC(2026, 0, 5);
const PEAK_KWH = 3.777;

/** A store of so many days of 1 kWh an hour, with a peak at 19 h, from `START`. */
const store = (days: number, { isZoned = true, columns = ['load_kwh'] } = {}) => {
  const values = Float64Array.from({ length: 24 * days }, (_, hour) => (hour % 24 === 19 ? PEAK_KWH : 1));
  const endMs = START + values.length * HOUR_MS;
  return {
    dataset: async () => ({ zone: isZoned ? 'UTC' : null, resolutionMs: HOUR_MS }),
    columns: async () => columns,
    coverage: async () => ({
      fromMs: START,
      toMs: endMs,
      present: values.length,
      missing: 0,
      longestGap: null,
    }),
    hourly: async (_column: string, span: { startMs: number; endMs: number }) => ({
      startMs: span.startMs,
      resolutionMs: HOUR_MS,
      values: values.subarray((span.startMs - START) / HOUR_MS, (span.endMs - START) / HOUR_MS),
    }),
  };
};

describe('sitePortrait', () => {
  it('is of all local days that were read, unless a period is named', async () => {
    expect(await sitePortrait(store(28), {})).toMatchObject({
      from: '2026-01-05T00:00:00Z',
      to: '2026-02-02T00:00:00Z',
      days: 28,
      kinds: [{ label: 'evening-peak', shareOfDays: 1 }],
    });
    const options = { from: '2026-01-10', to: '2026-01-26T00:00Z' };
    expect(await sitePortrait(store(28), options)).toMatchObject({ days: 16 });
    // A period beyond the readings has no days without them.
    const beyond = { from: '2025-01-01', to: '2027-01-01' };
    expect(await sitePortrait(store(28), beyond)).toMatchObject({ days: 28, skipped: { incomplete: 0 } });
  });

  it.each([
    ['ZONE_MISSING', store(28, { isZoned: false }), {}],
    ['LOAD_MISSING', store(28, { columns: ['pv_kwh'] }), {}],
    ['PORTRAIT_TOO_SHORT', store(13), {}],
    ['INTERVAL_EMPTY', store(28), { from: '2026-02-02', to: '2026-03-01' }],
  ])('refuses with %s', async (code, readings, options) => {
    await expect(sitePortrait(readings, options)).rejects.toMatchObject({ code });
  });
});

describe('publishPortrait', () => {
  it('sends labels and rounded shares of days, signed, and nothing else', async () => {
    const { publicKey, privateKey } = await generateSigningKey();
    const sent: Record<string, unknown>[] = [];
    const client = {
      request: async <T>(_query: string, variables: Record<string, unknown>): Promise<T> => {
        sent.push(variables);
        return { publishPortrait: { version: 1 } } as T;
      },
    };
    const portrait = await sitePortrait(store(28), {});
    const labels = [{ label: 'evening-peak', percentOfDays: 100 }] as const;
    expect(await publishPortrait(client, { participantId: 'p', privateKey }, portrait)).toEqual({
      version: 1,
      labels,
    });
    expect(sent).toEqual([
      { input: { method: 'gridcommons/portrait/1', labels, signature: expect.any(String) } },
    ]);
    const { signature } = sent[0]!['input'] as { signature: string };
    await expect(
      requireSignature(publicKey, PORTRAIT_CONTEXT, portraitStatement('p', labels), signature),
    ).resolves.toBeUndefined();
  });
});
