import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type CommandOutput, DIR, type DirectoryOption } from '../node/command-options.ts';

const PUBLISH_HELP = `
The report stays here: the platform is sent the footprint alone, and nobody but this organisation reads it until it is granted.
Terms are those of \`gridcommons carbon footprint\`.

Examples:
  gridcommons participant carbon publish-footprint year.json --terms terms.json --dir north
  gridcommons participant carbon publish-footprint year2.json --terms terms.json --replaces 5b9f0c1e-7a40-8c3d-8f51-0d6f2a9b7c18 --dir north`;

const GRANT_HELP = `
Examples:
  gridcommons participant carbon grant-footprint 5b9f0c1e-7a40-8c3d-8f51-0d6f2a9b7c18 --to 6c1d4c5e-0b6f-4c57-9e4b-2f8f4b7f8a10 --dir north
  gridcommons participant carbon grant-footprint 5b9f0c1e-7a40-8c3d-8f51-0d6f2a9b7c18 --to 6c1d4c5e-0b6f-4c57-9e4b-2f8f4b7f8a10 --revoke --dir north`;

interface PublishOptions extends DirectoryOption {
  readonly terms: string;
  readonly replaces?: readonly string[];
}

interface GrantOptions extends DirectoryOption {
  readonly to: string;
  readonly revoke?: true;
}

/** `participant carbon publish-footprint`, `participant carbon grant-footprint`. */
export function registerFootprints(carbon: Command, output: (command: Command) => CommandOutput): void {
  carbon
    .command('publish-footprint')
    .description('publish the product footprint of a report signed here (PACT 3.0)')
    .argument('<file>', 'report as JSON')
    .requiredOption('--terms <file>', 'what the report does not say of the product, as JSON')
    .option('--replaces <id...>', 'footprints that this one restates: they are deprecated')
    .option(...DIR)
    .addHelpText('after', PUBLISH_HELP)
    .action(async (file: string, { dir, terms, replaces }: PublishOptions, command: Command) => {
      const { publishFootprint } = await import('./publish-footprint.ts');
      const { clientOfSite, readOwnFile } = await import('./own-report.ts');
      const { systemClock } = await import('#core');
      const { client, publicKey } = await clientOfSite(resolve(dir));
      const files = { report: await readOwnFile(resolve(file)), terms: await readOwnFile(resolve(terms)) };
      const published = await publishFootprint(client, files, { publicKey, clock: systemClock, replaces });
      const { pcfExcludingBiogenicUptake: kg } = published.document.pcf;
      output(command).result(published, `published as ${published.id}: ${String(kg)} kgCO2e/kWh`);
    });
  carbon
    .command('grant-footprint')
    .description('let an organisation read a footprint of this site, or no longer')
    .argument('<id>', 'of the footprint')
    .requiredOption('--to <organisation>', 'id')
    .option('--revoke', 'from the next read on')
    .option(...DIR)
    .addHelpText('after', GRANT_HELP)
    .action(async (footprintId: string, { dir, to, revoke }: GrantOptions, command: Command) => {
      const { changeAccess } = await import('./publish-footprint.ts');
      const { clientOfSite } = await import('./own-report.ts');
      const { client } = await clientOfSite(resolve(dir));
      const grant = await changeAccess(client, { footprintId, organisationId: to }, revoke === true);
      output(command).result(
        grant,
        `${to} ${grant.revokedAt === null ? 'may read' : 'may no longer read'} ${footprintId}`,
      );
    });
}
