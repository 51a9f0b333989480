import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { EXIT, type OutputOf } from '../output.ts';

const HELP = `
Starts an embedded platform and one node process a firm, and runs the whole path: readings stay home, one encrypted round,
forecasts, local market, settlement, carbon. Exit code 0 only if every integrity check held.

Examples:
  gridcommons demo
  gridcommons demo --data ./meters --intensity grid.csv --retail 30 --feed-in 8
  gridcommons demo --json | tail -1

--data holds one CSV a firm: timestamp (interval start, ISO 8601), load_kwh, optional pv_kwh; other columns are ignored.
--intensity holds timestamp, grid_kgco2e_per_kwh. Without them the data are synthetic, and labelled so.`;

interface DemoCommandOptions {
  readonly data?: string;
  readonly intensity?: string;
  readonly zone?: string;
  readonly retail: number;
  readonly feedIn: number;
  readonly currency: string;
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

/** `demo`: the main job on one machine. */
export function registerDemoCommand(program: Command, outputOf: OutputOf): void {
  program
    .command('demo')
    .description('the whole path on this machine, with real processes and keys')
    .option('--data <directory>', 'one CSV a firm; synthetic firms when absent')
    .option('--intensity <file>', 'grid intensity; synthetic when absent')
    .option('--zone <zone>', 'IANA zone of local days, where the files do not say')
    .option('--retail <cents>', 'retail price, cents per kWh', numberWithin(-1_000, 1_000), 30)
    .option('--feed-in <cents>', 'feed-in price, cents per kWh', numberWithin(-1_000, 1_000), 8)
    .option('--currency <code>', 'ISO 4217', 'EUR')
    .option('--firms <n>', 'synthetic firms', numberWithin(4, 60), 6)
    .option('--days <n>', 'synthetic days', numberWithin(20, 1_500), 90)
    .option('--seed <n>', 'of the synthetic data', numberWithin(0, 2 ** 31), 8)
    .option('--keep <directory>', 'keep platform, sites, transcript and logs there')
    .addHelpText('after', HELP)
    .action(async (options: DemoCommandOptions, command: Command) => {
      const { runDemo } = await import('./run-demo.ts');
      const { renderOutcome } = await import('./outcome.ts');
      const output = outputOf(command);
      const workspace = options.keep
        ? resolve(options.keep)
        : await mkdtemp(join(tmpdir(), 'gridcommons-demo-'));
      const started = performance.now();
      const progress = (step: string): void => {
        process.stderr.write(
          `${((performance.now() - started) / 1_000).toFixed(1).padStart(6)} s  ${step}\n`,
        );
      };
      try {
        const outcome = await runDemo({ ...options, workspace, progress });
        const explore = options.keep
          ? `npx gridcommons platform start --data-dir ${join(workspace, 'platform')}, then http://127.0.0.1:3000/graphql with the key in operator.key`
          : 'run again with --keep DIR to look around in the platform afterwards';
        output.result(outcome, renderOutcome(outcome, explore));
        process.exitCode = outcome.ok ? EXIT.ok : EXIT.refused;
      } finally {
        if (!options.keep) await rm(workspace, { recursive: true, force: true });
      }
    });
}
