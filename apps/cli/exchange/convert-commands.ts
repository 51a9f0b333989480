import type { Command } from 'commander';
import type { OutputOf } from '../output.ts';

const CONVERT_HELP = `
The file may be gzipped. Values are scaled by powerOfTenMultiplier, costs never (1e-5 of the currency); times are UTC.
With --csv the energy comes as CSV that \`participant import\` reads.

Examples:
  gridcommons convert green-button usage.xml
  gridcommons convert green-button usage.xml --json | jq .totals
  gridcommons convert green-button usage.xml --csv > readings.csv`;

/** `convert …`: files of others' formats, read without a platform; nothing is stored. */
export function registerConvertCommands(program: Command, outputOf: OutputOf): void {
  const convert = program.command('convert').description('read files of other formats; stores nothing');
  convert
    .command('green-button')
    .description('readings, totals and findings of a Green Button (ESPI) file')
    .argument('<file>', 'ESPI XML, plain or gzipped')
    .option('--csv', 'energy as CSV instead')
    .addHelpText('after', CONVERT_HELP)
    .action(async (file: string, options: { readonly csv?: boolean }, command: Command) => {
      const { convertGreenButton } = await import('./green-button.ts');
      await convertGreenButton(file, options, outputOf(command));
    });
}
