import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { SavedModel } from '#forecasting';
import { type CommandOutput, DIR, type DirectoryOption } from '../node/command-options.ts';
import type { ForecastOptions } from './model-forecast.ts';

const HELP = `
A model file holds what a task released, under the hash that its transcript names, with the terms that are needed to forecast
by it. It is checked to the last byte when it is read. With --personal the weights to which this site has refined a network
stand beside the released ones: they follow from its own readings. A ridge that sees inputs reads the imported columns of
their names: those known ahead over the horizon, too.

Examples:
  gridcommons participant model export 1f0c… --output north.gcmodel --dir north   # also while the node runs
  gridcommons participant model show north.gcmodel
  gridcommons participant model forecast north.gcmodel --series load_kwh --dir north   # while it does not run`;

function steps(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('Expected a whole number of steps, at least 1.');
}

/** `participant model export|show|forecast`: released models as files. */
export function registerModel(participant: Command, output: (command: Command) => CommandOutput): void {
  const model = participant
    .command('model')
    .description('released models as files: write one, look at one, forecast by one')
    .addHelpText('after', HELP);
  registerExport(model, output);
  model
    .command('show')
    .description('check a model file and show its terms')
    .argument('<file>', 'model file')
    .addHelpText('after', HELP)
    .action(async (file: string, _options: object, command: Command) => {
      const { modelIn } = await import('./kept-model.ts');
      const { modelHash, ...saved } = await modelIn(resolve(file));
      const shown = { modelHash, ...facts(saved) };
      output(command).result(
        shown,
        [`${shown.terms.kind} ${modelHash}`, `  of card ${saved.cardHash}`, `  ${sizes(saved)}`].join('\n'),
      );
    });
  registerForecast(model, output);
}

function registerExport(model: Command, output: (command: Command) => CommandOutput): void {
  model
    .command('export')
    .description('write what a task released into one file')
    .argument('<task>', 'id of the task, or its card hash')
    .requiredOption('--output <file>', 'where to; written whole or not at all')
    .option('--personal', 'with what this site has refined a network to')
    .option(...DIR)
    .addHelpText('after', HELP)
    .action(
      async (
        task: string,
        options: DirectoryOption & { output: string; personal?: boolean },
        command: Command,
      ) => {
        const { modelFile } = await import('#forecasting');
        const { keptModel } = await import('./kept-model.ts');
        const { writeDurably } = await import('../node/durable-log.ts');
        const { SiteDirectory } = await import('../node/site-directory.ts');
        const saved = await keptModel(
          new SiteDirectory(resolve(options.dir)),
          task,
          options.personal === true,
        );
        const bytes = await modelFile(saved);
        writeDurably(resolve(options.output), bytes);
        const written = { file: resolve(options.output), bytes: bytes.length, ...facts(saved) };
        output(command).result(written, `${sizes(saved)}, ${bytes.length} bytes`);
      },
    );
}

function registerForecast(model: Command, output: (command: Command) => CommandOutput): void {
  model
    .command('forecast')
    .description('energy by step that the model expects of an own series; nothing is published')
    .argument('<file>', 'model file')
    .requiredOption('--series <column>', 'imported series, such as load_kwh')
    .option(
      '--at <instant>',
      'first step, ISO 8601 (default: the end of the readings, or the last midnight for a model learnt at midnights)',
    )
    .option('--horizon <steps>', "how far (default: the model's)", steps)
    .option('--zone <zone>', 'of local weeks (default: that of the imported files)')
    .option(...DIR)
    .addHelpText('after', HELP)
    .action(async (file: string, options: DirectoryOption & ForecastOptions, command: Command) => {
      const { modelIn } = await import('./kept-model.ts');
      const { forecastByFile, forecastText } = await import('./model-forecast.ts');
      const { modelHash, ...saved } = await modelIn(resolve(file));
      const forecast = await forecastByFile(resolve(options.dir), saved, options);
      output(command).result({ modelHash, ...forecast }, forecastText(forecast));
    });
}

const facts = (saved: SavedModel) => ({
  cardHash: saved.cardHash,
  terms: saved.terms,
  refined: 'refined' in saved && saved.refined !== null,
});

function sizes(saved: SavedModel): string {
  const { lookback, horizon, stepMinutes } = saved.terms;
  const shape = `${lookback} steps of ${stepMinutes} min to ${horizon}`;
  if ('fits' in saved) {
    const weights = [...saved.fits.values()].reduce((sum, fit) => sum + fit.weights.length, 0);
    return `ridge of ${saved.terms.series.join(', ')}, ${shape}, ${weights} weights`;
  }
  const { architecture } = saved.terms;
  const refined = saved.refined === null ? '' : ', refined at this site';
  return `${architecture}, ${shape}, ${saved.state.weights.length} weights${refined}`;
}
