import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type CommandOutput, DIR, type DirectoryOption } from '../node/command-options.ts';
import type { DeclaredDefaults, SessionDefaults } from './default-orders.ts';

const HELP = `
Default orders stand where the node is not heard: at the gate of a session from which no order of it came, the market places
those that were declared for its product, slot length, zone, currency and day. They are signed here, so that nobody can place
others; any order before the gate replaces them; they stand in one session a day; of several declarations the newest that
covers a day stands alone.

Examples:
  gridcommons participant order defaults declare --input spring.json
  gridcommons participant order defaults list
  gridcommons participant order defaults show --session 1f0c…
  gridcommons participant order defaults withdraw --session 1f0c…
  gridcommons participant order defaults revoke --id spring

spring.json:
  {"declaration": "spring", "zone": "Europe/Berlin", "firstDay": "2026-03-01", "lastDay": "2026-05-31",
    "orders": [{"from": "07:00", "until": "20:00", "side": "buy", "quantityWh": 1500, "pricePerMwh": 24000}]}`;

type OutputOf = (command: Command) => CommandOutput;

const SESSION = ['--session <id>', 'the session'] as const;

/** `participant order defaults …`: orders that stand for later sessions, signed by the owner. */
export function registerDefaults(order: Command, output: OutputOf): void {
  const defaults = order
    .command('defaults')
    .description('orders that stand where the node is not heard')
    .addHelpText('after', HELP);
  registerDeclare(defaults, output);
  registerList(defaults, output);
  registerShow(defaults, output);
  registerWithdraw(defaults, output);
  registerRevoke(defaults, output);
}

/** The place of a directory, and the verbs there; loaded when a verb runs. */
async function at(dir: string) {
  const verbs = await import('./default-orders.ts');
  const { SiteDirectory } = await import('../node/site-directory.ts');
  return { verbs, place: await verbs.defaultsPlace(new SiteDirectory(resolve(dir))) };
}

function registerDeclare(defaults: Command, output: OutputOf): void {
  defaults
    .command('declare')
    .description('sign default orders and declare them')
    .option('--input <file>', 'what is declared, as JSON')
    .option('--schema', 'print the JSON Schema of the input instead')
    .option(...DIR)
    .addHelpText('after', HELP)
    .action(async (options: DirectoryOption & { input?: string; schema?: boolean }, self: Command) => {
      if ((options.input === undefined) === (options.schema !== true)) {
        self.error('error: expected either --input <file> or --schema', {
          code: 'commander.missingMandatoryOptionValue',
        });
      }
      const { defaultsInput } = await import('./defaults-input.ts');
      if (options.input === undefined) {
        const { z } = await import('zod');
        const schema = z.toJSONSchema(defaultsInput, { io: 'input' });
        return output(self).result(schema, JSON.stringify(schema, null, 2));
      }
      const { requireInput } = await import('#inputs');
      const { readJson } = await import('../node/site-directory.ts');
      const draft = requireInput(readJson(resolve(options.input)), defaultsInput);
      const { verbs, place } = await at(options.dir);
      const declared = await verbs.declareDefaults(place, draft);
      output(self).result(declared, declaredText(declared));
    });
}

function registerList(defaults: Command, output: OutputOf): void {
  defaults
    .command('list')
    .description('what is declared, the newest first')
    .option(...DIR)
    .action(async (options: DirectoryOption, self: Command) => {
      const { verbs, place } = await at(options.dir);
      const declarations = await verbs.listDefaults(place);
      const text = declarations.map(declaredText).join('\n');
      output(self).result({ declarations }, text === '' ? 'nothing is declared' : text);
    });
}

function registerShow(defaults: Command, output: OutputOf): void {
  defaults
    .command('show')
    .description('what stands in a session, or was placed at its gate')
    .requiredOption(...SESSION)
    .option(...DIR)
    .action(async (options: DirectoryOption & { session: string }, self: Command) => {
      const { verbs, place } = await at(options.dir);
      const defaultsOf = await verbs.sessionDefaults(place, options.session);
      output(self).result({ defaults: defaultsOf }, standingText(defaultsOf));
    });
}

function registerWithdraw(defaults: Command, output: OutputOf): void {
  defaults
    .command('withdraw')
    .description('keep default orders out of one session, before its gate')
    .requiredOption(...SESSION)
    .option(...DIR)
    .action(async (options: DirectoryOption & { session: string }, self: Command) => {
      const { verbs, place } = await at(options.dir);
      const defaultsOf = await verbs.withdrawDefaults(place, options.session);
      output(self).result({ defaults: defaultsOf }, standingText(defaultsOf));
    });
}

function registerRevoke(defaults: Command, output: OutputOf): void {
  defaults
    .command('revoke')
    .description('no more orders of a declaration; what was placed stands')
    .requiredOption('--id <declaration>', 'the declaration')
    .option(...DIR)
    .action(async (options: DirectoryOption & { id: string }, self: Command) => {
      const { verbs, place } = await at(options.dir);
      const revoked = await verbs.revokeDefaults(place, options.id);
      output(self).result(revoked, declaredText(revoked));
    });
}

function declaredText(of: DeclaredDefaults): string {
  const { declarationId, orders, product, resolutionMinutes, firstDay, lastDay, revokedAt } = of;
  const state = revokedAt === null ? '' : `, revoked ${revokedAt}`;
  return `${declarationId}: ${orders.length} order(s) of ${product} in slots of ${resolutionMinutes} min, ${firstDay} to ${lastDay}${state}`;
}

function standingText(of: SessionDefaults | null): string {
  if (of === null) return 'nothing stands by default';
  const lines = of.orders.map(({ startsAt, side, quantityWh, pricePerMwh, tradedWh }) => {
    const traded = tradedWh === null ? '' : `, ${tradedWh} Wh traded`;
    return `  ${startsAt}  ${side} ${quantityWh} Wh at ${pricePerMwh} per MWh${traded}`;
  });
  const head = `${of.state.toLowerCase()}${of.reason === null ? '' : `: ${of.reason}`} (${of.declarationId})`;
  return [head, ...lines].join('\n');
}
