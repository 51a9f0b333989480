import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, isoInstant } from '#core';
import { certificatesStudy } from './carbon-certificates.ts';
import { cfeStudy } from './carbon-cfe.ts';
import { UNHEARD } from './study.ts';

// oxlint-disable-next-line node/no-process-env -- whether the copy was named: then it must be there
const casesDir = process.env['CASES_DIR'];
const directory = join(casesDir ?? '../shared/cases', 'carbon');
const available = casesDir !== undefined || existsSync(directory);
const published = available ? describe : describe.skip;
const skipped = available ? '' : ` (skipped: no published cases in ${directory})`;

const textOf = (name: string): string => readFileSync(join(directory, name), 'utf8');
const START = Date.UTC(2025, 0, 10);

const certificates = (input: unknown) =>
  Promise.resolve(certificatesStudy.run(certificatesStudy.input.parse(input), {}, UNHEARD));
const cfe = (input: unknown) => Promise.resolve(cfeStudy.run(cfeStudy.input.parse(input), {}, UNHEARD));

interface CoverageCase {
  readonly claim_quantity_wh: number;
  readonly cases: readonly {
    readonly name: string;
    readonly period_days: number;
    readonly claims: 'as mixed' | readonly ClaimsAt[];
    readonly consumption_override?: number;
    readonly expected: Readonly<Record<string, number | null | 'not null'>>;
  }[];
}

interface ClaimsAt {
  readonly count: number;
  readonly production_offset_hours: number;
}

/** The published test's day: 24 hours of 1 kWh, one claim an hour. */
function coverageInput(
  { claim_quantity_wh: quantityWh }: CoverageCase,
  at: CoverageCase['cases'][number],
  claims: readonly ClaimsAt[],
) {
  const offsets = claims.flatMap(({ count, production_offset_hours: offset }) =>
    Array<number>(count).fill(offset),
  );
  return {
    period: { start: isoInstant(START), end: isoInstant(START + at.period_days * DAY_MS) },
    consumption: Array.from({ length: 24 }, (_, n) => ({
      start: isoInstant(START + n * HOUR_MS),
      consumptionKwh: at.consumption_override ?? 1,
    })),
    claims: offsets.map((offset, n) => ({
      productionStart: isoInstant(START + (n + offset) * HOUR_MS),
      consumptionStart: isoInstant(START + n * HOUR_MS),
      quantityWh,
    })),
  };
}

interface ClaimingCase {
  readonly cases: readonly {
    readonly name: string;
    readonly consumption?: readonly number[];
    readonly production?: readonly number[];
    readonly one_side_isTrial?: boolean;
    readonly production_offset_hours?: number;
    readonly expected: {
      readonly number_of_claims?: number;
      readonly claimed?: readonly number[];
      readonly uncovered_total?: number;
      readonly matched_in_hourly_chart?: number;
    };
  }[];
}

interface CfeCase {
  readonly input: Readonly<Record<string, readonly number[]>> & { readonly grid_ci_kg_per_mwh: number };
  readonly expected: Readonly<Record<string, number>>;
  readonly tolerance_absolute: number;
}

const KEYS = ['number_of_claims', 'claimed', 'uncovered_total', 'matched_in_hourly_chart'];

const issued = (kind: string, quantityWh: number, n: number, { offset = 0, trial = false } = {}) => ({
  id: `${kind}-${n}`,
  meter: `meter of ${kind} ${n}`,
  kind,
  start: isoInstant(START + offset * HOUR_MS),
  end: isoInstant(START + (offset + 1) * HOUR_MS),
  area: 'DK1',
  trial,
  owner: 'firm',
  quantityWh,
});

published(`published certificates and carbon-free energy${skipped}`, () => {
  it('14 Energinet energy-origin, CoverageProcessorTests: coverage by hour, day, week, month and year', async () => {
    const file: CoverageCase = JSON.parse(textOf('14_granular_certificates_time_coverage.json'));
    const mixed = file.cases.find(({ name }) => name === 'mixed')!.claims as readonly ClaimsAt[];
    expect(file.cases.length).toBeGreaterThan(0);
    for (const at of file.cases) {
      const claims = at.claims === 'as mixed' ? mixed : at.claims;
      const { coverage } = await certificates(coverageInput(file, at, claims));
      // Published to one decimal; `not null` for whatever there is.
      const told = Object.entries(at.expected).map(([resolution, percent]) => {
        const got = coverage![`${resolution}Percent` as 'monthlyPercent'];
        const rounded = got === null ? null : Math.round(got * 10) / 10;
        return [resolution, percent === 'not null' && rounded !== null ? percent : rounded];
      });
      expect(Object.fromEntries(told)).toEqual(at.expected);
    }
  });

  it('15 Energinet energy-origin, ClaimServiceTests: what is claimed once is not claimed again, remainders are', async () => {
    const { cases }: ClaimingCase = JSON.parse(textOf('15_granular_certificates_claiming.json'));
    expect(cases.length).toBeGreaterThan(0);
    for (const { consumption = [10], production = [10], expected, ...of } of cases) {
      expect(KEYS).toEqual(expect.arrayContaining(Object.keys(expected)));
      const terms = { offset: of.production_offset_hours ?? 0, trial: of.one_side_isTrial ?? false };
      const result = await certificates({
        certificates: [
          ...consumption.map((wh, n) => issued('consumption', wh, n)),
          ...production.map((wh, n) => issued('production', wh, n, terms)),
        ],
        events: [{ type: 'match' }],
      });
      expect(result.claims).toHaveLength(expected.number_of_claims ?? result.claims.length);
      const claimed = result.claims.map(({ quantityWh }) => quantityWh);
      expect(claimed).toEqual(expected.claimed ?? claimed);
      expect(result.uncoveredWh).toBe(expected.uncovered_total ?? result.uncoveredWh);
      expect(result.claimedWh).toBe(expected.matched_in_hourly_chart ?? result.claimedWh);
    }
  });

  it('17 pv-bess-optimizer, tests of pvbess_opt.emissions: CFE score, import, avoided and induced emissions', async () => {
    const {
      input,
      expected,
      tolerance_absolute: tolerance,
    }: CfeCase = JSON.parse(textOf('17_cfe_score_and_avoided.json'));
    const site = {
      loadKwh: input['load_kwh'],
      pvToLoadKwh: input['pv_to_load_kwh'],
      pvToGridKwh: input['pv_to_grid_kwh'],
      gridToLoadKwh: input['grid_to_load_kwh'],
      gridToBatteryKwh: input['bess_charge_grid_kwh'],
      batteryToLoadKwh: input['bess_dis_load_kwh'],
      batteryToLoadGreenKwh: input['bess_dis_load_green_kwh'],
      batteryToGridGreenKwh: input['bess_dis_grid_green_kwh'],
      gridIntensityKgPerMwh: input.grid_ci_kg_per_mwh,
      gridIntensityDeclineShare: '0.1',
      years: 2,
    };
    const result = await cfe(site);
    const close = (got: number | null | undefined, name: string): void =>
      expect(Math.abs(got! - expected[name]!)).toBeLessThanOrEqual(tolerance);
    close(result.cfeScorePercent, 'cfe_score_pct');
    close(result.annualVolumetricPercent, 'annual_volumetric_pct');
    close(result.loadKwh / 1000, 'load_mwh');
    close(result.gridImportKwh / 1000, 'grid_import_mwh');
    close(result.emissions!.avoidedEmissionsKg / 1000, 'avoided_t');
    close(result.emissions!.inducedEmissionsKg / 1000, 'induced_t');
    close(result.emissions!.netAvoidedEmissionsKg / 1000, 'net_avoided_t');
    close(result.emissions!.residualLoadEmissionsKg / 1000, 'residual_load_t');
    close(result.emissions!.gridImportEmissionsKg / 1000, 'grid_import_t');
    close(result.years[1]!.avoidedEmissionsKg / 1000, 'avoided_year2_at_10pct_decline');
    const varying = await cfe({ ...site, gridIntensityKgPerMwh: [400, 800] });
    close(varying.emissions!.inducedEmissionsKg / 1000, 'induced_t_with_ci_400_800');
    expect((await cfe({ ...site, loadKwh: [0, 0] })).cfeScorePercent).toBeNull();
    const { hourlyScores } = await cfe({ ...site, loadKwh: [100, 0] });
    expect(hourlyScores.filter((score) => score !== null)).toEqual(
      expected['hourly_fraction_dropping_zero_load_step'],
    );
  });
});
