import { type Command, Option } from 'commander';
import type { OutputOf } from '../output.ts';
import type { AdminOptions } from '../platform/admin.ts';
import { integerWithin, withAccess, withPlatform } from '../platform/commands.ts';
import type { ModelsOptions } from './registry-models.ts';
import type { CreateProductOptions, PageOptions, Placing, RetrainingOptions } from './registry-products.ts';

const MODELS_HELP = `
Example:
  gridcommons forecast models list --series load_kwh
  gridcommons forecast models show 9b54b46803…   # hash of the model or of its card`;

const PRODUCTS_HELP = `
Example:
  gridcommons forecast products create --name "Day-ahead load" --zone Europe/Berlin
  gridcommons forecast products list --first 20
  gridcommons forecast products champion 1f0c… 9b54b46803…
  gridcommons forecast products challenger 1f0c… 77ab02c4d1…
  gridcommons forecast products drop 1f0c… 77ab02c4d1…
  gridcommons forecast products retrain 1f0c… --every 120 --train-days 90 --validation-days 30
  gridcommons forecast products log 1f0c…`;

const withPage = (command: Command): Command =>
  command
    .option('--first <count>', 'how many', integerWithin(1, 100), 20)
    .option('--after <cursor>', 'the endCursor of the page before');

/** `forecast models …` and `forecast products …`: the registry of a platform. */
export function registerRegistryCommands(forecast: Command, outputOf: OutputOf): void {
  const models = forecast
    .command('models')
    .description('what released tasks gave, and from what')
    .addHelpText('after', MODELS_HELP);
  registerModels(models, outputOf);
  const products = forecast
    .command('products')
    .description('what is forecast, by which models')
    .addHelpText('after', PRODUCTS_HELP);
  registerProducts(products, outputOf);
  registerPlacings(products, outputOf);
  registerRetraining(products, outputOf);
}

function registerModels(models: Command, outputOf: OutputOf): void {
  withPage(withPlatform(models.command('list')))
    .description("models of the organisation's tasks, newest first")
    .option('--series <column>', 'that forecast this column')
    .addOption(new Option('--kind <kind>', 'of model').choices(['one-shot-ridge', 'network']))
    .action(async (options: AdminOptions & ModelsOptions, command: Command) => {
      const { listModels } = await import('./registry-models.ts');
      await listModels(options, outputOf(command));
    });
  withPlatform(models.command('show'))
    .description('where a model came from')
    .argument('<hash>', 'of the model or of its card')
    .action(async (hash: string, options: AdminOptions, command: Command) => {
      const { showModel } = await import('./registry-models.ts');
      await showModel(hash, options, outputOf(command));
    });
}

function registerProducts(products: Command, outputOf: OutputOf): void {
  withPage(withPlatform(products.command('list')))
    .description("the community's products, newest first")
    .action(async (options: AdminOptions & PageOptions, command: Command) => {
      const { listProducts } = await import('./registry-products.ts');
      await listProducts(options, outputOf(command));
    });
  withAccess(products.command('create'))
    .description('a named series, resolution and horizon')
    .requiredOption('--name <name>', 'unique in the organisation')
    .requiredOption('--zone <zone>', 'IANA zone or fixed offset of the local days')
    .option('--series <column>', "column of the organisations' files (default: load_kwh)")
    .option('--resolution <duration>', 'PT15M, PT1H, P1D … (default: PT1H)')
    .option('--horizon <steps>', 'how far it looks ahead (default: 24)', integerWithin(1, 1_008))
    .action(async (options: AdminOptions & CreateProductOptions, command: Command) => {
      const { createProduct } = await import('./registry-products.ts');
      await createProduct(options, outputOf(command));
    });
  withPage(withPlatform(products.command('log')))
    .description('what was decided about its models, newest first')
    .argument('<product>', 'its id')
    .action(async (id: string, options: AdminOptions & PageOptions, command: Command) => {
      const { showLog } = await import('./registry-products.ts');
      await showLog(id, options, outputOf(command));
    });
}

const PLACINGS: readonly (readonly [verb: string, placing: Placing, description: string])[] = [
  ['champion', 'nameChampion', 'from now on it is made by this model'],
  ['challenger', 'addChallenger', 'judge this model beside the champion'],
  ['drop', 'dropChallenger', 'no longer judge this challenger'],
];

function registerPlacings(products: Command, outputOf: OutputOf): void {
  for (const [verb, placing, description] of PLACINGS) {
    withAccess(products.command(verb))
      .description(description)
      .argument('<product>', 'its id')
      .argument('<hash>', 'of the model or of its card')
      .action(async (productId: string, modelHash: string, options: AdminOptions, command: Command) => {
        const { placeModel } = await import('./registry-products.ts');
        await placeModel(placing, { productId, modelHash }, options, outputOf(command));
      });
  }
}

function registerRetraining(products: Command, outputOf: OutputOf): void {
  withAccess(products.command('retrain'))
    .description('when its model is trained again, on the newest whole local days')
    .argument('<product>', 'its id')
    .option('--every <days>', 'local days from one training to the next', integerWithin(1, 366))
    .option('--gap <days>', 'at least from a training to one on drift (default: 7)', integerWithin(0, 366))
    .option('--no-drift', 'not when the champion drifts')
    .option('--train-days <days>', 'to learn from', integerWithin(1, 3_660))
    .option('--validation-days <days>', 'to choose the regularisation by', integerWithin(1, 366))
    .option(
      '--lag-days <days>',
      'newest days whose readings may not have come (default: 1)',
      integerWithin(0, 31),
    )
    .option('--step-minutes <minutes>', 'of a step (default: 60)', integerWithin(5, 1_440))
    .option('--lookback <steps>', 'what a forecast sees (default: 168)', integerWithin(24, 1_008))
    .option('--horizon <steps>', 'the longest it answers for (default: 24)', integerWithin(1, 1_008))
    .option('--organisation <id...>', 'roster (default: every organisation with a participant then)')
    .option('--never', 'end the schedule')
    .action(async (id: string, options: AdminOptions & RetrainingOptions, command: Command) => {
      const { setRetraining } = await import('./registry-products.ts');
      await setRetraining(id, options, outputOf(command));
    });
}
