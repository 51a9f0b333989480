import type { CommandNode } from './command-tree.ts';
import { SETTINGS } from './config/settings.ts';

type Item = readonly [term: string, meaning: string];

const has = ({ options }: CommandNode, name: string): boolean =>
  options.some(({ names }) => names.includes(name));

/** Variables of the environment that a command heeds. */
export function environmentOf(node: CommandNode): readonly Item[] {
  const settings = SETTINGS.filter(({ key, option }) => key !== 'output' && has(node, option));
  return [
    ...settings.map(({ variable, option }): Item => [variable, `stands in for ${option}`]),
    ...(has(node, '--platform') && has(node, '--data-dir')
      ? [['HOST, PORT', 'where the platform of this machine listens'] as const]
      : []),
    ['GRIDCOMMONS_OUTPUT', 'text or json; json stands in for --json'],
    ['GRIDCOMMONS_PROFILE', 'stands in for --profile'],
    ['GRIDCOMMONS_CONFIG', 'another file of profiles'],
    ['NO_COLOR', 'where set and not empty: no colours'],
    ['FORCE_COLOR', 'colours where the output is no terminal, too'],
  ];
}

/** Files that a command reads or writes without being told their names. */
export const filesOf = (node: CommandNode): readonly Item[] => [
  ['~/.config/gridcommons/config.json', 'profiles, see `gridcommons config`'],
  ...(has(node, '--key-file')
    ? [['.gridcommons/operator.key', 'API key of the operator, unless --key-file names another'] as const]
    : []),
  ...(has(node, '--dir')
    ? [['.gridcommons-participant', 'directory of the participant, unless --dir names another'] as const]
    : []),
];
