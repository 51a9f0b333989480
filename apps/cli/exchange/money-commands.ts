import { type Command, InvalidArgumentError, Option } from 'commander';
import type { OutputOf } from '../output.ts';
import type { AdminOptions } from '../platform/admin.ts';
import { integerWithin, withAccess, withPlatform } from '../platform/commands.ts';
import type { DepositOptions, InvoiceOptions, PayOptions, RevenueOptions } from './money.ts';
import type { PageOptions } from './negotiation.ts';

const WALLET_HELP = `
Amounts are minor units, e.g. cents.

Examples:
  gridcommons wallet deposit 1f0c… --currency EUR --amount 250000 --reference "bank 2026-11-27/17"   # as the operator
  gridcommons wallet show --key-file buyer.key
  gridcommons wallet entries --key-file buyer.key`;

const withPage = (command: Command): Command =>
  command
    .option('--first <count>', 'how many', integerWithin(1, 100), 20)
    .option('--after <cursor>', 'the endCursor of the page before');

/** An amount or a count beyond nine digits. */
function minorUnits(text: string): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value))
    throw new InvalidArgumentError('Expected a whole number of minor units: 1250 for 12.50 EUR.');
  return value;
}

/** `wallet …`, and what agreements cost: `agreement quote|pay|revenue|usage|orders|invoices|invoice`. */
export function registerMoneyCommands(program: Command, outputOf: OutputOf): void {
  const wallet = program
    .command('wallet')
    .description('what the own organisation has on the platform')
    .addHelpText('after', WALLET_HELP);
  registerWallet(wallet, outputOf);
  const agreement = program.commands.find((command) => command.name() === 'agreement')!;
  registerPayments(agreement, outputOf);
  registerLists(agreement, outputOf);
}

function registerWallet(wallet: Command, outputOf: OutputOf): void {
  withPlatform(wallet.command('show'))
    .description('its balance by currency')
    .action(async (options: AdminOptions, command: Command) => {
      const { showWallet } = await import('./money.ts');
      await showWallet(options, outputOf(command));
    });
  withPage(withPlatform(wallet.command('entries')))
    .description('what changed it, newest first')
    .action(async (options: AdminOptions & PageOptions, command: Command) => {
      const { listMoney } = await import('./money.ts');
      await listMoney('walletEntries', {}, options, outputOf(command));
    });
  withPage(withPlatform(wallet.command('shares')))
    .description('what it got of orders of others’ data sets, and what others got of its own, newest first')
    .action(async (options: AdminOptions & PageOptions, command: Command) => {
      const { listMoney } = await import('./money.ts');
      await listMoney('orderShares', {}, options, outputOf(command));
    });
  for (const [verb, mutation, description] of [
    ['deposit', 'depositToWallet', 'state that money was received outside of the platform, as the operator'],
    ['withdraw', 'withdrawFromWallet', 'state that money was paid out, as the operator'],
  ] as const) {
    withAccess(wallet.command(verb))
      .description(description)
      .argument('<organisation>', 'its id')
      .requiredOption('--currency <code>', 'ISO 4217')
      .requiredOption('--amount <minor>', 'in minor units', minorUnits)
      .requiredOption('--reference <text>', 'of the transfer; the same again changes nothing')
      .action(async (organisationId: string, options: DepositOptions, command: Command) => {
        const { bookOutside } = await import('./money.ts');
        await bookOutside(mutation, organisationId, options, outputOf(command));
      });
  }
}

function registerPayments(agreement: Command, outputOf: OutputOf): void {
  withPlatform(agreement.command('quote'))
    .description('what paying it costs now')
    .argument('<agreement>', 'its id')
    .option('--periods <count>', 'of a subscription', integerWithin(1, 120), 1)
    .action(async (id: string, options: AdminOptions & { periods: number }, command: Command) => {
      const { quoteAgreement } = await import('./money.ts');
      await quoteAgreement(id, options, outputOf(command));
    });
  withAccess(agreement.command('pay'))
    .description('pay it from the own wallet, as the consumer')
    .argument('<agreement>', 'its id')
    .option('--max <minor>', 'refuse where it costs more', minorUnits)
    .option('--period <number>', 'of a subscription (default: the one that runs)', integerWithin(0, 100_000))
    .option('--order-key <key>', 'the same again is the same order (default: a fresh one)')
    .action(async (id: string, options: PayOptions, command: Command) => {
      const { payAgreement } = await import('./money.ts');
      await payAgreement(id, options, outputOf(command));
    });
  withAccess(agreement.command('revenue'))
    .description('state what was earned with the data and pay the agreed share of it, as the consumer')
    .argument('<agreement>', 'its id')
    .requiredOption('--revenue <minor>', 'since the last statement', minorUnits)
    .option('--max <minor>', 'refuse where the share is more', minorUnits)
    .option('--order-key <key>', 'the same again is the same statement (default: a fresh one)')
    .action(async (id: string, options: RevenueOptions, command: Command) => {
      const { declareRevenue } = await import('./money.ts');
      await declareRevenue(id, options, outputOf(command));
    });
}

function registerLists(agreement: Command, outputOf: OutputOf): void {
  withPage(withPlatform(agreement.command('usage')))
    .description('what was read under it, newest first')
    .argument('<agreement>', 'its id')
    .action(async (agreementId: string, options: AdminOptions & PageOptions, command: Command) => {
      const { listMoney } = await import('./money.ts');
      await listMoney('agreementUsage', { agreementId }, options, outputOf(command));
    });
  for (const [verb, query] of [
    ['orders', 'agreementOrders'],
    ['invoices', 'invoices'],
  ] as const) {
    withPage(withPlatform(agreement.command(verb)))
      .description(`${verb} of the own organisation, on either side, newest first`)
      .action(async (options: AdminOptions & PageOptions, command: Command) => {
        const { listMoney } = await import('./money.ts');
        await listMoney(query, {}, options, outputOf(command));
      });
  }
  withPlatform(agreement.command('invoice'))
    .description('the invoice of an order as a new file')
    .argument('<order>', 'its id')
    .requiredOption('--out, --output <file>', 'new file')
    .addOption(new Option('--format <format>', 'of the file').choices(['pdf', 'json']).default('pdf'))
    .option('--credit-note', 'what was given back of it instead')
    .action(async (orderId: string, options: InvoiceOptions, command: Command) => {
      const { downloadInvoice } = await import('./money.ts');
      await downloadInvoice(orderId, options, outputOf(command));
    });
}
