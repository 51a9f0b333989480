import { isoInstant } from '#core';
import { codeOf, hour, type MarketDay } from './market-day.ts';
import type { Sender } from './platform.ts';

export const IMPORT = `mutation ($input: ImportGridIntensityInput!) {
  importGridIntensity(input: $input) { id region basis communityDefault hours findings { kind line start hours } }
}`;

/** One row an hour of the delivery day. */
export const gridCsv = (kgPerKwh: (n: number) => number): string =>
  [
    'timestamp,grid_kgco2e_per_kwh',
    ...Array.from({ length: 23 }, (_, n) => `${isoInstant(hour(n))},${kgPerKwh(n)}`),
  ].join('\n');

export const gridInput = (csv: string, change: object = {}) => ({
  input: { csv, basis: 'direct', region: 'DE', source: 'made up for this test', ...change },
});

export interface ImportedGrid {
  readonly id: string;
  readonly communityDefault: boolean;
  readonly findings: readonly object[];
}

/** Imports a series, as the operator unless another sender is given. */
export async function importGrid(
  { platform }: MarketDay,
  csv: string,
  change: object = {},
  sender: Sender = platform.operatorKey,
): Promise<ImportedGrid> {
  const { importGridIntensity } = await platform.data<{ importGridIntensity: ImportedGrid }>(
    IMPORT,
    gridInput(csv, change),
    sender,
  );
  return importGridIntensity;
}

/** The code a request is refused with. */
export const refusalCode = async (
  { platform }: MarketDay,
  query: string,
  variables: object,
  sender: Sender,
): Promise<string | undefined> => codeOf(await platform.graphql(query, variables, sender));
