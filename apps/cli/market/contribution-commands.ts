import type { Command } from 'commander';
import type { OutputOf } from '../output.ts';
import { readsFile } from '../file-verb.ts';

const VERIFY_HELP = `
The file is what the platform answers to contributionCertificate: {statement, entry}. Checks, without asking anybody: the
statement hashes to what the ledger entry certifies, the entry is its participant's for that session and settlement, and the
entry's own hash holds. That the entry stands in the ledger, its proof shows: \`gridcommons ledger verify\`.

Example:
  gridcommons market contribution verify --input certificate.json --json`;

/** `market contribution verify`: exit code 1 when it does not verify. */
export function registerContributionCommands(market: Command, outputOf: OutputOf): void {
  const contribution = market.command('contribution').description('certified contributions of members');
  const verify = contribution
    .command('verify')
    .description('check a certificate against the ledger entry that carries its hash, offline')
    .addHelpText('after', VERIFY_HELP);
  readsFile(verify, outputOf, async () => (await import('./contribution.ts')).verifyContribution);
}
