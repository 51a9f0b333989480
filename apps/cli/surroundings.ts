import type { CommandNode } from './command-tree.ts';

type Item = readonly [term: string, meaning: string];

const has = ({ options }: CommandNode, name: string): boolean =>
  options.some(({ names }) => names.includes(name));

/** Variables of the environment that a command heeds. */
export function environmentOf(node: CommandNode): readonly Item[] {
  return [
    ...(has(node, '--data-dir') ? [['GRIDCOMMONS_DATA_DIR', 'stands in for --data-dir'] as const] : []),
    ...(has(node, '--platform') && has(node, '--data-dir')
      ? [['HOST, PORT', 'where the platform of this machine listens'] as const]
      : []),
    ['NO_COLOR', 'where set and not empty: no colours'],
    ['FORCE_COLOR', 'colours where the output is no terminal, too'],
  ];
}

/** Files that a command reads or writes without being told their names. */
export function filesOf(node: CommandNode): readonly Item[] {
  return [
    ...(has(node, '--key-file')
      ? [['.gridcommons/operator.key', 'API key of the operator, unless --key-file names another'] as const]
      : []),
    ...(has(node, '--dir')
      ? [['.gridcommons-participant', 'directory of the participant, unless --dir names another'] as const]
      : []),
  ];
}
