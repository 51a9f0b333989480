import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type CommandOutput, DIR, type DirectoryOption } from './command-options.ts';

const HELP = `
Read from the directory alone and without changing it: also while the node runs, and without a platform. Tasks stand as
far as the node has read their transcripts.

Examples:
  gridcommons participant status --dir north
  gridcommons participant status --dir north --json`;

/** `participant status`: what this node holds and has done. */
export function registerStatus(participant: Command, output: (command: Command) => CommandOutput): void {
  participant
    .command('status')
    .description('what this node holds: enrolment, pins, series, consent, tasks, refusals')
    .option(...DIR)
    .addHelpText('after', HELP)
    .action(async (options: DirectoryOption, command: Command) => {
      const { SiteDirectory } = await import('./site-directory.ts');
      const { siteStatus } = await import('./site-status.ts');
      const { statusText } = await import('./status-text.ts');
      const status = await siteStatus(new SiteDirectory(resolve(options.dir)));
      output(command).result(status, statusText(status));
    });
}
