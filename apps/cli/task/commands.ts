import { type Command, InvalidArgumentError, Option } from 'commander';
import type { OutputOf } from '../output.ts';
import type { AdminOptions } from '../platform/admin.ts';
import { integerWithin, withAccess, withPlatform } from '../platform/commands.ts';
import type { CreateTaskOptions } from './create-task.ts';
import { withInputs } from './input-options.ts';

const CREATE_HELP = `
Ranges are START/END, half-open: local dates of the zone (from midnight to midnight) or instants with an offset. Without
--organisation every organisation with a participant takes part.

Example:
  gridcommons task create --zone Europe/Berlin --train 2026-01-01/2026-03-01 --validation 2026-03-01/2026-04-01
  gridcommons task create --zone Europe/Berlin --series load_kwh pv_kwh --train 2026-01-01/2026-03-01 \\
    --validation 2026-03-01/2026-04-01 --organisation 1f0c… 77ab… 90de… c3f1… --upload-window 3600
  gridcommons task create --zone Europe/Berlin --train 2026-01-01/2026-03-01 --validation 2026-03-01/2026-04-01 \\
    --network mlp --steps 15 --optimiser scaffold
  gridcommons task create --zone Europe/Berlin --train 2026-01-01/2026-03-01 --validation 2026-03-01/2026-04-01 \\
    --epsilon 8 --clip 80
  gridcommons task create --zone Europe/Berlin --train 2026-01-01/2026-03-01 --validation 2026-03-01/2026-04-01 \\
    --step-minutes 15 --lookback 672 --horizon 192
  gridcommons task create --zone Europe/Berlin --train 2025-01-01/2026-01-01 --validation 2026-01-01/2026-07-01 \\
    --lookback 72 --holidays DE-BW --ahead temperature_c irradiance_w_per_m2 --issues midnights`;

const LIST_HELP = `
Example:
  gridcommons task list
  gridcommons task list --first 100 --key-file north.key --json`;

const WATCH_HELP = `
Asks the platform once a second and tells every change: phase, round, uploads, who is awaited, who declined and why, and
the seconds left until the platform goes on without those who are silent. With --json one line an event. A platform that
does not answer is waited for, for two minutes. Ends with exit code 0 when the task is released, 1 with its code when it failed.

Example:
  gridcommons task watch 1f0c…`;

const STATISTICS = ['autocovariances', 'moments'];
const NETWORKS = ['mlp', 'gru', 'dlinear', 'tcn'];
const OPTIMISERS = ['fedavg', 'fedprox', 'fedadam', 'fedyogi', 'scaffold'];
const COMBINATIONS = ['mean', 'median', 'trimmed-mean'];
const MECHANISMS = ['discrete-gaussian', 'skellam'];

function positiveNumber(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('Expected a number above 0.');
}

const LONGEST_WINDOW_S = 30 * 86_400;

/** `task create|list|watch`: federated tasks as who opens them, or takes part, sees them. */
export function registerTaskCommands(program: Command, outputOf: OutputOf): void {
  const task = program
    .command('task')
    .description('federated tasks of a platform: open one, list them, watch one to its end');
  registerCreate(task, outputOf);
  registerList(task, outputOf);
  registerWatch(task, outputOf);
}

/** What is forecast, how it is learnt, and under which privacy. */
const withModel = (command: Command): Command =>
  command
    .addOption(
      new Option('--step-minutes <minutes>', 'of a step; 1440 is a local day (default: 60)').choices([
        '5',
        '10',
        '15',
        '20',
        '30',
        '60',
        '1440',
      ]),
    )
    .option('--lookback <steps>', 'what a forecast sees (default: 168)', integerWithin(24, 1_008))
    .option('--horizon <steps>', 'the longest it answers for (default: 24)', integerWithin(1, 1_008))
    .option(
      '--cycle <steps>',
      'cycle that each site removes by itself (default: a week)',
      integerWithin(1, 2_016),
    )
    .addOption(
      new Option(
        '--statistic <kind>',
        'of a ridge: one ciphertext a site, or exact to the edges (default: autocovariances, moments under --epsilon)',
      ).choices(STATISTICS),
    )
    .addOption(
      new Option('--network <kind>', 'learn a network in steps, not the one-shot ridge').choices(NETWORKS),
    )
    .option(
      '--hidden <units>',
      'units of its hidden layer (default: mlp 64, gru 48, tcn 32; dlinear has none)',
      integerWithin(1, 256),
    )
    .option('--steps <count>', 'encrypted sums at most (default: 15)', integerWithin(1, 500))
    .option('--patience <count>', 'end after so many steps without a better loss', integerWithin(1, 500))
    .addOption(
      new Option('--optimiser <kind>', 'what becomes of the sums (default: fedavg)').choices(OPTIMISERS),
    )
    .addOption(new Option('--combine <how>', 'of the sums of blocks, released apart').choices(COMBINATIONS))
    .option('--epsilon <number>', 'differential privacy over all steps, with --clip', positiveNumber)
    .option('--delta <number>', 'with --epsilon (default: 0.000001)', positiveNumber)
    .option('--clip <norm>', 'L2 norm at which a site cuts what it sends, with --epsilon', positiveNumber)
    .addOption(new Option('--mechanism <noise>', 'with --epsilon').choices(MECHANISMS));

function registerCreate(task: Command, outputOf: OutputOf): void {
  const seconds = integerWithin(1, LONGEST_WINDOW_S);
  const create = withAccess(task.command('create'))
    .description(
      'open a task: forecasts of one or several series, from encrypted sums over the organisations’ readings',
    )
    .requiredOption('--zone <zone>', 'IANA zone or fixed offset of the local week')
    .option(
      '--series <column...>',
      "columns of the organisations' files, one with --network or --epsilon (default: load_kwh)",
    )
    .requiredOption('--train <range>', 'readings to learn from')
    .requiredOption('--validation <range>', 'readings to choose the regularisation by')
    .option('--organisation <id...>', 'roster')
    .option(
      '--decryptor <id...>',
      'committee of 4 to 20 of the roster that holds shares (default: all, or 20 by lot)',
    );
  withInputs(withModel(create))
    .option('--keys-window <seconds>', 'longest each step of the key setup may take (default: 120)', seconds)
    .option('--upload-window <seconds>', 'longest the uploads may take (default: 300)', seconds)
    .option('--answer-window <seconds>', 'longest READY and answers may take each (default: 120)', seconds)
    .addHelpText('after', CREATE_HELP)
    .action(async (options: AdminOptions & CreateTaskOptions, command: Command) => {
      const { createTask } = await import('./create-task.ts');
      await createTask(options, outputOf(command));
    });
}

function registerList(task: Command, outputOf: OutputOf): void {
  withPlatform(task.command('list'))
    .description('tasks opened by, or with, the organisation of the key, newest first')
    .option('--first <count>', 'how many', integerWithin(1, 100), 20)
    .option('--after <cursor>', 'the endCursor of the page before')
    .addHelpText('after', LIST_HELP)
    .action(async (options: AdminOptions & { first: number; after?: string }, command: Command) => {
      const { listTasks } = await import('./list-tasks.ts');
      await listTasks(options, outputOf(command));
    });
}

function registerWatch(task: Command, outputOf: OutputOf): void {
  withPlatform(task.command('watch'))
    .description('follow a task until it is released or has failed')
    .argument('<task>', 'id of the task')
    .addHelpText('after', WATCH_HELP)
    .action(async (taskId: string, options: AdminOptions, command: Command) => {
      const { watchTask } = await import('./watch-task.ts');
      await watchTask(taskId, options, outputOf(command));
    });
}
