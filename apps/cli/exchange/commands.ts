import type { Command } from 'commander';
import type { OutputOf } from '../output.ts';

const EVALUATE_HELP = `
The policy is ODRL 2.2 in JSON-LD, in the vocabulary of docs/EXCHANGE.md; the request says what is known: a fact left out never
permits. Both decisions end with exit code 0; whatever is not understood is DENY with a code.

Example:
  echo '{"permission": {"action": "use", "constraint":
    {"leftOperand": "dateTime", "operator": "lt", "rightOperand": "2027-01-01T00:00:00Z"}}}' > policy.json
  echo '{"action": "use", "at": "2026-06-01T00:00:00Z"}' | gridcommons policy evaluate --policy policy.json --request -`;

const CHECK_HELP = `
Exit code 1 where the policy cannot be read, or holds terms that nothing can satisfy.

Example:
  gridcommons policy check --policy policy.json --json`;

const EIC_HELP = `
Exit code 1 where a code is not valid. A code of 15 characters is told the 16th.

Example:
  gridcommons eic check 10YBE----------2 10Y1001A1001A83F`;

interface EvaluateFiles {
  readonly policy?: string;
  readonly request?: string;
  readonly schema?: boolean;
}

/** `policy …`: what terms permit, without a platform; `eic check`: energy identification codes. */
export function registerExchangeCommands(program: Command, outputOf: OutputOf): void {
  const policy = program.command('policy').description('terms of use of data, as ODRL policies');
  policy
    .command('evaluate')
    .description('whether a policy permits a request, and why')
    .option('--policy <file>', 'the policy as JSON, - for standard input')
    .option('--request <file>', 'the request as JSON, - for standard input')
    .option('--schema', 'print the JSON Schema of the request instead')
    .addHelpText('after', EVALUATE_HELP)
    .action(async ({ policy: policyFile, request, schema }: EvaluateFiles, command: Command) => {
      const { tellDecision, tellRequestSchema } = await import('./policy.ts');
      if (schema === true) return tellRequestSchema(outputOf(command));
      if (policyFile === undefined || request === undefined || (policyFile === '-' && request === '-')) {
        command.error('error: expected --policy <file> and --request <file>, one of them - at most', {
          code: 'commander.missingMandatoryOptionValue',
        });
      }
      return tellDecision(policyFile, request, outputOf(command));
    });
  policy
    .command('check')
    .description('a policy as it is understood: its terms, who enforces each, its hash, whether it can hold')
    .requiredOption('--policy <file>', 'the policy as JSON, - for standard input')
    .addHelpText('after', CHECK_HELP)
    .action(async ({ policy: file }: { readonly policy: string }, command: Command) => {
      const { tellPolicy } = await import('./policy.ts');
      return tellPolicy(file, outputOf(command));
    });
  program
    .command('eic')
    .description('energy identification codes')
    .command('check <codes...>')
    .description('whether codes are valid, and the check character each must have')
    .addHelpText('after', EIC_HELP)
    .action(async (codes: readonly string[], _options: object, command: Command) => {
      const { tellEic } = await import('./eic.ts');
      tellEic(codes, outputOf(command));
    });
}
