import { styleText } from 'node:util';
import { type Command, CommanderError } from 'commander';
import { commandLineEnvironment } from '#config';
import { registerParticipantCommands } from '../participant/commands.ts';
import { registerAuditCommands } from './audit/commands.ts';
import { registerCarbonCommands } from './carbon/commands.ts';
import { registerCatalogueCommands } from './exchange/catalogue-commands.ts';
import { registerConvertCommands } from './exchange/convert-commands.ts';
import { registerCompletionCommand } from './completion/commands.ts';
import { registerConfigCommands } from './config/commands.ts';
import { configure, loadConfiguration, prefersJson } from './config/configuration.ts';
import { registerDemoCommand } from './demo/commands.ts';
import { addExchangeExamples } from './exchange/examples.ts';
import { registerExchangeCommands } from './exchange/commands.ts';
import { registerValueCommands } from './exchange/value-commands.ts';
import { registerLedgerCommands } from './ledger/commands.ts';
import { registerMarketCommands } from './market/commands.ts';
import { registerNetworkCommands } from './market/network-commands.ts';
import { registerMoneyCommands } from './exchange/money-commands.ts';
import { registerNegotiationCommands } from './exchange/negotiation-commands.ts';
import { registerSeriesCommands } from './exchange/series-commands.ts';
import { registerForecastCommands } from './forecast/commands.ts';
import { DocumentedCommand } from './documented-command.ts';
import { helpOf } from './manual.ts';
import { createOutput, EXIT, type ExitCode, type OutputOf, tellError, tellThrown } from './output.ts';
import { refuseUnknownCommand } from './known-command.ts';
import { registerAdminCommands, registerPlatformCommands } from './platform/commands.ts';
import { hushTerminal, openTerminal, traceToTerminal } from './terminal.ts';
import { registerTaskCommands } from './task/commands.ts';
import { registerTranscriptCommands } from './transcript/commands.ts';
import { packageVersion } from './version.ts';

const EXAMPLES = `
Examples:
  gridcommons platform start --data-dir .gridcommons
  gridcommons participant import --dir ./north readings.csv
  gridcommons task watch 1f0c…
  gridcommons forecast backtest --data ETTh1.csv.gz --lookback 336 --horizon 96 --split ett
  gridcommons market clear --mechanism uniform-price --input book.json --json
  gridcommons export-transcript 1f0c… --output task.transcript
  gridcommons verify-transcript task.transcript`;

/** Every verb; implementations are imported when their verb runs, so that help is instant. */
export function buildProgram(outputOf: OutputOf, json: boolean): Command {
  const program = new DocumentedCommand('gridcommons')
    .description('Energy data-sharing marketplace with federated learning under threshold encryption')
    .version(json ? JSON.stringify({ version: packageVersion() }) : packageVersion())
    .option('--json', 'one JSON document on standard output, errors as JSON on standard error')
    .option('--profile <name>', 'of the configuration, see `config`')
    .option('-q, --quiet', 'do not show how far long work is')
    .option('--verbose', 'tell on standard error what is configured and what is asked of a platform')
    .addHelpText('after', EXAMPLES)
    .on('beforeAllHelp', refuseUnknownCommand)
    .exitOverride()
    .configureHelp({
      formatHelp: (command, helper) => helpOf(command, helper, json),
      styleTitle: (title) => styleText('bold', title, { validateStream: false }),
    })
    // Errors are told once, by main.
    .configureOutput({ outputError: () => undefined, ...(json ? { writeErr: () => undefined } : {}) });
  registerConfigCommands(program, outputOf);
  registerCompletionCommand(program, outputOf);
  registerDemoCommand(program, outputOf);
  registerPlatformCommands(program, outputOf);
  registerAdminCommands(program, outputOf);
  registerParticipantCommands(program, outputOf);
  registerTaskCommands(program, outputOf);
  registerForecastCommands(program, outputOf);
  registerMarketCommands(program, outputOf);
  registerNetworkCommands(program, outputOf);
  registerCarbonCommands(program, outputOf);
  registerExchangeCommands(program, outputOf);
  registerCatalogueCommands(program, outputOf);
  registerConvertCommands(program, outputOf);
  registerValueCommands(program, outputOf);
  registerNegotiationCommands(program, outputOf);
  registerSeriesCommands(program, outputOf);
  registerMoneyCommands(program, outputOf);
  registerLedgerCommands(program, outputOf);
  registerAuditCommands(program, outputOf);
  registerTranscriptCommands(program, outputOf);
  addExchangeExamples(program);
  return program;
}

/** Runs one command line and sets the exit code; the process ends when the command has nothing left to do. */
export async function main(parameters: readonly string[]): Promise<void> {
  endQuietlyWithoutReader();
  openTerminal();
  const refused = await runCommandLine(parameters);
  if (refused !== null) process.exitCode = refused;
}

/** What a refusal ends with; null where nothing was thrown: verbs whose checks fail set `process.exitCode` themselves. */
export async function runCommandLine(parameters: readonly string[]): Promise<ExitCode | null> {
  const asked = parameters.includes('--json');
  const environment = commandLineEnvironment();
  let json = asked || environment.variables.GRIDCOMMONS_OUTPUT === 'json';
  const program = buildProgram(() => createOutput(json), asked);
  program.hook('preAction', (_program, verb) => {
    const { profile, quiet, verbose } = program.opts<GlobalOptions>();
    if (!runsUnconfigured(verb)) {
      const configuration = loadConfiguration(profile, environment);
      json ||= prefersJson(configuration);
      if (verbose === true && !json) traceToTerminal();
      configure(verb, configuration);
    }
    if (json || quiet === true) hushTerminal();
  });
  try {
    await program.parseAsync(parameters, { from: 'user' });
    return null;
  } catch (error) {
    return error instanceof CommanderError ? tellUsage(error, json) : tellThrown(error, json);
  }
}

interface GlobalOptions {
  readonly profile?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** What repairs or only names the file of the configuration must run without it. */
const runsUnconfigured = (verb: Command): boolean =>
  verb.name() === 'completion' || (verb.parent?.name() === 'config' && ['set', 'path'].includes(verb.name()));

function tellUsage({ code, message, exitCode }: CommanderError, json: boolean): ExitCode {
  if (exitCode === 0) return EXIT.ok;
  // Help was already printed where a group of commands was called without one.
  if (code !== 'commander.help') {
    const line = message.replace(/^error: /, '').replaceAll('\n', ' ');
    tellError({ code: 'USAGE', message: line, data: { reason: code } }, json);
  } else if (json) {
    tellError({ code: 'USAGE', message: 'expected a command, got none', data: { reason: code } }, json);
  }
  return EXIT.usage;
}

/** `gridcommons … | head` closes the pipe early; that is no error of ours. */
function endQuietlyWithoutReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}
