import type { Command } from 'commander';
import type { OutputOf } from '../output.ts';
import type { AdminOptions } from '../platform/admin.ts';
import { withPlatform } from '../platform/commands.ts';

const HELP = `
Checks, each standing on those before it: format, chain, card, signatures, protocol, blobs, residues, decryption, aggregate,
model. Nothing is asked of the platform and SEAL is not used. Compare the root with one you have from a member: a file
of invented organisations verifies as what it is.

Examples:
  gridcommons verify-transcript task.transcript
  gridcommons verify-transcript task.transcript --root 3b1f… --json`;

const EXPORT_HELP = `
The file holds the task's signed messages and ciphertexts: nothing secret. Lists of tasks: { tasks { edges { node { id phase } } } }.

Example:
  gridcommons export-transcript 1f0c… --output task.transcript`;

/** `export-transcript TASK`, and `verify-transcript FILE`: exit code 1 when it does not verify. */
export function registerTranscriptCommands(program: Command, outputOf: OutputOf): void {
  withPlatform(program.command('export-transcript'))
    .description('write the transcript of a released task to a file that anybody can verify')
    .argument('<task>', 'id of the task')
    .requiredOption('--output <file>', 'new file')
    .addHelpText('after', EXPORT_HELP)
    .action(async (task: string, options: AdminOptions & { output: string }, command: Command) => {
      const { exportTranscriptFile } = await import('./export-transcript-file.ts');
      await exportTranscriptFile(task, options, outputOf(command));
    });

  program
    .command('verify-transcript')
    .description('re-check every signature, hash, sum and rounding of a released task, offline')
    .argument('<file>', 'exported transcript')
    .option('--root <hash>', 'transcript root it must have, from a member')
    .option('--card <hash>', 'card hash it must have, from a member')
    .addHelpText('after', HELP)
    .action(async (file: string, options: { root?: string; card?: string }, command: Command) => {
      const { verifyTranscriptFile } = await import('./verify-transcript.ts');
      await verifyTranscriptFile(file, options, outputOf(command));
    });
}
