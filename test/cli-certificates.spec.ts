import { describe, expect, it } from '@jest/globals';
import { run } from './harness/command-line.ts';

const carbon = async (parameters: readonly string[], input: unknown) => {
  const { exitCode, stdout, stderr } = await run(['carbon', ...parameters, '--json'], {
    stdin: JSON.stringify(input),
  });
  return { exitCode, answer: JSON.parse(exitCode === 0 ? stdout : stderr) as Record<string, unknown> };
};

const AT = { start: '2026-06-01T10:00:00Z', end: '2026-06-01T11:00:00Z', area: 'DK1' };
const roof = { id: 'roof', meter: 'm1', owner: 'school', technology: 'pv', quantityWh: 70, ...AT };
const use = { id: 'use', kind: 'consumption', meter: 'm2', owner: 'bakery', quantityWh: 40, ...AT };
const passedOn = { type: 'transfer', certificate: 'roof', quantityWh: 50, to: 'bakery' };

describe('carbon certificates', () => {
  it('issues, passes on and claims from a file, and verifies what it wrote', async () => {
    const file = { certificates: [roof, use], events: [passedOn, { type: 'match' }] };
    const { exitCode, answer } = await carbon(['certificates', '--input', '-'], file);
    expect(exitCode).toBe(0);
    expect(answer).toMatchObject({
      claims: [{ production: 'roof:1-40', consumption: 'use:1-40', quantityWh: 40, owner: 'bakery' }],
      totals: { production: { issuedWh: 70, liveWh: 30, claimedWh: 40 } },
      coverage: { hourlyPercent: 100, monthlyPercent: null },
    });
    expect(JSON.stringify(answer)).not.toContain('"m1"');
    expect(await carbon(['certificates', 'verify', '-'], answer)).toMatchObject({
      exitCode: 0,
      answer: { verified: true, issues: [{ id: 'roof', quantityWh: 70 }, { id: 'use' }] },
    });
    const events = answer['events'] as { hash: string; statement: { salt: string | null } }[];
    events[0]!.statement.salt = 'other';
    expect(await carbon(['certificates', 'verify', '-'], { events })).toMatchObject({
      exitCode: 1,
      answer: { error: { code: 'LINEAGE_HASH' } },
    });
  });

  it('refuses a second claim with its code, or tells it and goes on', async () => {
    const claim = { type: 'claim', production: 'roof', consumption: 'use' };
    const file = {
      certificates: [{ ...roof, owner: 'bakery', quantityWh: 40 }, use],
      events: [claim, claim],
    };
    expect(await carbon(['certificates', '--input', '-'], file)).toMatchObject({
      exitCode: 1,
      answer: { error: { code: 'CERTIFICATE_NOT_LIVE' } },
    });
    expect(await carbon(['certificates', '--input', '-'], { ...file, refusals: 'list' })).toMatchObject({
      exitCode: 0,
      answer: { claimedWh: 40, refused: [{ event: 1, code: 'CERTIFICATE_NOT_LIVE' }] },
    });
    expect(await carbon(['certificates', '--input', '-'], { ...file, cheat: true })).toMatchObject({
      answer: { error: { code: 'INPUT_KEY_UNKNOWN' } },
    });
  });
});

const cfe = async (input: object) => (await carbon(['cfe', '--input', '-'], input)).answer;

describe('carbon cfe', () => {
  it.each([
    [{ pvToLoadKwh: [160] }, true],
    [{ pvToLoadKwh: [60], gridToLoadKwh: [10] }, true],
    [{ pvToLoadKwh: [60], gridToLoadKwh: ['40.00000001'] }, false],
    [{ pvToLoadKwh: [60] }, false],
  ])('flags flows to a load of 100 kWh that are not the load: %j', async (flows, off) => {
    const { flags } = await cfe({ loadKwh: [100], ...flows });
    expect((flags as string[]).includes('LOAD_NOT_BALANCED')).toBe(off);
  });

  it('flags flows of a site that it does not use beside contracted energy', async () => {
    const contracted = { loadKwh: [100], carbonFreeKwh: [50] };
    expect((await cfe({ ...contracted, pvToLoadKwh: [60] }))['flags']).toContain('SITE_FLOWS_NOT_USED');
    expect((await cfe(contracted))['flags']).not.toContain('SITE_FLOWS_NOT_USED');
  });

  it('refuses more carbon-free discharge than discharge', async () => {
    expect(await cfe({ loadKwh: [9], batteryToLoadKwh: [5], batteryToLoadGreenKwh: [6] })).toMatchObject({
      error: { code: 'CFE_INPUT', data: { field: 'batteryToLoadGreenKwh' } },
    });
  });

  it('scores a load, decimals as strings', async () => {
    const file = { loadKwh: ['10', 10], carbonFreeKwh: [25, '5.0'], gridCarbonFreeShare: ['0.5', '0.2'] };
    expect(await carbon(['cfe', '--input', '-'], file)).toMatchObject({
      exitCode: 0,
      answer: { cfeScorePercent: 80, matchedPercent: 75, annualVolumetricPercent: 150, emissions: null },
    });
    expect(await carbon(['cfe', '--input', '-'], { loadKwh: [1] })).toMatchObject({
      exitCode: 1,
      answer: { error: { code: 'CFE_INPUT' } },
    });
  });
});
