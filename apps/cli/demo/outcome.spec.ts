import { describe, expect, it } from '@jest/globals';
import { type DemoOutcome, renderOutcome } from './outcome.ts';

const OUTCOME: DemoOutcome = {
  ok: true,
  synthetic: false,
  joined: null,
  participants: 4,
  threshold: 2,
  uploadBytesPerSite: 2_756_000,
  bytesLeftPerSite: { deal: 788_000, commit: 579, upload: 984_000, answer: 983_000 },
  encryptMs: 374,
  forecast: {
    mae: 0.5882,
    maeGlobal: 0.5912,
    maeNaive24: 0.6741,
    maeNaive168: 0.7778,
    maeLocalOnly: 0.5998,
    skill: 1 - 0.5882 / 0.6741,
    rmse: 0.9,
    mapePercent: 61.2,
    wapePercent: 44.1,
    zeroHours: 12,
    pinball: 0.2,
    coverage80: 0.759,
    width80: 1.6,
    intervalScore80: 2.5,
    sitesBetterThanLocal: 4,
    days: 73,
  },
  market: {
    mechanism: 'uniform-price',
    trades: 49,
    energyWh: 10_890,
    welfareMinor: 18,
    savingsMinor: 8,
    marketMinor: 0,
    currency: 'EUR',
  },
  members: [
    {
      site: 'bakery',
      boughtWh: 10_890,
      soldWh: 0,
      localMinor: -207,
      deviationMinor: -12,
      chargeMinor: 0,
      savingsMinor: 5,
      shapleyMinor: 4,
      shapleyErrorMinor: 0,
      nashMinor: null,
    },
    {
      site: 'school',
      boughtWh: 0,
      soldWh: 10_890,
      localMinor: 207,
      deviationMinor: 3,
      chargeMinor: 0,
      savingsMinor: 3,
      shapleyMinor: 4,
      shapleyErrorMinor: 0,
      nashMinor: null,
    },
  ],
  sharing: {
    shapley: { surplusMinor: 8, aggregatorMinor: 0, refusal: null },
    nash: { surplusMinor: 0, aggregatorMinor: 0, refusal: 'BARGAIN_INFEASIBLE' },
  },
  feeder: {
    name: 'ieee33',
    places: [],
    alone: { lowestVoltage: 0.91309, lossKw: 202.677 },
    hours: [
      {
        startsAt: '2026-05-15T10:00:00Z',
        withdrawnWh: 1_500,
        binding: ['line 1–2'],
        trades: 2,
        lowestVoltage: 0.9131,
        lossKw: 202.6,
        broken: [],
      },
    ],
    withdrawnWh: 1_500,
  },
  ledger: { entries: 8, verified: true },
  carbon: {
    locationKg: 13.36,
    marketKg: 13.05,
    hours: 24,
    deliveryHours: 24,
    report: { member: 'bakery', json: 'b.json', pdf: 'b.pdf', hash: 'ab'.repeat(32), verified: true },
  },
  transcriptVerified: true,
  checks: [{ name: 'settled', ok: true, detail: 'SETTLED' }],
  seconds: 72.3,
};

describe('the table of a demo', () => {
  it('fits a hundred columns, largest traffic first, with nothing about gaps or failures where there are none', () => {
    const text = renderOutcome(OUTCOME, 'elsewhere');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(text).toMatch(/most of it +upload 984.0 kB, answer 983.0 kB, deal 788.0 kB$/m);
    expect(text).toMatch(/bakery +0.05 \| 0.04 \| – \| 10.89, 0.00$/m);
    expect(text).toMatch(/not shared +BARGAIN_INFEASIBLE$/m);
    expect(text).toMatch(/feeder +ieee33, honoured by the session: 1 hours, limits broken in 0$/m);
    expect(text).toMatch(/withdrawn +1.50 kWh at line 1–2$/m);
    expect(text).toMatch(/report of one member +bakery: verified offline, hash (ab){8}…$/m);
    expect(text).not.toMatch(/gaps|FAILED|NOT VERIFIED/);
  });

  it('says what was not accounted for and which check failed', () => {
    const text = renderOutcome(
      {
        ...OUTCOME,
        carbon: { ...OUTCOME.carbon, hours: 23 },
        ledger: { entries: 8, verified: false },
        checks: [{ name: 'ledger chain', ok: false, detail: '8 entries' }],
      },
      'elsewhere',
    );
    expect(text).toMatch(/gaps +only 23 of 24 hours/);
    expect(text).toContain('8 entries, NOT VERIFIED');
    expect(text).toContain('FAILED ledger chain: 8 entries');
  });
});
