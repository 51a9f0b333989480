import { type Command, InvalidArgumentError, Option } from 'commander';
import type { OutputOf } from '../output.ts';
import type { AdminOptions } from './admin.ts';
import type { StartOptions } from './start.ts';

const START_HELP = `
Other settings come from the environment: HOST, DATABASE_URL, REDIS_URL, LOG_LEVEL. Standard output carries the platform's log,
one JSON object a line. Stops on SIGINT and SIGTERM.

Example:
  gridcommons platform start --data-dir /var/lib/gridcommons --port 3000`;

const ADMIN_HELP = `
Examples:
  gridcommons admin organisation create --name "Stadtwerke Nord" --legal-id DE-HRB-1234 --output nord.key
  gridcommons admin organisation list --key-file nord.key
  gridcommons admin token create --organisation 1f0c…
  gridcommons admin key create --member-name meter-desk --role analyst --key-file nord.key --output desk.key`;

const ROLES = ['firm', 'analyst', 'market', 'operator', 'auditor', 'admin'] as const;

/** Parses an option that is a whole number of a range. */
export function integerWithin(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) throw new InvalidArgumentError(`Expected ${least} to ${most}.`);
    return value;
  };
}

/** `platform start`: the platform in the foreground. */
export function registerPlatformCommands(program: Command, outputOf: OutputOf): void {
  program
    .command('platform')
    .description('the marketplace server')
    .command('start')
    .description('start it in the foreground; embedded database and queue unless configured otherwise')
    .option('--data-dir <directory>', 'database, blobs and keys (default: .gridcommons)')
    .option('--port <port>', '0 for any free one (default: 3000)', integerWithin(0, 65_535))
    .option(
      '--replay-clock <file>',
      'business clock for replays of past days: a file holding an ISO 8601 instant',
    )
    .addHelpText('after', START_HELP)
    .action(async (options: StartOptions, command: Command) => {
      const { startPlatform } = await import('./start.ts');
      await startPlatform(options, outputOf(command).json);
    });
}

/** The options that say where and as whom to speak to a platform. */
export const withPlatform = (command: Command): Command =>
  command
    .option(
      '--platform <url>',
      'address of the platform (default: this machine, the configured port, else 3000)',
    )
    .option('--data-dir <directory>', "the platform's, which holds operator.key (default: .gridcommons)")
    .option('--key-file <file>', 'API key to act with (default: operator.key of the data directory)');

/** The same for verbs that change something. */
export const withAccess = (command: Command): Command =>
  withPlatform(command).option(
    '--idempotency-key <key>',
    'repeat a call that may have happened with the key it had',
  );

function registerOrganisations(organisation: Command, outputOf: OutputOf): void {
  withPlatform(organisation.command('list'))
    .description('ids and names, oldest first; every member may ask')
    .option('--first <count>', 'how many', integerWithin(1, 100), 20)
    .option('--after <cursor>', 'the endCursor of the page before')
    .action(async (options: AdminOptions & { first: number; after?: string }, command: Command) => {
      const { listOrganisations } = await import('./admin.ts');
      await listOrganisations(options, outputOf(command));
    });
}

/** `admin …`: what an operator or an organisation's admin does through the platform's API. */
export function registerAdminCommands(program: Command, outputOf: OutputOf): void {
  const admin = program
    .command('admin')
    .description('organisations, enrolment tokens and API keys of a platform')
    .addHelpText('after', ADMIN_HELP);

  const organisation = admin.command('organisation').description('tenants of the platform');
  registerOrganisations(organisation, outputOf);
  withAccess(organisation.command('create'))
    .description('create an organisation and its first admin, whose API key goes to a file')
    .requiredOption('--name <name>', 'name')
    .requiredOption('--legal-id <id>', 'register number or EIC; no two organisations share one')
    .requiredOption('--output <file>', 'new file for the API key, readable by its owner only')
    .action(
      async (options: AdminOptions & { name: string; legalId: string; output: string }, command: Command) => {
        const { createOrganisation } = await import('./admin.ts');
        await createOrganisation(options, outputOf(command));
      },
    );

  withAccess(admin.command('token').description('enrolment of participants').command('create'))
    .description('create a single-use token with which one participant enrols')
    .requiredOption('--organisation <id>', 'organisation the participant belongs to')
    .option('--valid-hours <hours>', 'hours until it expires', integerWithin(1, 720), 24)
    .action(
      async (options: AdminOptions & { organisation: string; validHours: number }, command: Command) => {
        const { createToken } = await import('./admin.ts');
        await createToken(options, outputOf(command));
      },
    );

  withAccess(admin.command('key').description('API keys of the own organisation').command('create'))
    .description('create an API key, which goes to a file')
    .requiredOption('--member-name <name>', 'whose key it is')
    .addOption(new Option('--role <role...>', 'what it may do').choices(ROLES).makeOptionMandatory())
    .requiredOption('--output <file>', 'new file for the API key, readable by its owner only')
    .action(
      async (
        options: AdminOptions & { memberName: string; role: string[]; output: string },
        command: Command,
      ) => {
        const { createKey } = await import('./admin.ts');
        await createKey(options, outputOf(command));
      },
    );
}
