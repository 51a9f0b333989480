import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { DomainError } from '#core';
import { registerCarbon } from './carbon/carbon-commands.ts';
import { registerData } from './delivery/data-commands.ts';
import { registerConsent } from './federation/consent-commands.ts';
import { registerModel } from './forecasting/model-commands.ts';
import { registerPlace } from './forecasting/place-command.ts';
import { registerOrder } from './market/order-commands.ts';
import { type CommandOutput, DIR, type DirectoryOption } from './node/command-options.ts';
import { registerStatus } from './node/status-command.ts';
import { registerImport } from './readings/import-command.ts';
import { registerSetup } from './setup/setup-commands.ts';

const HELP = `
Examples, in this order:
  gridcommons participant init --platform http://127.0.0.1:3000 --token gce_… --dir north
  gridcommons participant check --dir north                                # and preview: what leaves the site
  gridcommons participant identity --dir north --output north.trust.json   # for the other owners
  gridcommons participant trust add south.trust.json --dir north           # theirs, received out of band
  gridcommons participant import readings.csv --dir north --zone Europe/Berlin
  gridcommons participant consent set --series load_kwh --dir north        # optional: narrow what it takes part in
  gridcommons participant start --dir north
  gridcommons participant status --dir north                               # at any time, also while it runs
  gridcommons participant model export 1f0c… --output load.gcmodel --dir north`;

/** The verbs an energy firm runs at its own site. Implementations are loaded on use, so that help is instant. */
export function registerParticipantCommands(
  program: Command,
  output: (command: Command) => CommandOutput,
): void {
  const participant = program
    .command('participant')
    .description('run a node at an energy firm: keys and readings stay there')
    .addHelpText('after', HELP);

  registerIdentity(participant, output);

  registerSetup(participant, output);
  registerTrust(participant, output);
  registerImport(participant, output);
  registerConsent(participant, output);
  registerStart(participant, output);
  registerStatus(participant, output);
  registerModel(participant, output);
  registerPlace(participant, output);
  registerOrder(participant, output);
  registerCarbon(participant, output);
  registerData(participant, output);
}

function registerIdentity(participant: Command, output: (command: Command) => CommandOutput): void {
  participant
    .command('identity')
    .description('show the public identity that other owners pin; draws the keys first where there are none')
    .option(...DIR)
    .option('--legal-id <id>', 'register number or EIC of the organisation (needed before `init`)')
    .option('--output <file>', 'write it as a trust file')
    .action(async (options: DirectoryOption & { legalId?: string; output?: string }, command: Command) => {
      const { writeDurably } = await import('./node/durable-log.ts');
      const { publicIdentity, SiteDirectory, trustFile } = await import('./node/site-directory.ts');
      const directory = new SiteDirectory(resolve(options.dir));
      const legalId = options.legalId ?? (directory.enrolled ? directory.enrolment().legalId : undefined);
      if (!legalId)
        throw new DomainError('LEGAL_ID_MISSING', 'expected --legal-id before `participant init`, got none');
      const identity = await publicIdentity(await directory.identity(), legalId);
      if (options.output) writeDurably(resolve(options.output), trustFile([identity]));
      output(command).result(identity, `${identity.legalId}\n  fingerprint ${identity.fingerprint}`);
    });
}

function registerTrust(participant: Command, output: (command: Command) => CommandOutput): void {
  const trust = participant.command('trust').description('organisations this node computes with');
  trust
    .command('add')
    .description('pin the organisations of a trust file received out of band')
    .argument('<file>', 'trust file of others')
    .option(...DIR)
    .action(async (file: string, options: DirectoryOption, command: Command) => {
      const { SiteDirectory } = await import('./node/site-directory.ts');
      const directory = new SiteDirectory(resolve(options.dir));
      directory.create();
      const added = await directory.addTrust(resolve(file));
      const lines = added.map(({ legalId, fingerprint }) => `  ${legalId}  ${fingerprint}`);
      output(command).result({ added }, [`pinned ${added.length} organisation(s)`, ...lines].join('\n'));
    });
}

interface StartOptions {
  readonly replayClock?: string;
  readonly defaultOrders?: number;
}

function daysOfDefaults(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= 30) return days;
  throw new InvalidArgumentError('Expected 1–30 days.');
}

function registerStart(participant: Command, output: (command: Command) => CommandOutput): void {
  participant
    .command('start')
    .description(
      'take part: federated tasks, forecasts, the local market, emissions; until SIGINT or SIGTERM',
    )
    .option(...DIR)
    .option(
      '--replay-clock <file>',
      'business clock for replays of past days: a file holding an ISO 8601 instant',
    )
    .option(
      '--default-orders <days>',
      'what it bids stands as default orders of so many days after, 1–30, should it not be heard then',
      daysOfDefaults,
    )
    .action(async (options: DirectoryOption & StartOptions, command: Command) => {
      const { runSite } = await import('./node/run-site.ts');
      const { json } = output(command);
      const { defaultOrders: defaultDays } = options;
      await runSite(resolve(options.dir), {
        json,
        ...(defaultDays === undefined ? {} : { defaultDays }),
        ...(options.replayClock ? { replayClock: resolve(options.replayClock) } : {}),
      });
    });
}
