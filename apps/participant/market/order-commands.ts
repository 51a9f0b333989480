import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Side, TimeInForce } from '#market';
import { type CommandOutput, DIR, type DirectoryOption } from '../node/command-options.ts';
import { registerDefaults } from './defaults-commands.ts';
import type { IntradayResult } from './intraday-orders.ts';

const HELP = `
An order trades at once with the best orders of the session's book that its limit reaches; the rest waits until its expiry or
the book's gate (gtd), is withdrawn (ioc), or all of it must trade at once (fok). The order is written into the directory
before it leaves: the node states deliveries of hours in which own orders traded, and of no others. The same --id again
tells what has become of the order.

Examples:
  gridcommons participant order intraday --session 1f0c… --starts-at 2026-03-29T10:00:00Z --side buy --quantity-wh 1500 --price 24000
  gridcommons participant order cancel --session 1f0c… --id 7d1a…`;

interface OrderOptions extends DirectoryOption {
  readonly session: string;
  readonly startsAt: string;
  readonly side: Side;
  readonly quantityWh: number;
  readonly price: number;
  readonly timeInForce: TimeInForce;
  readonly expiresAt?: string;
  readonly id?: string;
}

function whole(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('Expected a whole number.');
}

/** `participant order intraday|cancel|defaults`: orders that an owner places by hand, or declares beforehand. */
export function registerOrder(participant: Command, output: (command: Command) => CommandOutput): void {
  const order = participant
    .command('order')
    .description('place and withdraw orders in order books; declare default orders')
    .addHelpText('after', HELP);
  registerIntraday(order, output);
  registerCancel(order, output);
  registerDefaults(order, output);
}

function registerIntraday(order: Command, output: (command: Command) => CommandOutput): void {
  order
    .command('intraday')
    .description('sign an order for a slot and submit it')
    .requiredOption('--session <id>', 'a cleared session that offers intraday trading')
    .requiredOption('--starts-at <instant>', 'start of the slot, ISO 8601')
    .addOption(new Option('--side <side>', 'buy or sell').choices(['buy', 'sell']).makeOptionMandatory())
    .requiredOption('--quantity-wh <wh>', 'energy', whole)
    .requiredOption('--price <limit>', 'limit in minor units per MWh', whole)
    .addOption(
      new Option('--time-in-force <rule>', 'for what does not trade at once')
        .choices(['gtd', 'ioc', 'fok'])
        .default('gtd'),
    )
    .option('--expires-at <instant>', 'when it waits no longer (default: the gate)')
    .option('--id <id>', 'of the order (default: drawn)')
    .option(...DIR)
    .addHelpText('after', HELP)
    .action(async (options: OrderOptions, command: Command) => {
      const { parseInstant } = await import('#core');
      const { intradayPlace, placeIntradayOrder } = await import('./intraday-orders.ts');
      const { SiteDirectory } = await import('../node/site-directory.ts');
      const { session, id, side, quantityWh, price: pricePerMwh, timeInForce, startsAt, expiresAt } = options;
      const place = await intradayPlace(new SiteDirectory(resolve(options.dir)));
      const draft = { session, id, side, quantityWh, pricePerMwh, timeInForce };
      const result = await placeIntradayOrder(place, {
        ...draft,
        startMs: parseInstant(startsAt),
        expiresAtMs: expiresAt === undefined ? null : parseInstant(expiresAt),
      });
      output(command).result(result, textOf(result));
    });
}

function registerCancel(order: Command, output: (command: Command) => CommandOutput): void {
  order
    .command('cancel')
    .description('withdraw what waits of an order')
    .requiredOption('--session <id>', 'its session')
    .requiredOption('--id <id>', 'of the order')
    .option(...DIR)
    .addHelpText('after', HELP)
    .action(async (options: DirectoryOption & { session: string; id: string }, command: Command) => {
      const { cancelIntradayOrder, intradayPlace } = await import('./intraday-orders.ts');
      const { SiteDirectory } = await import('../node/site-directory.ts');
      const place = await intradayPlace(new SiteDirectory(resolve(options.dir)));
      const result = await cancelIntradayOrder(place, options.session, options.id);
      output(command).result(result, textOf(result));
    });
}

const textOf = ({ id, state, filledWh, remainingWh }: IntradayResult): string =>
  `${id}: ${state.toLowerCase()}, ${filledWh} Wh traded, ${remainingWh} Wh waiting`;
