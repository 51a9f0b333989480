import { type Command, Option } from 'commander';
import type { PriceRule } from '#community';
import type { OutputOf } from '../output.ts';
import { readsFile } from '../file-verb.ts';

const RULES = ['bill-sharing', 'mmr', 'sdr', 'sdr-compensated', 'crossing', 'curve', 'keys'];

const ruleOption = (): Option =>
  new Option('--rule <rule>', 'how shared energy is priced').choices(RULES).makeOptionMandatory();

const PRICE_HELP = `
Quantities are plain numbers in one unit (\`unit\`, default kWh), prices are per that unit; decimals may be strings.
Positive bills are owed. Members may have tariffs of their own.

Example:
  echo '{"members": [
    {"id": "home", "load": 3}, {"id": "roof", "generation": "1.5"}
  ], "retail": 0.30, "feedIn": "0.08"}' | gridcommons market price --rule mmr --input - --json`;

const SETTLE_HELP = `
Readings: a CSV file with the columns start (ISO 8601 with an offset), member, load_kwh, generation_kwh, a row a member
and slot. Nothing leaves this machine. Each bill is rounded once; bills sum to what retailers and operator get.

Example:
  gridcommons market settle --rule sdr --input terms.json --readings march.csv
  with terms.json: {"retail": "0.30", "feedIn": "0.08"}`;

const FEES_HELP = `
Example:
  echo '{"kind": "constant", "offer": 0.10, "bid": 0.30, "matchedIn": "grid", "path": [
    {"market": "south", "fee": 0.01}, {"market": "grid", "fee": 0.02}, {"market": "north", "fee": 0.01}
  ]}' | gridcommons market fees --input - --json`;

/** `market price`, `market settle`, `market fees`: communities without orders. */
export function registerCommunityCommands(market: Command, outputOf: OutputOf): void {
  const price = market
    .command('price')
    .description('price one slot of a community without orders')
    .addOption(ruleOption())
    .addHelpText('after', PRICE_HELP);
  readsFile(price, outputOf, async ({ rule }: { rule: PriceRule['kind'] }) =>
    (await import('./price.ts')).priceVerb(rule),
  );
  const settle = market
    .command('settle')
    .description('bill a community on metered slots')
    .addOption(ruleOption())
    .option('--readings <file>', 'metered slots as CSV')
    .hook('preAction', (_, self) => {
      const { readings, schema } = self.opts<{ readings?: string; schema?: boolean }>();
      if (readings !== undefined || schema === true) return;
      self.error("error: required option '--readings <file>' not specified", {
        code: 'commander.missingMandatoryOptionValue',
      });
    })
    .addHelpText('after', SETTLE_HELP);
  readsFile(settle, outputOf, async () => (await import('./settle.ts')).settleVerb);
  const fees = market
    .command('fees')
    .description('grid fees of a trade over a hierarchy of markets')
    .addHelpText('after', FEES_HELP);
  readsFile(fees, outputOf, async () => (await import('./fees.ts')).feesVerb);
}
