import { expect } from '@jest/globals';
import type { Json } from '#core';
import { requireInput } from '#inputs';
import { type InventoryResult, inventoryStudy } from '#studies';

type Input = Readonly<Record<string, Json>>;

const YEAR = { start: '2026-01-01T00:00:00Z', end: '2027-01-01T00:00:00Z' };
export const GRID = { zone: 'DE', factorKgPerKwh: '0.4', residualFactorKgPerKwh: '0.7' };
export const OFFICE = { kind: 'purchased', id: 'office', zone: 'DE', consumptionKwh: 1_000 };
export const CERTIFICATE = {
  kind: 'certificate',
  id: 'go',
  market: 'DE',
  energyKwh: 300,
  factorKgPerKwh: 0,
  vintage: 2026,
  retired: true,
};

/** The inventory of an input as the command line takes it; without parts: of one office in Germany in 2026. */
export const told = (input: Input): InventoryResult =>
  inventoryStudy.run(
    requireInput({ period: YEAR, grids: [GRID], activities: [OFFICE], ...input }, inventoryStudy.input),
    {},
    { progress: () => undefined },
  ) as InventoryResult;

export const refused = (code: string): unknown => expect.objectContaining({ code });

/** Codes of what is flagged, each once. */
export const codesOf = ({ flags }: InventoryResult): string[] => [...new Set(flags.map(({ code }) => code))];
