import type { Command } from 'commander';
import type { OutputOf } from '../output.ts';
import type { AdminOptions } from '../platform/admin.ts';
import { withPlatform } from '../platform/commands.ts';

const EXPORT_HELP = `
Who asked under the agreement, for what, how many rows and bytes were handed out, or the code of the refusal; nothing of the data.
For its two parties and for role auditor. Without an agreement: what the own organisation asked for without being a party.

Example:
  gridcommons audit export 1f0c… --output agreement.audit --key-file auditor.key`;

const VERIFY_HELP = `
Nothing is asked of the platform. Compare its key with one from a member, and keep the head: a later export must still hold it.

Examples:
  gridcommons audit verify agreement.audit --platform-key 5f1c…
  gridcommons audit verify agreement.audit --earlier-head 9a3e… --json`;

/** `audit export`, and `audit verify`: exit code 1 when it does not verify. */
export function registerAuditCommands(program: Command, outputOf: OutputOf): void {
  const audit = program.command('audit').description('decisions about data, verified offline');

  withPlatform(audit.command('export'))
    .description('write all decisions under an agreement to a file that anybody can verify')
    .argument('[agreement]', 'its id; the own organisation’s chain when absent')
    .requiredOption('--out, --output <file>', 'new file')
    .addHelpText('after', EXPORT_HELP)
    .action(
      async (agreement: string | undefined, options: AdminOptions & { output: string }, command: Command) => {
        const { exportAudit } = await import('./audit-log.ts');
        await exportAudit(agreement, options, outputOf(command));
      },
    );

  audit
    .command('verify')
    .description('re-check a chain of decisions and the signed head it has to reach, offline')
    .argument('<file>', 'as audit export writes it, - for standard input')
    .option('--platform-key <hex>', "the platform's key, from a member")
    .option('--earlier-head <hash>', 'head of an earlier export, which the chain must still hold')
    .addHelpText('after', VERIFY_HELP)
    .action(
      async (file: string, options: { platformKey?: string; earlierHead?: string }, command: Command) => {
        const { verifyAudit } = await import('./audit-log.ts');
        await verifyAudit(file, options, outputOf(command));
      },
    );
}
