import type { Command } from 'commander';
import type { OutputOf } from '../output.ts';

const HELP = `
A value comes from the option, else from the environment, else from the profile, else it is the default. Profiles stand in one
file, which only its owner can read; the profile is that of --profile, else of GRIDCOMMONS_PROFILE, else "default". Keys are
never kept there, only the names of the files that hold them.

  platform         --platform   GRIDCOMMONS_PLATFORM         http://HOST:PORT, by default http://127.0.0.1:3000
  key-file         --key-file   GRIDCOMMONS_KEY_FILE         operator.key of the data directory
  data-dir         --data-dir   GRIDCOMMONS_DATA_DIR         .gridcommons
  participant-dir  --dir        GRIDCOMMONS_PARTICIPANT_DIR  .gridcommons-participant
  output           --json       GRIDCOMMONS_OUTPUT           text

Examples:
  gridcommons config set platform https://market.example
  gridcommons config set key-file ./buyer.key --profile buyer
  gridcommons config get platform
  gridcommons config list --profile buyer
  gridcommons config unset platform
  gridcommons config path`;

const KEY = ['<key>', 'platform, key-file, data-dir, participant-dir or output'] as const;

/** `config …`: what need not be said on every call. */
export function registerConfigCommands(program: Command, outputOf: OutputOf): void {
  const config = program
    .command('config')
    .description('what need not be said on every call: platform, key file, directories, output')
    .addHelpText('after', HELP);
  const profileOf = (): string | undefined => program.opts<{ profile?: string }>().profile;
  config
    .command('get')
    .description('one value as verbs would see it')
    .argument(...KEY)
    .action(async (key: string, _options: object, command: Command) => {
      const { getSetting } = await import('./config-verbs.ts');
      getSetting(key, profileOf(), outputOf(command));
    });
  config
    .command('list')
    .description('all values, and where each comes from')
    .action(async (_options: object, command: Command) => {
      const { listSettings } = await import('./config-verbs.ts');
      listSettings(profileOf(), outputOf(command));
    });
  config
    .command('set')
    .description('keep a value in the profile')
    .argument(...KEY)
    .argument('<value>', 'a path is kept as an absolute one')
    .action(async (key: string, value: string, _options: object, command: Command) => {
      const { setSetting } = await import('./config-verbs.ts');
      setSetting(key, value, profileOf(), outputOf(command));
    });
  config
    .command('unset')
    .description('forget a value of the profile')
    .argument(...KEY)
    .action(async (key: string, _options: object, command: Command) => {
      const { unsetSetting } = await import('./config-verbs.ts');
      unsetSetting(key, profileOf(), outputOf(command));
    });
  config
    .command('path')
    .description('the file of the profiles')
    .action(async (_options: object, command: Command) => {
      const { tellPath } = await import('./config-verbs.ts');
      tellPath(outputOf(command));
    });
}
