import { Argument, type Command } from 'commander';
import { commandTree } from '../command-tree.ts';
import type { OutputOf } from '../output.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

const HELP = `
The script knows verbs, options and the words that options take; where an option takes a file it offers files. It is made from
the version that prints it.

Examples:
  source <(gridcommons completion bash)                                       # in ~/.bashrc
  source <(gridcommons completion zsh)                                        # in ~/.zshrc, after compinit
  gridcommons completion fish > ~/.config/fish/completions/gridcommons.fish`;

/** `completion`: what a shell needs to complete command lines. */
export function registerCompletionCommand(program: Command, outputOf: OutputOf): void {
  program
    .command('completion')
    .description('print a script with which a shell completes command lines')
    .addArgument(new Argument('<shell>', 'which').choices(SHELLS))
    .addHelpText('after', HELP)
    .action(async (shell: (typeof SHELLS)[number], _options: object, command: Command) => {
      const { completionScript } = await import('./completion-script.ts');
      const script = completionScript(shell, commandTree(program));
      outputOf(command).result({ shell, script }, script.trimEnd());
    });
}
