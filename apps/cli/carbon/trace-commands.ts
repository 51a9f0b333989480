import type { Command } from 'commander';
import { readsFile } from '../file-verb.ts';
import type { OutputOf } from '../output.ts';

const HELP = `
Energies are in MWh, factors in gCO2e/kWh (which is kg/MWh) unless \`factorUnit\` says otherwise; decimals may be strings.
Fuels without a factor of yours have the published one of their name (coal, gas, hydro, …: \`carbon factors\`).

Example:
  echo '{
    "zones": [
      {"id": "north", "generation": {"hydro": 60, "wind": 40}, "demand": 40},
      {"id": "south", "generation": {"coal": 30}, "demand": 90}
    ],
    "flows": [{"from": "north", "to": "south", "mwh": 60}]
  }' | gridcommons carbon trace --input - --json`;

const MARGINAL_HELP = `
Marginal factors answer what a change of load changes; no other verb of carbon takes them.

Example:
  echo '{"hours": [
    {"start": "2026-01-01T00:00:00Z", "emissionsKg": 40000, "demandMwh": 100},
    {"start": "2026-01-01T01:00:00Z", "emissionsKg": 49000, "demandMwh": 110},
    {"start": "2026-01-01T02:00:00Z", "emissionsKg": 44000, "demandMwh": 105},
    {"start": "2026-01-01T03:00:00Z", "emissionsKg": 60000, "demandMwh": 122}
  ]}' | gridcommons carbon marginal --input - --json`;

const EIA930_HELP = `
Example:
  printf '%s\\n' period,E_CISO_D,E_CISO_NG,E_CISO_TI,E_CISO_GAS,E_CISO_SUN \\
    2021-07-10T00,25000,25000,0,15000,10000 > E_raw.csv
  gridcommons carbon eia930 E_raw.csv | gridcommons carbon trace --input -`;

/** `carbon trace`: consumption-based intensity along flows; `carbon marginal`: what a change of load changes. */
export function registerTraceCommands(carbon: Command, outputOf: OutputOf): void {
  const trace = carbon
    .command('trace')
    .description('average emissions of what zones use, traced along the flows between them')
    .option('--no-clean', 'refuse data that do not balance instead of cleaning them')
    .option('--provenance', 'say which sources serve which demands and lines')
    .addHelpText('after', HELP);
  readsFile(trace, outputOf, async () => (await import('./trace.ts')).traceVerb);
  const marginal = carbon
    .command('marginal')
    .description('marginal emissions of a system, from how emissions and demand change together')
    .addHelpText('after', MARGINAL_HELP);
  readsFile(marginal, outputOf, async () => (await import('./marginal.ts')).marginalVerb);
  carbon
    .command('eia930')
    .argument('<file>', 'hourly data of EIA-930 as CSV')
    .description(
      'a table of Form EIA-930 (columns E_<zone>_<field>, CSV, also gzipped) as input of `carbon trace`',
    )
    .addHelpText('after', EIA930_HELP)
    .action(async (file: string, _options: object, command: Command) => {
      const { tellEia930 } = await import('./eia930.ts');
      await tellEia930(file, outputOf(command));
    });
}
