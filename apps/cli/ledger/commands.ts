import type { Command } from 'commander';
import type { ExpectedLedger } from '#ledger';
import { readsFile } from '../market/file-verb.ts';
import type { OutputOf } from '../output.ts';

const VERIFY_HELP = `
Checks, each standing on those before it: days (sound, signed by the platform, each continuing the one before), entries (double
entry, hash, path to the root of its day), countersignatures. Nothing is asked of the platform. Compare its key with one from
a member (enrolment.json of a participant's directory) and the record with one that a member counter-signed: a ledger of
invented parties verifies as what it is.

Examples:
  gridcommons ledger verify --input entry-17.proof
  gridcommons ledger verify --input ledger.proofs --platform-key 5f1c… --record 9a3e… --json`;

/** `ledger verify`: exit code 1 when it does not verify. */
export function registerLedgerCommands(program: Command, outputOf: OutputOf): void {
  const ledger = program.command('ledger').description('proofs of what is booked, verified offline');

  const verify = ledger
    .command('verify')
    .description('re-check proofs of entries, the records of their days and all signatures, offline')
    .option('--platform-key <hex>', "the platform's key, from a member")
    .option('--record <hash>', 'hash of a record that must be among the days, from a member')
    .addHelpText('after', VERIFY_HELP);
  readsFile(
    verify,
    outputOf,
    async (_options: ExpectedLedger) => (await import('./verify-proofs.ts')).verifyVerb,
  );
}
