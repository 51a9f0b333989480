import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CERTIFICATE, codesOf, told } from '../../test/harness/inventory.ts';
import { intensityForecastStudy } from './carbon-intensity-forecast.ts';
import { carbonReportStudy } from './carbon-report.ts';
import { verifyReportBytes } from './carbon-report-document.ts';
import { residualMixStudy } from './carbon-residual-mix.ts';
import type { Study } from './study.ts';
import { traceStudy } from './carbon-trace.ts';
import { windowStudy } from './carbon-window.ts';

const quiet = { progress: () => undefined };
const run = async <R>(study: Study<never, never, R>, input: object, options: object = {}): Promise<R> =>
  study.run(study.input.parse(input), options as never, quiet);
const flagsOf = async (study: unknown, input: object) => {
  const { flags } = await run(
    study as Study<never, never, { flags: readonly ({ code: string } | string)[] }>,
    input,
  );
  return flags.map((flag) => (typeof flag === 'string' ? flag.split(':')[0] : flag.code));
};

const DAY = Array.from({ length: 24 }, (_, h) => `2024-05-01T${String(h).padStart(2, '0')}:00:00Z`);

const windowAt = (intensityKgPerKwh: number) => ({
  energyKwh: 1,
  durationMinutes: 60,
  hours: DAY.map((start) => ({ start, intensityKgPerKwh })),
});

const codesAt = (factorKgPerKwh: number) => codesOf(told({ grids: [{ zone: 'DE', factorKgPerKwh }] }));

const windy = (wind: number) =>
  Array.from({ length: 24 * 40 }, (_, h) => ({
    start: new Date(Date.UTC(2024, 0, 1, h)).toISOString(),
    generationMwh: { coal: 50 + 20 * Math.sin(h / 4), wind: h === 5 ? wind : 40 + (h % 7) },
  }));

const yearOf = (of: number) => {
  const period = { start: `${of}-01-01T00:00:00Z`, end: `${of + 1}-01-01T00:00:00Z` };
  const { factorKgPerKwh: _, ...certificate } = { ...CERTIFICATE, vintage: of };
  return told({ period, instruments: [{ ...certificate, factorId: 'pv-rooftop/direct/ipcc-ar5' }] });
};

const dayReport = (start: string, end: string, importKwh: number) => ({
  subject: { name: 'site' },
  period: { start, end },
  hours: [{ start, importKwh, attributedKwh: 0 }],
  grid: { id: 'g', basis: 'lifecycle', source: 's', factorKgPerKwh: 0.4 },
  local: 'pv-rooftop/lifecycle/ipcc-ar5',
});

const windyForecast = (kgPerKwh: number, wind: number) => ({
  hours: windy(wind),
  factors: [
    { fuel: 'coal', kgPerKwh },
    { fuel: 'wind', kgPerKwh: 0 },
  ],
});

describe('grams where kilograms are meant', () => {
  it('are flagged in a residual mix, a trace, a window and an inventory', async () => {
    const source = { source: 'coal', generationKwh: 100, factorKgPerKwh: 820 };
    expect(await flagsOf(residualMixStudy, { sources: [source] })).toContain('intensity-suspect');
    const zone = { id: 'a', generation: { coal: 10 }, demand: 10 };
    const trace = (coal: number) => ({ zones: [zone], factors: { coal }, factorUnit: 'kg/kWh' });
    expect(await flagsOf(traceStudy, trace(820))).toEqual(['INTENSITY_SUSPECT']);
    expect(await flagsOf(traceStudy, trace(-0.1))).toEqual(['INTENSITY_SUSPECT']);
    expect(await flagsOf(traceStudy, trace(0.82))).toEqual([]);
    expect(await flagsOf(windowStudy, windowAt(400))).toEqual(['INTENSITY_SUSPECT']);
    expect(await flagsOf(windowStudy, windowAt(0.4))).toEqual([]);
    expect(codesAt(400)).toContain('factor-suspect');
    expect(codesAt(0.4)).not.toContain('factor-suspect');
  });

  it('and generation below nothing are flagged in a forecast of intensities', async () => {
    expect(await flagsOf(intensityForecastStudy, windyForecast(820, 40))).toContain('INTENSITY_SUSPECT');
    expect(await flagsOf(intensityForecastStudy, windyForecast(0.82, -40))).toContain('GENERATION_NEGATIVE');
    const clean = await flagsOf(intensityForecastStudy, windyForecast(0.82, 40));
    expect(clean).not.toContain('INTENSITY_SUSPECT');
    expect(clean).not.toContain('GENERATION_NEGATIVE');
  });

  it('are refused in a report, which is read without its notes', async () => {
    const report = {
      hours: [{ start: DAY[0], importKwh: 1 }],
      grid: { id: 'g', basis: 'direct', source: 's' },
    };
    const of = (factorKgPerKwh: number) => ({
      ...report,
      grid: { ...report.grid, factorKgPerKwh },
      subject: { name: 'site' },
      period: { start: DAY[0], end: '2024-05-02T00:00:00Z' },
    });
    await expect(run(carbonReportStudy as never, of(400))).rejects.toMatchObject({ code: 'REPORT_FACTOR' });
    expect(await run(carbonReportStudy as never, of(0.4))).toHaveProperty('hash');
  });
});

describe('a factor that was not in force', () => {
  it('is flagged in an inventory, with when it was', () => {
    expect(codesOf(yearOf(2001))).toContain('factor-out-of-force');
    expect(codesOf(yearOf(2020))).not.toContain('factor-out-of-force');
  });

  it('makes no report, and energy finer than a Wh names its hour', async () => {
    const old = dayReport('2001-01-01T00:00:00Z', '2001-01-02T00:00:00Z', 1);
    await expect(run(carbonReportStudy as never, old)).rejects.toMatchObject({
      code: 'REPORT_FACTOR',
      message: expect.stringContaining('pv-rooftop'),
    });
    const fine = dayReport('2024-01-01T00:00:00Z', '2024-01-02T00:00:00Z', 1.00001);
    await expect(run(carbonReportStudy as never, fine)).rejects.toMatchObject({
      code: 'ENERGY_NOT_WHOLE',
      message: expect.stringContaining('2024-01-01T00:00:00Z'),
    });
  });
});

describe('energy told by the hour', () => {
  it('has combustion and upstream that add up to its life cycle', () => {
    const hour = fc.record({
      kwh: fc.integer({ min: 0, max: 1_000 }),
      gram: fc.integer({ min: 0, max: 700 }),
    });
    fc.assert(
      fc.property(fc.array(hour, { minLength: 1, maxLength: 24 }), (hours) => {
        const rows = hours.map(({ kwh }, h) => ({ start: DAY[h]!, consumptionKwh: kwh }));
        const factors = hours.map(({ gram }, h) => ({ start: DAY[h]!, factorKgPerKwh: gram / 1_000 }));
        const total = hours.reduce((sum, { kwh }) => sum + kwh, 0);
        const { scope2LocationKg, scope3Kg } = told({
          period: { start: '2024-05-01T00:00:00Z', end: '2024-05-02T00:00:00Z' },
          matching: 'hourly',
          grids: [{ zone: 'DE', lifecycleFactorKgPerKwh: 0.7, hours: factors }],
          activities: [{ kind: 'purchased', id: 'office', zone: 'DE', hours: rows }],
        }).totals;
        expect((scope2LocationKg ?? 0) + (scope3Kg ?? 0)).toBeCloseTo(0.7 * total, 6);
      }),
    );
  });
});

describe('a report given for verification as a PDF', () => {
  it('says that its JSON is what verifies', async () => {
    const pdf = new TextEncoder().encode('%PDF-1.7 …');
    expect((await verifyReportBytes(pdf)).checks).toMatchObject([
      { code: 'REPORT_NOT_JSON', detail: expect.stringContaining('a PDF: verify the JSON') },
    ]);
  });
});
