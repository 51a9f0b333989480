import type { AddHelpTextContext, Command } from 'commander';

/** Help that is asked of a command which does not exist is that mistake, not the help of its group. */
export function refuseUnknownCommand({ command }: AddHelpTextContext): void {
  const [first, second] = command.args;
  const asked = first === 'help' ? second : first;
  if (command.commands.length === 0 || asked === undefined || asked.startsWith('-')) return;
  if (knows(command, asked)) return;
  command.error(`error: unknown command '${asked}'`, { code: 'commander.unknownCommand' });
}

const knows = (command: Command, name: string): boolean =>
  command.commands.some((each) => each.name() === name || each.aliases().includes(name));
