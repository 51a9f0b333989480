import { isoInstant } from '#core';
import { Decimal } from 'decimal.js';
import type { EmissionFactor, FactorBasis } from './factor.ts';
import type { GridIntensity } from './scope2.ts';
import type { ReportFactor } from './report.ts';

const GRAMS_PER_KG = 1_000;

/** A row of the built-in table as a report carries it. */
export const builtInFactor = (factor: EmissionFactor): ReportFactor => ({
  id: factor.id,
  subject: factor.subject,
  basis: factor.basis,
  averaging: factor.averaging,
  zone: factor.zone,
  source: factor.source,
  validFrom: isoInstant(factor.validFromMs),
  validTo: factor.validToMs === null ? null : isoInstant(factor.validToMs),
  gwpSet: factor.gwpSet,
  unit: 'kgCO2e/kWh',
  value: new Decimal(factor.gramsCo2ePerKwh).div(GRAMS_PER_KG).toFixed(),
  hours: null,
});

/** Where a grid series is from, beside its numbers. */
export interface GridSource {
  readonly id: string;
  readonly basis: FactorBasis;
  /** Null: not said. */
  readonly zone: string | null;
  readonly source: string;
}

/** The hours of a grid series that fall on `starts`, as a report carries them. */
export const gridFactor = (
  { id, basis, zone, source }: GridSource,
  { kgCo2ePerKwhByHour }: Pick<GridIntensity, 'kgCo2ePerKwhByHour'>,
  starts: readonly number[],
): ReportFactor => ({
  id,
  subject: 'grid',
  basis,
  averaging: 'average',
  zone,
  source,
  validFrom: null,
  validTo: null,
  gwpSet: null,
  unit: 'kgCO2e/kWh',
  value: null,
  hours: starts.flatMap((startMs) => {
    const value = kgCo2ePerKwhByHour.get(startMs);
    return value === undefined ? [] : [{ start: isoInstant(startMs), value }];
  }),
});
