import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { ReportFormat } from '#reports';
import { type CommandOutput, DIR, type DirectoryOption } from '../node/command-options.ts';
import { registerFootprints } from './footprint-commands.ts';
import { registerEmissionsForecast } from './forecast-command.ts';
import { registerInventory } from './inventory-command.ts';
import { registerPortrait } from './portrait-command.ts';
import type { SiteReportOptions } from './site-report.ts';

const HELP = `
Hours are this site's own readings; only the grid's intensity and what of own purchases was delivered are asked of the platform.
The report is signed by the participant and stays here: nobody is sent it. The JSON verifies offline.

Examples:
  gridcommons participant carbon report --from 2026-05-12 --to 2026-05-13 --output day.json --dir north   # while it does not run
  gridcommons participant carbon report --from 2026-01-01 --to 2027-01-01 --resolution month --format pdf --output 2026.pdf --dir north
  gridcommons carbon verify day.json`;

interface ReportCommandOptions extends DirectoryOption, SiteReportOptions {
  readonly format: ReportFormat;
  readonly output: string;
}

const PUBLISH_HELP = `
Every member of the community can read it then, each input row included; what has been shown cannot be taken back. Totals of a day
are published without it. Another report of the same period is the next version and names the one before.

Example:
  gridcommons participant carbon publish day.json --dir north`;

/** `participant carbon …`: what the site's own energy emitted and will, and what its load is like. */
export function registerCarbon(participant: Command, output: (command: Command) => CommandOutput): void {
  const carbon = participant
    .command('carbon')
    .description("carbon accounts of this site's own readings; they stay here unless they are published");
  registerPublish(carbon, output);
  registerFootprints(carbon, output);
  registerEmissionsForecast(carbon, output);
  registerInventory(carbon, output);
  registerPortrait(carbon, output);
  carbon
    .command('report')
    .description('write the signed report of a period')
    .requiredOption('--from <day>', 'first local day, or an instant')
    .requiredOption('--to <day>', 'the day after the last, or an instant')
    .option('--zone <zone>', 'of local days (default: that of the imported files)')
    .addOption(
      new Option('--resolution <resolution>', 'of totals')
        .choices(['day', 'week', 'month', 'year', 'total'])
        .default('day'),
    )
    .addOption(
      new Option('--format <format>', 'of the file').choices(['pdf', 'xlsx', 'csv', 'json']).default('json'),
    )
    .requiredOption('--out, --output <file>', 'where to; written whole or not at all')
    .option(...DIR)
    .addHelpText('after', HELP)
    .action(async ({ dir, format, output: path, ...options }: ReportCommandOptions, command: Command) => {
      const { reportOfSite } = await import('./site-report.ts');
      const { renderReport, reportText } = await import('#reports');
      const { writeDurably } = await import('../node/durable-log.ts');
      const report = await reportOfSite(resolve(dir), options);
      const file = resolve(path);
      const bytes = await renderReport(report, format);
      writeDurably(file, bytes);
      output(command).result(
        { file, format, bytes: bytes.length, hash: report.hash, total: report.total },
        `${reportText(report)}\n${bytes.length} bytes in ${file}`,
      );
    });
}

function registerPublish(carbon: Command, output: (command: Command) => CommandOutput): void {
  carbon
    .command('publish')
    .description('show the community a report with every input row in it')
    .argument('<file>', 'report as JSON')
    .option(...DIR)
    .addHelpText('after', PUBLISH_HELP)
    .action(async (file: string, { dir }: DirectoryOption, command: Command) => {
      const { publishReport } = await import('./publish-report.ts');
      const published = await publishReport(resolve(dir), resolve(file));
      const { version, hash } = published;
      output(command).result(published, `published as version ${version}, hash ${hash}`);
    });
}
