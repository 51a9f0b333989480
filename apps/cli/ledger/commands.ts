import type { Command } from 'commander';
import { readsFile } from '../file-verb.ts';
import type { OutputOf } from '../output.ts';
import type { AdminOptions } from '../platform/admin.ts';
import { integerWithin, withPlatform } from '../platform/commands.ts';
import type { VerifyOptions } from './verify-proofs.ts';

const VERIFY_HELP = `
Checks, each standing on those before it: days (sound, signed by the platform, each continuing the one before), entries (double
entry, hash, path to the root of its day), countersignatures. Nothing is asked of the platform. Compare its key with one from
a member (enrolment.json of a participant's directory) and the record with one that a member counter-signed: a ledger of
invented parties verifies as what it is. With --rpc and --contract a node of an EVM chain is asked whether the contract keeps the
root and the record of each day in the file that it keeps at all, and of one at least.

Examples:
  gridcommons ledger verify --input entry-17.proof
  gridcommons ledger verify --input ledger.proofs --platform-key 5f1c… --record 9a3e… --json
  gridcommons ledger verify --input ledger.proofs --rpc http://127.0.0.1:8545 --contract 0x5fbd…`;

const PROVE_HELP = `
The file holds the entry, its salt, the siblings on the way to the root of its day, the day's record and all signatures over it.
Whoever gets it learns that entry and no other. The day must be over: records are made after midnight UTC.

Example:
  gridcommons ledger prove --index 17 --output entry-17.proof --key-file north.key`;

const EXPORT_HELP = `
The file holds the records of all days with their signatures and every entry that posts to an account of the own organisation,
with its proof. Entries of days that are not over are left out.

Example:
  gridcommons ledger export --output ledger.proofs --key-file north.key`;

const DEPLOY_HELP = `
The account of the key pays for it and is the only one whose days the contract takes; nobody can change that, or the contract.
Give the platform its address as LEDGER_ANCHOR_CONTRACT and the same key file as LEDGER_ANCHOR_KEY_FILE.

Example:
  gridcommons ledger deploy-anchor --rpc http://127.0.0.1:8545 --chain-key-file anchor.key`;

const RPC = ['--rpc <url>', 'JSON-RPC address of a node of an EVM chain'] as const;

const OUT = ['--out, --output <file>', 'new file'] as const;

/** `ledger prove`, `ledger export`, and `ledger verify`: exit code 1 when it does not verify. */
export function registerLedgerCommands(program: Command, outputOf: OutputOf): void {
  const ledger = program.command('ledger').description('proofs of what is booked, verified offline');

  withPlatform(ledger.command('prove'))
    .description('write the proof of one entry of the own organisation to a file that anybody can verify')
    .requiredOption('--index <n>', 'place of the entry in the chain', integerWithin(0, 999_999_999))
    .requiredOption(...OUT)
    .addHelpText('after', PROVE_HELP)
    .action(async (options: AdminOptions & { index: number; output: string }, command: Command) => {
      const { proveEntry } = await import('./export-proofs.ts');
      await proveEntry(options, outputOf(command));
    });

  withPlatform(ledger.command('export'))
    .description(
      "write all days' records and the proofs of all own entries to a file that anybody can verify",
    )
    .requiredOption(...OUT)
    .addHelpText('after', EXPORT_HELP)
    .action(async (options: AdminOptions & { output: string }, command: Command) => {
      const { exportLedger } = await import('./export-proofs.ts');
      await exportLedger(options, outputOf(command));
    });

  const verify = ledger
    .command('verify')
    .description('re-check proofs of entries, the records of their days and all signatures, offline')
    .option('--platform-key <hex>', "the platform's key, from a member")
    .option('--record <hash>', 'hash of a record that must be among the days, from a member')
    .option(...RPC)
    .option('--contract <address>', 'contract that keeps the anchors, from a member')
    .addHelpText('after', VERIFY_HELP);
  readsFile(
    verify,
    outputOf,
    async (_options: VerifyOptions) => (await import('./verify-proofs.ts')).verifyVerb,
  );

  ledger
    .command('deploy-anchor')
    .description('put a contract on an EVM chain that keeps the roots of days')
    .requiredOption(...RPC)
    .requiredOption('--chain-key-file <file>', 'private key of the account that pays, 64 hex digits')
    .addHelpText('after', DEPLOY_HELP)
    .action(async (options: { rpc: string; chainKeyFile: string }, command: Command) => {
      const { deployAnchorContract } = await import('./deploy-anchor.ts');
      await deployAnchorContract(options, outputOf(command));
    });
}
