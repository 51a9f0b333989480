import { type Command, Option } from 'commander';
import type { GameKind } from '#studies';
import type { OutputOf } from '../output.ts';
import { readsFile } from '../file-verb.ts';

const KINDS = ['stackelberg', 'bilateral', 'multi-leader', 'demand-bidding'] satisfies GameKind[];

const GAME_HELP = `
Example:
  echo '{"k": [2, 3, 4], "c": 0.5}' | gridcommons market game --kind stackelberg --input - --json
  echo '{"a": 1, "members": [
    {"id": "north", "c": 0.5, "d": 1, "D": 4}, {"id": "south", "c": 0.3, "d": 1.5, "D": 2}
  ]}' | gridcommons market game --kind demand-bidding --input - --json`;

const DESIGN_HELP = `
Compares trading schemes on the same members by what they save, how evenly, own supply, peak and emissions; with
\`platforms\`, lets members choose between platforms too.

Example:
  echo '{"retail": 0.30, "feedIn": 0.08, "members": [
    {"id": "roof", "load": [0, 0], "generation": [4, 0]}, {"id": "home", "load": [2, 2], "stiffness": 0.1}
  ]}' | gridcommons market design --input -`;

/** `market game`, `market design`: what members and platforms do when they choose. */
export function registerGameCommands(market: Command, outputOf: OutputOf): void {
  const game = market
    .command('game')
    .description('find the equilibrium of a game')
    .addOption(new Option('--kind <kind>', 'which game').choices(KINDS).makeOptionMandatory())
    .addHelpText('after', GAME_HELP);
  readsFile(game, outputOf, async ({ kind }: { kind: GameKind }) =>
    (await import('./game.ts')).gameVerb(kind),
  );
  const design = market
    .command('design')
    .description('compare trading schemes on the same members')
    .addHelpText('after', DESIGN_HELP);
  readsFile(design, outputOf, async () => (await import('./design.ts')).designVerb);
}
