import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type CommandOutput, DIR, type DirectoryOption } from '../node/command-options.ts';
import type { Consent } from './consent.ts';
import type { ConsentChanges, ConsentPart } from './consent-changes.ts';

// The command line's own copies: what a verb imports is loaded when it runs.
const KINDS = ['one-shot-ridge', 'network'] as const satisfies Consent['taskKinds'];
const PARTS = ['series', 'kind', 'organisation', 'threshold', 'budget'] as const satisfies ConsentPart[];

const HELP = `
Without a consent the node takes part in every task whose members are pinned (participant trust add), on every imported
series, with or without differential privacy. A running node sees a change at its next step: what it declined for lack of
consent it takes up then, and where consent was withdrawn it says nothing more. What it declines it tells the platform, with
the rule and the value that broke it, never with the list of what you accept.

A budget limits ε and δ over all tasks on the readings of one series and epoch. Setting one declines tasks without
differential privacy, whose loss has no limit, unless --allow-without-privacy is given too.

Examples:
  gridcommons participant consent show --dir north
  gridcommons participant consent set --series load_kwh --kind one-shot-ridge --dir north
  gridcommons participant consent set --epsilon 4 --delta 1e-6 --organisation DE-HRB-1234 DE-HRB-5678 --dir north
  gridcommons participant consent set --any organisation --dir north`;

function numberOption(text: string): number {
  const value = /^\d*\.?\d+(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw new InvalidArgumentError('Expected a number such as 4 or 1e-6.');
  return value;
}

/** `participant consent show|set`: what the owner lets the node take part in. */
export function registerConsent(participant: Command, output: (command: Command) => CommandOutput): void {
  const consent = participant
    .command('consent')
    .description('what this node may take part in; everything else it declines with a reason')
    .addHelpText('after', HELP);
  consent
    .command('show')
    .description('show it, as it is stored or, without a file, by default')
    .option(...DIR)
    .action(async (options: DirectoryOption, command: Command) => {
      const { consentText, readConsent } = await import('./consent.ts');
      const { SiteDirectory } = await import('../node/site-directory.ts');
      const shown = readConsent(new SiteDirectory(resolve(options.dir)));
      output(command).result(shown, consentText(shown));
    });
  consentSet(consent)
    .addHelpText('after', HELP)
    .action(async (options: DirectoryOption & ConsentChanges, command: Command) => {
      const { consentText, readConsent, requireConsent, writeConsent } = await import('./consent.ts');
      const { withChanges } = await import('./consent-changes.ts');
      const { SiteDirectory } = await import('../node/site-directory.ts');
      const directory = new SiteDirectory(resolve(options.dir));
      const changed = requireConsent(withChanges(readConsent(directory), options));
      directory.create();
      writeConsent(directory, changed);
      output(command).result(changed, consentText(changed));
    });
}

const consentSet = (consent: Command): Command =>
  consent
    .command('set')
    .description('change the parts that are named, keep the others')
    .option(...DIR)
    .option('--series <column...>', 'columns of the own files that may be summed')
    .addOption(new Option('--kind <kind...>', 'kinds of task').choices(KINDS))
    .option('--organisation <legalId...>', 'the other organisations a roster may name')
    .option('--minimum-threshold <t>', 'least number of decryptors that open a sum', numberOption)
    .option('--epsilon <epsilon>', 'budget of ε for each series and epoch', numberOption)
    .option(
      '--delta <delta>',
      'budget of δ for each series and epoch (default: as before, else 0.000001)',
      numberOption,
    )
    .addOption(
      new Option('--allow-without-privacy', 'tasks without differential privacy too').conflicts(
        'requirePrivacy',
      ),
    )
    .option('--require-privacy', 'tasks with differential privacy only; needs a budget')
    .addOption(new Option('--any <part...>', 'lift the restriction of a part').choices(PARTS));
