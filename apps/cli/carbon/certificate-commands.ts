import type { Command } from 'commander';
import { readsFile } from '../file-verb.ts';
import type { OutputOf } from '../output.ts';

const CFE_HELP = `
Carbon-free energy counts in the step in which it is there, and never later. Percentages are null without a load. Emissions
avoided and induced stay outside any inventory.

Examples:
  echo '{"loadKwh": [10, 10], "carbonFreeKwh": [25, 5], "gridCarbonFreeShare": ["0.5", "0.2"]}' |
    gridcommons carbon cfe --input - --json
  echo '{"loadKwh": [100, 100], "pvToLoadKwh": [60, 0], "pvToBatteryKwh": [20, 0], "gridToBatteryKwh": [0, 50],
    "batteryToLoadKwh": [20, 0], "battery": {}, "gridIntensityKgPerMwh": 400}' | gridcommons carbon cfe --input -`;

const CERTIFICATES_HELP = `
A certificate is a range of whole Wh of one meter and interval of an hour at most. Events happen in the order of the file; the
first that is refused ends the run (\`"refusals": "list"\`: tells which and goes on).

Example:
  echo '{"certificates": [
      {"id": "roof", "meter": "m1", "owner": "school", "area": "DK1", "technology": "pv", "quantityWh": 70,
       "start": "2026-06-01T10:00:00Z", "end": "2026-06-01T11:00:00Z"},
      {"id": "use", "kind": "consumption", "meter": "m2", "owner": "bakery", "area": "DK1", "quantityWh": 40,
       "start": "2026-06-01T10:00:00Z", "end": "2026-06-01T11:00:00Z"}
    ], "events": [{"type": "transfer", "certificate": "roof", "quantityWh": 50, "to": "bakery"}, {"type": "match"}]
  }' | gridcommons carbon certificates --input - --json > registry.json
  gridcommons carbon certificates verify registry.json`;

/** Verbs about certificates of energy and what they cover. */
export function registerCertificateCommands(carbon: Command, outputOf: OutputOf): void {
  const cfe = carbon
    .command('cfe')
    .description('hour by hour match of carbon-free energy to a load, and what it avoids')
    .addHelpText('after', CFE_HELP);
  readsFile(cfe, outputOf, async () => (await import('./cfe.ts')).cfeVerb);
  const certificates = carbon
    .command('certificates')
    .description('issue, pass on, claim, store and expire granular certificates; coverage of consumption')
    .addHelpText('after', CERTIFICATES_HELP);
  readsFile(certificates, outputOf, async () => (await import('./certificates.ts')).certificatesVerb);
  certificates
    .command('verify')
    .description('check offline that certificates follow from their issues')
    .argument('<file>', 'an exported lineage, or the result of `carbon certificates`; - for standard input')
    .action(async (file: string, _options: object, command: Command) => {
      const { verifyCertificates } = await import('./certificates.ts');
      await verifyCertificates(file, outputOf(command));
    });
}
