import { type Command, InvalidArgumentError, Option } from 'commander';
import { givenUnlessSchema, SCHEMA } from '../file-verb.ts';
import type { OutputOf } from '../output.ts';
import type { AdminOptions } from '../platform/admin.ts';
import { integerWithin, withAccess, withPlatform } from '../platform/commands.ts';
import type { Contributor, ContributorsOptions } from './contributors.ts';
import type { ChangesOptions, SearchOptions } from './catalogue.ts';

const CARRIERS = ['ELECTRICITY', 'GAS', 'HEAT', 'OIL', 'WATER'] as const;
const KINDS = ['READINGS', 'FORECAST', 'MODEL', 'CARBON_SERIES', 'REPORT'] as const;

interface PublishOptions extends AdminOptions {
  readonly draft?: boolean;
  readonly schema?: boolean;
}

const HELP = `
Examples:
  gridcommons catalogue search heat "north sea" --carrier HEAT --key-file buyer.key
  gridcommons catalogue show 1f0c… --key-file buyer.key
  gridcommons catalogue changes --carrier HEAT --after WyI0MiJd --key-file buyer.key
  gridcommons catalogue export --output catalogue.jsonld --key-file buyer.key
  gridcommons catalogue publish data-set.json --key-file seller.key
  gridcommons catalogue contributors 1f0c… --set 91ab…=600000 5d2e…=400000 --key-file seller.key
`;

const PUBLISH_HELP = `
Prices (amounts in minor units, such as cents; without one it is free of charge):
  {"kind": "flat", "currency": "EUR", "amountMinor": 1250}                                 12.50 EUR once
  {"kind": "perReading", "currency": "EUR", "amountMinor": 1, "readings": 100}             0.01 EUR for 100 readings
  {"kind": "subscription", "currency": "EUR", "amountMinor": 900, "period": "P1M"}         9.00 EUR every P1D, P7D, P1M or P1Y
  {"kind": "revenueShare", "currency": "EUR", "basisPoints": 250}                          2.5 % of the buyer's revenue

Example:
  echo '{
    "dataSet": {"key": "load-2026", "title": "Load of the north works", "carrier": "ELECTRICITY", "kind": "READINGS",
      "licence": "CC-BY-4.0", "resolution": "PT15M", "zone": "Europe/Berlin"},
    "offers": [{
      "policy": {"permission": [{"action": "use", "constraint": [
        {"leftOperand": "count", "operator": "lteq", "rightOperand": 10}]}]},
      "price": {"kind": "flat", "currency": "EUR", "amountMinor": 1250},
      "validUntil": "2030-01-01T00:00:00Z"}]
  }' | gridcommons catalogue publish - --key-file seller.key`;

/** `catalogue …`: data sets that organisations of a platform offer. */
export function registerCatalogueCommands(program: Command, outputOf: OutputOf): void {
  const catalogue = program
    .command('catalogue')
    .description('data sets on offer: find, read their terms, publish')
    .addHelpText('after', HELP);
  withPlatform(catalogue.command('search'))
    .description('listed data sets, newest first')
    .argument('[words...]', 'what to look for; "a phrase", or, -not')
    .addOption(new Option('--carrier <carrier>').choices(CARRIERS))
    .addOption(new Option('--kind <kind>').choices(KINDS))
    .option('--first <count>', 'how many', integerWithin(1, 100), 20)
    .option('--after <cursor>', 'the endCursor of the page before')
    .action(async (words: readonly string[], options: AdminOptions & SearchOptions, command: Command) => {
      const { searchCatalogue } = await import('./catalogue.ts');
      await searchCatalogue(words, options, outputOf(command));
    });
  withPlatform(catalogue.command('changes'))
    .description('what happened to listed data sets, in its order; ask again after the cursor that is told')
    .addOption(new Option('--carrier <carrier>').choices(CARRIERS))
    .addOption(new Option('--kind <kind>').choices(KINDS))
    .option('--organisation <id...>', 'of these publishers alone')
    .option('--first <count>', 'how many', integerWithin(1, 100), 20)
    .option('--after <cursor>', 'the endCursor of the page before')
    .action(async (options: AdminOptions & ChangesOptions, command: Command) => {
      const { listChanges } = await import('./catalogue.ts');
      await listChanges(options, outputOf(command));
    });
  registerOneDataSet(catalogue, outputOf);
  registerContributors(catalogue, outputOf);
}

function registerContributors(catalogue: Command, outputOf: OutputOf): void {
  withAccess(catalogue.command('contributors'))
    .description('who gets which part of what orders of a data set earn; --set says it anew')
    .argument('<data-set>', 'its id')
    .option('--set <organisation=weight...>', 'whole weights, e.g. Shapley values in millionths', contributor)
    .addOption(new Option('--none', 'the publisher keeps all').conflicts('set'))
    .action(async (id: string, options: ContributorsOptions, command: Command) => {
      const { contributorsOf } = await import('./contributors.ts');
      await contributorsOf(id, options, outputOf(command));
    });
}

function contributor(text: string, before: readonly Contributor[] = []): readonly Contributor[] {
  const [, organisationId = '', weight = ''] = /^([^=]{1,100})=(\d{1,13})$/.exec(text) ?? [];
  if (organisationId === '') throw new InvalidArgumentError('Expected organisation=weight.');
  return [...before, { organisationId, weight: Number(weight) }];
}

function registerOneDataSet(catalogue: Command, outputOf: OutputOf): void {
  withPlatform(catalogue.command('show'))
    .description('a data set with its newest versions, findings, offers and who enforces each of their terms')
    .argument('<data-set>', 'its id')
    .action(async (id: string, options: AdminOptions, command: Command) => {
      const { showDataSet } = await import('./catalogue.ts');
      await showDataSet(id, options, outputOf(command));
    });
  withPlatform(catalogue.command('export'))
    .description('the catalogue, or one data set of it, as JSON-LD of DCAT-AP 3')
    .argument('[data-set]', 'its id; all that are listed unless told')
    .option('--output <file>', 'a new file (default: standard output)')
    .action(
      async (
        id: string | undefined,
        options: AdminOptions & { readonly output?: string },
        command: Command,
      ) => {
        const { exportCatalogue } = await import('./catalogue-export.ts');
        await exportCatalogue(id, options, outputOf(command));
      },
    );
  withAccess(catalogue.command('publish'))
    .description('describe a data set, add its versions and offers, and list it')
    .argument('[file]', 'JSON, - for standard input')
    .option('--draft', 'leave it a draft')
    .option(...SCHEMA)
    .addHelpText('after', PUBLISH_HELP)
    .action(async (file: string | undefined, options: PublishOptions, command: Command) => {
      const given = givenUnlessSchema(command, options.schema, [file]);
      const { publishDataSet, tellPublicationSchema } = await import('./catalogue.ts');
      if (given === null) tellPublicationSchema(outputOf(command));
      else await publishDataSet(given[0], options, outputOf(command));
    });
}
