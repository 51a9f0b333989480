import type { Command } from 'commander';
import type { OutputOf } from '../output.ts';
import { readsFile } from '../file-verb.ts';

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

const HUB_HELP = `
Example:
  echo '{"orders": [
      {"id": "wind", "carrier": "electricity", "side": "sell", "quantity": 100, "price": 0.02},
      {"id": "homes", "carrier": "heat", "side": "buy", "quantity": 30, "price": "0.20"}
    ], "units": [{"id": "pump", "input": "electricity", "outputs": {"heat": 3}, "capacity": 10}]
  }' | gridcommons market hub --input - --json`;

const BIDS_HELP = `
As \`market dispatch\`, for one member and slot. Orders are in whole Wh and hundredths of the unit of money per MWh.

Example:
  echo '{"horizon": 2, "resolution": "PT1H", "prices": {"buy": 0.30, "sell": 0.08}, "slot": 0,
    "net": {"p10": 0.1, "p50": 0.4, "p90": 0.9}, "retail": 0.30, "feedIn": 0.08, "member": {"id": "north"}
  }' | gridcommons market bids --input - --json`;

const RESILIENCE_HELP = `
Example:
  echo '{"lossRates": [0, 0.1, 0.3], "traders": [
    {"id": "home", "side": "buy", "quantity": 3, "value": 0.30, "fallback": {"quantity": 2, "limit": 0.25}},
    {"id": "roof", "side": "sell", "quantity": 4, "value": "0.05"}
  ]}' | gridcommons market resilience --input - --json`;

/** Verbs about what members do with their devices. */
export function registerDeviceCommands(market: Command, outputOf: OutputOf): void {
  const dispatch = market
    .command('dispatch')
    .description('cheapest use of members’ devices, alone or sharing')
    .addHelpText('after', DISPATCH_HELP);
  readsFile(dispatch, outputOf, async () => (await import('./dispatch.ts')).dispatchVerb);
  const bids = market
    .command('bids')
    .description('bid curve of a member with devices and an uncertain net demand')
    .addHelpText('after', BIDS_HELP);
  readsFile(bids, outputOf, async () => (await import('./bids.ts')).bidsVerb);
  const hub = market
    .command('hub')
    .description('clear electricity, heat, gas and hydrogen together')
    .addHelpText('after', HUB_HELP);
  readsFile(hub, outputOf, async () => (await import('./hub.ts')).hubVerb);
  const resilience = market
    .command('resilience')
    .description('welfare against loss and delay of messages, with positions declared beforehand')
    .addHelpText('after', RESILIENCE_HELP);
  readsFile(resilience, outputOf, async () => (await import('./resilience.ts')).resilienceVerb);
}
