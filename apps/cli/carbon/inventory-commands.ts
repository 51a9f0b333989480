import type { Command } from 'commander';
import { readsFile } from '../file-verb.ts';
import type { OutputOf } from '../output.ts';

const INVENTORY_HELP = `
Activities are fuels and journeys (stationary, mobile: an amount in kWh, MWh, MJ, GJ, TJ, mmBtu, kg, t, litre, m3, km, tkm or
pkm), purchased energy in kWh, as a whole or by hours, own generation, leaks of gases in kg, and emissions that are given. Each names a factor itself,
or the zone whose grid is among \`grids\`, or a fuel of \`carbon factors\`. Instruments cover purchased energy market-based:
own attributes, certificates, contracts, suppliers' rates; what is left carries the residual mix. Decimals may be strings.

Example:
  echo '{"period": {"start": "2026-01-01T00:00:00Z", "end": "2027-01-01T00:00:00Z"},
    "grids": [{"zone": "DE", "factorKgPerKwh": "0.35", "residualFactorKgPerKwh": "0.5", "lossOfDelivered": "0.05"}],
    "activities": [
      {"kind": "purchased", "id": "office", "zone": "DE", "consumptionKwh": 120000},
      {"kind": "stationary", "id": "boiler", "fuel": "natural-gas", "amount": 40, "unit": "MWh", "calorific": "gcv", "ncvPerGcv": "0.9"},
      {"kind": "leak", "id": "cooling", "gas": "R-410A", "leakedKg": 2}],
    "instruments": [{"kind": "certificate", "id": "go-1", "market": "DE", "energyKwh": 50000, "factorKgPerKwh": 0,
      "vintage": 2026, "retired": true}]
  }' | gridcommons carbon inventory --input - --json`;

const RESIDUAL_HELP = `
(emissions of all − emissions of what is tracked) / (generation of all − generation that is tracked). Of several markets that
trade certificates: surpluses of attributes fill deficits from a common pool.

Example:
  echo '{"market": "DE", "year": 2026, "sources": [
    {"source": "coal", "generationKwh": 500, "factorKgPerKwh": "0.9"},
    {"source": "wind", "generationKwh": 500, "factorKgPerKwh": 0, "trackedKwh": 300}
  ]}' | gridcommons carbon residual-mix --input - --json`;

/** `carbon inventory`, `carbon residual-mix`. */
export function registerInventoryCommands(carbon: Command, outputOf: OutputOf): void {
  const inventory = carbon
    .command('inventory')
    .description(
      'scopes 1, 2 (location- and market-based, annual and hourly) and 3 from activities and factors',
    )
    .addHelpText('after', INVENTORY_HELP);
  readsFile(inventory, outputOf, async () => (await import('./inventory.ts')).inventoryVerb);
  const residual = carbon
    .command('residual-mix')
    .description('what energy emits that no instrument tracks')
    .addHelpText('after', RESIDUAL_HELP);
  readsFile(residual, outputOf, async () => (await import('./residual-mix.ts')).residualMixVerb);
}
