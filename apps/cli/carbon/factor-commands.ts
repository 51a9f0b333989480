import { type Command, Option } from 'commander';
import type { OutputOf } from '../output.ts';
import type { FactorOptions } from './factors.ts';

const HELP = `
Without --technology or --fuel: everything in force. A technology's factor is the zone's, else that of what the zone is a part
of, else the default; the last two are estimated. Direct and lifecycle, average and marginal never stand in for one another.

Examples:
  gridcommons carbon factors
  gridcommons carbon factors --technology wind-onshore --basis lifecycle --zone DK-DK1
  gridcommons carbon factors --fuel natural-gas --json`;

/** `carbon factors`: the factors that ship, with their sources. */
export function registerFactorCommands(carbon: Command, outputOf: OutputOf): void {
  carbon
    .command('factors')
    .description('list factors, or say which one holds for what is asked')
    .option('--technology <name>', 'of a kWh: wind-onshore, coal, … or grid, residual-mix, heat')
    .addOption(
      new Option('--fuel <name>', 'of a TJ burnt: natural-gas, gas-diesel-oil, …').conflicts([
        'technology',
        'zone',
        'basis',
        'averaging',
      ]),
    )
    .option('--zone <zone>', 'where, e.g. DE or US-CAL-CISO')
    .option('--at <instant>', 'when, ISO 8601 (default: now)')
    .addOption(new Option('--basis <basis>', 'what is counted').choices(['direct', 'lifecycle']))
    .addOption(
      new Option('--averaging <kind>', 'of all generation, or of what answers a change of load')
        .choices(['average', 'marginal'])
        .default('average'),
    )
    .addHelpText('after', HELP)
    .action(async (options: FactorOptions, command: Command) => {
      const { tellFactors } = await import('./factors.ts');
      tellFactors(options, outputOf(command));
    });
}
