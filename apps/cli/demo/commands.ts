import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { DomainError } from '#core';
import { MECHANISMS, clearsSessions, mechanismNamed, uniformPrice } from '#market';
import { EXIT, type Output, type OutputOf } from '../output.ts';
import { progressTerminal } from '../terminal.ts';
import type { DemoOutcome } from './outcome.ts';
import { LEAST_SYNTHETIC_DAYS } from './synthetic-firms.ts';

const HELP = `
Starts an embedded platform and one node process a firm, and runs the whole path: readings stay home, one encrypted round,
forecasts, local market, settlement, carbon. Exit code 0 only if every integrity check held.

Examples:
  gridcommons demo
  gridcommons demo --data ./meters --intensity grid.csv --retail 30 --feed-in 8
  gridcommons demo --join my-meter.csv --keep ./world
  gridcommons demo --mechanism pay-as-bid --feeder none
  gridcommons demo --json

--data holds at least four CSV files, one a firm, that share at least 20 whole days: timestamp (interval start, ISO 8601
with offset, or local time and --zone), load_kwh, optional pv_kwh; other columns are not used.
--join is one such file: synthetic firms stand beside it over the last of its days, and the carbon report is its.
--intensity holds timestamp (ISO 8601 with offset), grid_kgco2e_per_kwh, of the last whole day all files share.
Without them the data are synthetic, and labelled so.
--feeder names the 33-bus feeder of Baran & Wu (1989), or a file as of "market network powerflow --input". Firms stand
evenly over its buses; what its limits do not carry, on top of what it consumes itself, is withdrawn.`;

interface DemoCommandOptions {
  readonly data?: string;
  readonly join?: string;
  readonly intensity?: string;
  readonly zone?: string;
  readonly retail: number;
  readonly feedIn: number;
  readonly currency: string;
  readonly mechanism: string;
  readonly feeder?: string;
  readonly firms: number;
  readonly days: number;
  readonly seed: number;
  readonly keep?: string;
}

function numberWithin(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= least && value <= most))
      throw new InvalidArgumentError(`Expected ${least} to ${most}.`);
    return value;
  };
}

function integerWithin(least: number, most: number): (text: string) => number {
  const within = numberWithin(least, most);
  return (text) => {
    if (!/^\d+$/.test(text)) throw new InvalidArgumentError(`Expected a whole number, ${least} to ${most}.`);
    return within(text);
  };
}

function currencyCode(text: string): string {
  if (!/^[A-Z]{3}$/.test(text)) throw new InvalidArgumentError('Expected three capital letters.');
  return text;
}

/** `demo`: the main job on one machine. */
export function registerDemoCommand(program: Command, outputOf: OutputOf): void {
  program
    .command('demo')
    .description('the whole path on this machine, with real processes and keys')
    .option('--data <directory>', 'one CSV a firm, at least four; synthetic firms when absent')
    .addOption(
      new Option('--join <file>', 'your own meter, as in --data, among synthetic firms').conflicts('data'),
    )
    .option('--intensity <file>', 'grid intensity; synthetic when absent')
    .option('--zone <zone>', 'IANA zone of local days, where the files do not say')
    .option('--retail <cents>', 'retail price, cents per kWh', numberWithin(-1_000, 1_000), 30)
    .option('--feed-in <cents>', 'feed-in price, cents per kWh', numberWithin(-1_000, 1_000), 8)
    .option('--currency <code>', 'ISO 4217', currencyCode, 'EUR')
    .addOption(
      new Option('--mechanism <name>', 'by which the local market clears')
        .choices(MECHANISMS.filter(clearsSessions).map(({ name }) => name))
        .default(uniformPrice.name),
    )
    .option(
      '--feeder <network>',
      'that the session honours: ieee33, none, or a file (default: "ieee33"; "none" where the mechanism charges beside trades)',
    )
    .option('--firms <n>', 'synthetic firms', integerWithin(4, 60), 6)
    .option('--days <n>', 'synthetic days', integerWithin(LEAST_SYNTHETIC_DAYS, 1_500), 90)
    .option('--seed <n>', 'of the synthetic data', integerWithin(0, 2 ** 31), 8)
    .option('--keep <directory>', 'keep platform, sites, transcript and logs there; new or empty')
    .addHelpText('after', HELP)
    .action((options: DemoCommandOptions, command: Command) => demo(options, outputOf(command)));
}

/** What is charged for the whole of a clearing cannot be told for what a feeder carries of it. @throws SESSION_FEEDER */
function feederFor({ mechanism, feeder }: DemoCommandOptions): string {
  if (mechanismNamed(mechanism).charges !== true) return feeder ?? 'ieee33';
  if (feeder === undefined || feeder === 'none') return 'none';
  throw new DomainError(
    'SESSION_FEEDER',
    `expected --feeder none with a mechanism that charges beside trades, got ${feeder} with ${mechanism}`,
  );
}

const reportHint = ({ carbon: { report } }: DemoOutcome): string =>
  `${report.pdf}, and its JSON: npx gridcommons carbon verify ${report.json}`;

async function demo(options: DemoCommandOptions, output: Output): Promise<void> {
  const feeder = feederFor(options);
  const { runDemo } = await import('./run-demo.ts');
  const { renderOutcome } = await import('./outcome.ts');
  const { inWorkspace, untilInterrupted } = await import('./workspace.ts');
  const { keep } = options;
  const started = performance.now();
  const progress = (step: string): void => {
    if (progressTerminal() !== null)
      process.stderr.write(`${((performance.now() - started) / 1_000).toFixed(1).padStart(6)} s  ${step}\n`);
  };
  await untilInterrupted((interrupted) =>
    inWorkspace(keep, async (workspace) => {
      const outcome = await runDemo({ ...options, feeder, workspace, progress, interrupted });
      const explore = keep
        ? `${reportHint(outcome)}\n  npx gridcommons platform start --data-dir ${join(workspace, 'platform')}, then http://127.0.0.1:3000/console/ with the key in operator.key, or a firm's in sites/<firm>/admin.key`
        : 'run again with --keep DIR to look around in the platform afterwards';
      output.result(outcome, renderOutcome(outcome, explore));
      process.exitCode = outcome.ok ? EXIT.ok : EXIT.refused;
    }),
  );
}
