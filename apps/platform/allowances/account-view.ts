import type { EntityManager } from 'typeorm';
import { type EmissionsStatement, forecastYearEnd, freeTonnes, type YearEndForecast } from '#allowances';
import { type AllowanceAccountRow, AllowanceEmissions } from './allowances.entities.ts';
import { accountOf, type KnownVintage } from './vintage.ts';

/** Chance of the interval of a stated forecast, and of the one that is told. */
const LEVEL = 0.8;

/** What an organisation sees of its own year; no other member, nor the operator, sees any of it. */
export interface AccountView extends Omit<AllowanceAccountRow, 'tenantId'> {
  readonly ruleSetId: string;
  readonly reservedTonnes: number;
  readonly freeTonnes: number;
  readonly verifiedTonnes: number | null;
  /** Verified − surrendered − held: a deficit above zero. */
  readonly gapTonnes: number | null;
  readonly forecast: YearEndForecast | null;
}

export async function accountView(
  manager: EntityManager,
  tenantId: string,
  vintage: KnownVintage,
  nowMs: number,
): Promise<AccountView> {
  const { row, account } = await accountOf(manager, tenantId, vintage, nowMs);
  const verified = await newestEmissions(manager, tenantId, vintage, 'VERIFIED');
  const forecast = await newestEmissions(manager, tenantId, vintage, 'FORECAST');
  const { tenantId: _tenant, ...known } = row;
  const covered = row.heldTonnes + row.surrenderedTonnes;
  return {
    ...known,
    ruleSetId: vintage.rules.id,
    reservedTonnes: account.reservedTonnes,
    freeTonnes: freeTonnes(account),
    verifiedTonnes: verified?.tonnes ?? null,
    gapTonnes: verified === null ? null : verified.tonnes - covered,
    forecast: forecast && forecastOf(forecast, covered),
  };
}

const forecastOf = (
  { tonnes, lowTonnes, highTonnes }: AllowanceEmissions,
  covered: number,
): YearEndForecast =>
  forecastYearEnd({
    actualTonnes: [],
    rest: {
      expected: [{ tonnes, lowTonnes: lowTonnes ?? tonnes, highTonnes: highTonnes ?? tonnes }],
      level: LEVEL,
      correlation: 1,
    },
    heldTonnes: covered,
    level: LEVEL,
  });

/** What an organisation said last. */
export const newestEmissions = (
  manager: EntityManager,
  tenantId: string,
  { scheme, year }: KnownVintage,
  kind: EmissionsStatement['kind'],
): Promise<AllowanceEmissions | null> =>
  manager.findOne(AllowanceEmissions, {
    where: { tenantId, scheme, year, kind },
    order: { sequence: 'DESC' },
  });
