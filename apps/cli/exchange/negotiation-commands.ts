import type { Command } from 'commander';
import type { OutputOf } from '../output.ts';
import type { AdminOptions } from '../platform/admin.ts';
import { integerWithin, withAccess, withPlatform } from '../platform/commands.ts';
import type { EndOptions, PageOptions, TermsOptions } from './negotiation.ts';

const NEGOTIATION_HELP = `
A negotiation goes as the Dataspace Protocol says: request, or offer → offers of either side → accept → agree → verify → finalise.

Examples:
  gridcommons negotiation request 1f0c… --key-file buyer.key          # of an offer, at its own terms
  gridcommons negotiation offer 1f0c… --consumer 3c77… --price lower.json --key-file seller.key
  gridcommons negotiation counter 9b54… --policy narrower.json --valid-until 2027-01-01T00:00:00Z
  gridcommons negotiation agree 9b54… --key-file seller.key
  gridcommons negotiation verify 9b54… --key-file buyer.key
  gridcommons negotiation finalise 9b54… --key-file seller.key`;

const AGREEMENT_HELP = `
Examples:
  gridcommons agreement list --key-file buyer.key
  gridcommons agreement revoke 77ab… --code MISUSE --key-file seller.key
  gridcommons agreement transfer request 77ab… --key-file buyer.key`;

const withPage = (command: Command): Command =>
  command
    .option('--first <count>', 'how many', integerWithin(1, 100), 20)
    .option('--after <cursor>', 'the endCursor of the page before');

const withTerms = (command: Command): Command =>
  command
    .option('--policy <file>', 'ODRL as JSON; - for standard input (default: as offered last)')
    .option('--price <file>', 'price model as JSON; {"kind": "free"} for nothing (default: as offered last)')
    .option('--valid-from <instant>', 'ISO 8601 (default: as offered last)')
    .option('--valid-until <instant>', 'ISO 8601, exclusive (default: as offered last)');

const withEnd = (command: Command): Command =>
  command
    .requiredOption('--code <code>', "why: 1–64 letters, digits, '_', '.', ':' or '-'")
    .option('--reason <text>', 'the same in words, for the other side');

/** `negotiation …` and `agreement …`: terms of data sets, between two organisations of a platform. */
export function registerNegotiationCommands(program: Command, outputOf: OutputOf): void {
  const negotiation = program
    .command('negotiation')
    .description('negotiate the terms of an offer')
    .addHelpText('after', NEGOTIATION_HELP);
  registerTerms(negotiation, outputOf);
  registerAnswers(negotiation, outputOf);
  registerLooks(negotiation, 'negotiation', outputOf);
  const agreement = program
    .command('agreement')
    .description('agreements about data sets, and transfers under them')
    .addHelpText('after', AGREEMENT_HELP);
  registerLooks(agreement, 'dataAgreement', outputOf);
  registerEndings(agreement, outputOf);
  registerTransfers(agreement.command('transfer').description('transfers under an agreement'), outputOf);
}

function registerTerms(negotiation: Command, outputOf: OutputOf): void {
  withTerms(withAccess(negotiation.command('request')))
    .description('ask for a listed offer, at its own terms or at others')
    .argument('<offer>', 'its id')
    .option('--consumer-pid <pid>', 'own name of the negotiation; again is the same (default: a fresh one)')
    .action(async (offerId: string, options: AdminOptions & TermsOptions, command: Command) => {
      const { requestNegotiation } = await import('./negotiation.ts');
      await requestNegotiation(offerId, options, outputOf(command));
    });
  withTerms(withAccess(negotiation.command('offer')))
    .description('offer the data to one organisation that has not asked, as the provider')
    .argument('<offer>', 'id of an own offer, listed or not, of a listed data set')
    .requiredOption('--consumer <organisation>', 'id of the organisation')
    .action(
      async (
        offerId: string,
        options: AdminOptions & TermsOptions & { readonly consumer: string },
        command: Command,
      ) => {
        const { offerNegotiation } = await import('./negotiation.ts');
        await offerNegotiation(offerId, options, outputOf(command));
      },
    );
  withTerms(withAccess(negotiation.command('counter')))
    .description('offer other terms, on either side')
    .argument('<negotiation>', 'its id')
    .action(async (id: string, options: AdminOptions & TermsOptions, command: Command) => {
      const { counterOffer } = await import('./negotiation.ts');
      await counterOffer(id, options, outputOf(command));
    });
}

const ANSWERS = [
  ['accept', 'acceptOffer', "accept the provider's offer, as the consumer"],
  ['agree', 'agree', 'agree to what was requested or accepted, as the provider'],
  ['finalise', 'finaliseAgreement', 'put the agreement in force, as the provider'],
] as const;

function registerAnswers(negotiation: Command, outputOf: OutputOf): void {
  for (const [verb, mutation, description] of ANSWERS) {
    withAccess(negotiation.command(verb))
      .description(description)
      .argument('<negotiation>', 'its id')
      .action(async (id: string, options: AdminOptions, command: Command) => {
        const { answerNegotiation } = await import('./negotiation.ts');
        await answerNegotiation(mutation, { negotiationId: id }, options, outputOf(command));
      });
  }
  withAccess(negotiation.command('verify'))
    .description('confirm the agreement, as the consumer')
    .argument('<negotiation>', 'its id')
    .option('--hash <sha256>', 'of the agreement as it was shown; another is refused')
    .action(async (id: string, options: AdminOptions & { hash?: string }, command: Command) => {
      const { answerNegotiation } = await import('./negotiation.ts');
      const args = { negotiationId: id, hash: options.hash };
      await answerNegotiation('verifyAgreement', args, options, outputOf(command));
    });
  withEnd(withAccess(negotiation.command('terminate')))
    .description('end it without an agreement')
    .argument('<negotiation>', 'its id')
    .action(async (id: string, options: AdminOptions & EndOptions, command: Command) => {
      const { answerNegotiation } = await import('./negotiation.ts');
      const { code, reason } = options;
      const args = { negotiationId: id, code, reason };
      await answerNegotiation('terminateNegotiation', args, options, outputOf(command));
    });
}

function registerLooks(
  group: Command,
  what: 'negotiation' | 'dataAgreement' | 'transfer',
  outputOf: OutputOf,
): void {
  withPage(withPlatform(group.command('list')))
    .description('of the own organisation, on either side, newest first')
    .action(async (options: AdminOptions & PageOptions, command: Command) => {
      const { list } = await import('./negotiation.ts');
      await list(what, options, outputOf(command));
    });
  withPlatform(group.command('show'))
    .description('one of them as it is now')
    .argument('<id>', 'its id')
    .action(async (id: string, options: AdminOptions, command: Command) => {
      const { show } = await import('./negotiation.ts');
      await show(what, id, options, outputOf(command));
    });
}

function registerEndings(agreement: Command, outputOf: OutputOf): void {
  withAccess(agreement.command('retire'))
    .description('say that it is needed no more, as the consumer')
    .argument('<agreement>', 'its id')
    .action(async (id: string, options: AdminOptions, command: Command) => {
      const { endAgreement } = await import('./negotiation.ts');
      await endAgreement('retireAgreement', { agreementId: id }, options, outputOf(command));
    });
  withEnd(withAccess(agreement.command('revoke')))
    .description('refuse every read from now on, as the provider')
    .argument('<agreement>', 'its id')
    .action(async (id: string, options: AdminOptions & EndOptions, command: Command) => {
      const { endAgreement } = await import('./negotiation.ts');
      const { code, reason } = options;
      const args = { agreementId: id, code, reason };
      await endAgreement('revokeAgreement', args, options, outputOf(command));
    });
  withAccess(agreement.command('supersede'))
    .description('read under a later agreement from now on, as the consumer')
    .argument('<agreement>', 'its id')
    .argument('<successor>', 'id of the agreement in force that stands in its place')
    .action(async (id: string, successorId: string, options: AdminOptions, command: Command) => {
      const { endAgreement } = await import('./negotiation.ts');
      await endAgreement('supersedeAgreement', { agreementId: id, successorId }, options, outputOf(command));
    });
}

function registerTransfers(transfer: Command, outputOf: OutputOf): void {
  withAccess(transfer.command('request'))
    .description('as the consumer of an agreement in force')
    .argument('<agreement>', 'its id')
    .option('--consumer-pid <pid>', 'own name of the transfer; again is the same (default: a fresh one)')
    .action(async (id: string, options: AdminOptions & { consumerPid?: string }, command: Command) => {
      const { requestTransfer } = await import('./negotiation.ts');
      await requestTransfer(id, options, outputOf(command));
    });
  for (const verb of ['start', 'complete'] as const) {
    withAccess(transfer.command(verb))
      .description(`${verb} it`)
      .argument('<transfer>', 'its id')
      .action(async (id: string, options: AdminOptions, command: Command) => {
        const { moveTransfer } = await import('./negotiation.ts');
        await moveTransfer(`${verb}Transfer`, { transferId: id }, options, outputOf(command));
      });
  }
  for (const verb of ['suspend', 'terminate'] as const) {
    withEnd(withAccess(transfer.command(verb)))
      .description(`${verb} it`)
      .argument('<transfer>', 'its id')
      .action(async (id: string, options: AdminOptions & EndOptions, command: Command) => {
        const { moveTransfer } = await import('./negotiation.ts');
        const { code, reason } = options;
        await moveTransfer(`${verb}Transfer`, { transferId: id, code, reason }, options, outputOf(command));
      });
  }
  registerLooks(transfer, 'transfer', outputOf);
}
