import { type Command, Option } from 'commander';
import type { OutputOf } from '../output.ts';
import type { AdminOptions } from '../platform/admin.ts';
import { withAccess, withPlatform } from '../platform/commands.ts';
import type { FactorOptions } from './factors.ts';

const HELP = `
Without --technology or --fuel: everything in force. A technology's factor is the zone's, else that of what the zone is a part
of, else the default; the last two are estimated. Direct and lifecycle, average and marginal never stand in for one another.

Examples:
  gridcommons carbon factors
  gridcommons carbon factors --technology wind-onshore --basis lifecycle --zone DK-DK1
  gridcommons carbon factors --fuel natural-gas --json`;

const IMPORT_HELP = `
Example, on a platform that runs:
  printf '%s\\n' subject,zone,basis,averaging,value,unit,gwp_set,valid_from,valid_to,source \\
    'grid,DE,direct,,0.38,kgCO2e/kWh,AR5,2024-01-01,2025-01-01,"UBA, 2025"' > ours.csv
  gridcommons carbon factors import ours.csv --title "Ours, 2026" --key-file desk.key`;

/** `carbon factors`: the factors that ship, with their sources; `import` and `list`: sets of a platform. */
export function registerFactorCommands(carbon: Command, outputOf: OutputOf): void {
  const factors = carbon
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
  withAccess(factors.command('import'))
    .description("give a platform a set of factors, the own organisation's or its community's")
    .argument('<file>', 'CSV')
    .requiredOption('--title <title>', 'what it is called')
    .option('--community', 'for everybody; by the operator')
    .addHelpText('after', IMPORT_HELP)
    .action(
      async (
        file: string,
        options: AdminOptions & { title: string; community?: boolean },
        command: Command,
      ) => {
        const { importFactors } = await import('./factor-sets.ts');
        await importFactors(file, options, outputOf(command));
      },
    );
  withPlatform(factors.command('list'))
    .description('the sets of a platform that answer for the own organisation')
    .addHelpText('after', '\nExample:\n  gridcommons carbon factors list --key-file desk.key')
    .action(async (options: AdminOptions, command: Command) => {
      const { listFactorSets } = await import('./factor-sets.ts');
      await listFactorSets(options, outputOf(command));
    });
}
