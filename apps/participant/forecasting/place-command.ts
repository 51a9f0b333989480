import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type CommandOutput, DIR, type DirectoryOption } from '../node/command-options.ts';

const HELP = `
With a place tasks may name the input clear_sky_w_m2, known ahead: the irradiance under a cloudless sky, which the node computes
itself. The place stays in the directory. A running node uses it from its next forecast on.

Example:
  gridcommons participant place --latitude -33.87 --longitude 151.21 --dir north`;

/** `participant place`: where the site is, for what is computed there. */
export function registerPlace(participant: Command, output: (command: Command) => CommandOutput): void {
  participant
    .command('place')
    .description('say where the site is, for the clear sky above it; it stays there')
    .requiredOption('--latitude <degrees>', 'north is positive')
    .requiredOption('--longitude <degrees>', 'east is positive')
    .option(...DIR)
    .addHelpText('after', HELP)
    .action(
      async (
        { dir, latitude, longitude }: DirectoryOption & { latitude: string; longitude: string },
        command: Command,
      ) => {
        const { placeFrom } = await import('#forecasting');
        const { SiteDirectory } = await import('../node/site-directory.ts');
        const { setPlace } = await import('./site-place.ts');
        setPlace(new SiteDirectory(resolve(dir)), placeFrom(latitude, longitude));
        output(command).result({ column: 'clear_sky_w_m2' }, 'tasks may name clear_sky_w_m2, known ahead');
      },
    );
}
