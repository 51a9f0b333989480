import { type Command, Option } from 'commander';
import { readsFile } from '../file-verb.ts';
import type { OutputOf } from '../output.ts';
import type { ReportOptions } from './report.ts';

const REPORT_HELP = `
Hourly scope 2 of one site, location- and market-based, or an inventory of scopes 1, 2 and 3: {"subject", "zone", "inventory"},
the last as carbon inventory takes it. The JSON holds every input row, the factor table, each line, method and
hash, and verifies offline; the other formats are made from it. The input may be such a report again, to be written in another
format: it is verified first. Without --output the JSON goes to standard output.

Example:
  echo '{"subject": {"name": "North works"}, "resolution": "day",
    "period": {"start": "2026-05-11T22:00Z", "end": "2026-05-12T22:00Z", "zone": "Europe/Berlin"},
    "hours": [{"start": "2026-05-11T22:00Z", "importKwh": "1.2", "attributedKwh": 0.4}],
    "grid": {"id": "de-2026", "basis": "direct", "source": "my grid operator", "factorKgPerKwh": 0.38},
    "local": "pv-rooftop/direct/ipcc-ar5"}' | gridcommons carbon report --input - --output north.report.json
  gridcommons carbon verify north.report.json
  gridcommons carbon report --input north.report.json --format csv --output north.csv
  echo '{"subject": {"name": "North works"}, "inventory": {"period": {"start": "2026-01-01T00:00Z", "end": "2027-01-01T00:00Z"},
    "activities": [{"kind": "mobile", "id": "van", "amount": 100, "unit": "litre", "factorKgPerLitre": 2.5}]}}' |
    gridcommons carbon report --input - --output year.report.json`;

const VERIFY_HELP = `
Checks, each standing on those before it: document (canonical bytes, RFC 8785), hash, signature, method, factors, inputs, then
lines, totals, indicators, flags and data quality computed again. One changed byte fails. Nothing is asked of anybody. The hash
shows that nothing has changed since it was made; who made it is shown by the signature: name the member's key with --key.

Example, of the report that the example of \`carbon report\` writes:
  gridcommons carbon verify north.report.json --json`;

/** `carbon report`, and `carbon verify FILE`: exit code 1 when it does not verify. */
export function registerReportCommands(carbon: Command, outputOf: OutputOf): void {
  const report = carbon
    .command('report')
    .description('write a report of hourly emissions that anybody can verify offline')
    .addOption(
      new Option('--format <format>', 'of the file').choices(['pdf', 'xlsx', 'csv', 'json']).default('json'),
    )
    .option('--out, --output <file>', 'new file')
    .addHelpText('after', REPORT_HELP);
  readsFile(report, outputOf, async (_options: ReportOptions) => (await import('./report.ts')).reportVerb);

  carbon
    .command('verify')
    .description('compute a report again, offline, and compare every line, total, hash and signature')
    .argument('<file>', 'report as JSON')
    .option('--key <hex>', 'Ed25519 key that must have signed, from the member')
    .addHelpText('after', VERIFY_HELP)
    .action(async (file: string, options: { key?: string }, command: Command) => {
      const { verifyReportFile } = await import('./verify.ts');
      await verifyReportFile(file, options, outputOf(command));
    });
}
