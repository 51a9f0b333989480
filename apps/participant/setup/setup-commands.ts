import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type CommandOutput, DIR, type DirectoryOption } from '../node/command-options.ts';
import type { Enrolment } from '../node/site-directory.ts';
import type { Answers, Ask, Surroundings } from './answers.ts';

const INIT_HELP = `
Asks on a terminal for what no option says. First everything is checked: nothing is written before that has passed. Then keys are
drawn (0600), enrolled and the readings imported; what leaves the site and what never does is told at the end. A run that was
interrupted is repeated with the same options and goes on; a directory that is enrolled elsewhere is refused (ALREADY_ENROLLED).

The token is single-use; an admin of the organisation makes it, or this command with the file of an admin's API key, which is read
once and not kept.

Examples:
  gridcommons participant init
  gridcommons participant init --platform https://energy.example --key-file north.key --dir north --data readings.csv \\
    --zone Europe/Berlin --systemd gridcommons-north.service --yes
  gridcommons participant init --platform http://127.0.0.1:3000 --token gce_… --dir north
  gridcommons participant init --dir north --data meter.csv --series load --unit kwh`;

const CHECK_HELP = `
Changes nothing, also while the node runs. Exit code 1 where a check failed, 3 where only the platform does not answer.

Examples:
  gridcommons participant check --dir north
  gridcommons participant check --dir north --json`;

const PREVIEW_HELP = `
By the directory's consent and the usual card, the day-ahead ridge. Without an enrolment: as if nothing had been forbidden.

Examples:
  gridcommons participant preview --dir north
  gridcommons participant preview --data readings.csv --zone Europe/Berlin`;

interface InitOptions extends DirectoryOption, Partial<Omit<Answers, 'dir' | 'publish'>> {
  readonly forecasts: boolean;
  readonly orders: boolean;
  readonly emissions: boolean;
  readonly scores: boolean;
  readonly systemd?: string;
  readonly compose?: string;
  readonly yes?: boolean;
}

type OutputOf = (command: Command) => CommandOutput;

/** `participant init|check|preview`: a site from nothing to a node that may be started. */
export function registerSetup(participant: Command, output: OutputOf): void {
  registerInit(participant, output);

  participant
    .command('check')
    .description('check an enrolled directory: machine, keys, platform, clocks, readings')
    .option(...DIR)
    .addHelpText('after', CHECK_HELP)
    .action(async ({ dir }: DirectoryOption, command: Command) => {
      const { checkSite } = await import('./init-site.ts');
      const { checksText, requirePassed } = await import('./check.ts');
      const checks = await checkSite(resolve(dir));
      output(command).result({ checks }, checksText(checks));
      requirePassed(checks);
    });

  participant
    .command('preview')
    .description('what leaves the site, how large and for whom, and what never leaves')
    .option(...DIR)
    .option('--data <file>', 'readings that are not imported yet')
    .option('--zone <zone>', 'IANA zone of their local timestamps')
    .addHelpText('after', PREVIEW_HELP)
    .action(
      async ({ dir, data, zone }: DirectoryOption & { data?: string; zone?: string }, command: Command) => {
        const { previewSite } = await import('./init-site.ts');
        const { previewText } = await import('./preview.ts');
        const file =
          data === undefined ? undefined : { file: resolve(data), ...(zone === undefined ? {} : { zone }) };
        const preview = await previewSite(resolve(dir), file);
        output(command).result(preview, previewText(preview));
      },
    );
}

function registerInit(participant: Command, output: OutputOf): void {
  participant
    .command('init')
    .description('set a site up: check, draw keys, enrol, import, tell what leaves it')
    .option('--platform <url>', 'address of the platform')
    .option('--token <token>', 'single-use enrolment token')
    .option('--key-file <file>', "an admin's API key, to make the token with")
    .option(...DIR)
    .option('--data <file>', 'readings to import: CSV, Parquet or Green Button')
    .option('--zone <zone>', 'IANA zone of their local timestamps, and of local days')
    .option('--series <name>', 'of a CSV with one column of values: what it holds, as load or pv')
    .option('--unit <unit>', 'and its unit, as kwh')
    .option('--no-forecasts', 'do not publish forecasts')
    .option('--no-orders', 'do not trade in the local market')
    .option('--no-emissions', 'do not publish totals of own emissions')
    .option(
      '--scores',
      'report daily errors of own forecasts, without unit, so that models can be judged',
      false,
    )
    .option('--systemd <file>', 'write a systemd unit for the node')
    .option('--compose <file>', 'write a Compose file for the node')
    .option('--yes', 'ask nothing; take the default of what no option says')
    .addHelpText('after', INIT_HELP)
    .action(async (options: InitOptions, command: Command) => {
      const out = output(command);
      const answers = await answersOf(options, command, out.json);
      const { initSite } = await import('./init-site.ts');
      const { initText } = await import('./init-text.ts');
      const { systemd, compose } = options;
      const done = await initSite(answers, { ...(systemd && { systemd }), ...(compose && { compose }) });
      out.result(done, initText(done));
    });
}

async function answersOf(options: InitOptions, command: Command, json: boolean): Promise<Answers> {
  const { completeAnswers, OptionMissing, terminalAsk } = await import('./answers.ts');
  const terminal =
    process.stdin.isTTY && process.stderr.isTTY && !json && !options.yes
      ? terminalAsk(process.stdin, process.stderr)
      : null;
  try {
    return await completeAnswers(
      givenIn(options, command),
      await surroundings(options, terminal?.ask ?? null),
    );
  } catch (error) {
    if (!(error instanceof OptionMissing)) throw error;
    return command.error(`error: ${error.message}`, {
      code: 'commander.missingMandatoryOptionValue',
      exitCode: 2,
    });
  } finally {
    terminal?.close();
  }
}

const PUBLISHED = ['forecasts', 'orders', 'emissions', 'scores'] as const;

/** What was said on the command line; what commander says by itself is to be asked for. */
function givenIn(options: InitOptions, command: Command) {
  const isSaid = (name: string) => command.getOptionValueSource(name) === 'cli';
  const { platform, token, keyFile, data, zone, series, unit, dir } = options;
  const said = { platform, token, keyFile, data, zone, series, unit, dir: isSaid('dir') ? dir : undefined };
  const publish: Partial<Enrolment['publish']> = Object.fromEntries(
    PUBLISHED.filter(isSaid).map((name) => [name, options[name]]),
  );
  return { ...defined(said), publish };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

const defined = <T extends object>(values: T): Defined<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;

async function surroundings({ yes, dir }: InitOptions, ask: Ask | null): Promise<Surroundings> {
  const { loadConfig } = await import('#config');
  const { readDataFile } = await import('./data-checks.ts');
  const { SiteDirectory } = await import('../node/site-directory.ts');
  const { host, port } = loadConfig();
  return {
    takesDefaults: yes === true,
    ask,
    defaults: {
      platform: `http://${host}:${port}`,
      dir,
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    },
    enrolledIn: (path) => {
      const directory = new SiteDirectory(resolve(path));
      return directory.enrolled ? directory.enrolment() : null;
    },
    isUnnamed: async (file) =>
      existsSync(file) &&
      (await readDataFile({ file: resolve(file), zone: 'UTC' }).then(
        () => false,
        (error: { code?: string }) => error.code === 'CSV_HEADER',
      )),
  };
}
