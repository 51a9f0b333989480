import type { Command } from 'commander';
import type { OutputOf } from '../output.ts';
import { readsFile } from './file-verb.ts';

const DISPATCH_HELP = `
Loads, generation and prices are plain numbers in one unit (\`unit\`, default kWh) and per that unit, one number for all
slots or one a slot; keys of devices name their own units. Slots count from 0. Decimals may be strings.

Example:
  echo '{"horizon": 4, "resolution": "PT1H",
    "prices": {"buy": [0.10, 0.10, "0.40", 0.40], "sell": 0.05},
    "members": [{"id": "north", "load": 1, "pv": [0, 3, 0, 0], "devices": [
      {"id": "battery", "type": "battery", "capacityKwh": 5, "chargeKw": 3, "dischargeKw": 3,
       "chargeEfficiency": 0.95, "dischargeEfficiency": 0.95}
    ]}]}' | gridcommons market dispatch --input - --json`;

/** Verbs about what members do with their devices. */
export function registerDeviceCommands(market: Command, outputOf: OutputOf): void {
  const dispatch = market
    .command('dispatch')
    .description('cheapest use of members’ devices, alone or sharing')
    .addHelpText('after', DISPATCH_HELP);
  readsFile(dispatch, outputOf, async () => (await import('./dispatch.ts')).dispatchVerb);
}
