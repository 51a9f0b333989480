import { optionsByValues, type Place, quoted, type Values, variadicPatterns, type Word } from './words.ts';

/** A file `_gridcommons` on the fpath, or `source <(gridcommons completion zsh)` after compinit. */
export function zshScript(places: readonly Place[]): string {
  const paths = places.slice(1).map(({ path }) => quoted(path));
  const values = optionsByValues(places).map((each) => `    ${each.patterns.join('|')}) ${offer(each.values)}; return ;;`); // prettier-ignore
  return `#compdef gridcommons
# Completion of gridcommons for zsh: source <(gridcommons completion zsh)
_gridcommons() {
  local cur=$words[CURRENT] prev=$words[CURRENT-1] at='' last='' i
  local -a offered
  for ((i = 2; i < CURRENT; i++)); do
    [[ $words[i] == -* ]] && last=$words[i]
    case "$at $words[i]" in
      ${paths.join('|')}) at="$at $words[i]" ;;
    esac
  done
  case "$at $last" in
    ${variadicPatterns(places).join('|')}) [[ $cur != -* ]] && prev=$last ;;
  esac
  case "$at $prev" in
${values.join('\n')}
  esac
  case "$at" in
${places.map(placeCase).join('\n')}
  esac
}
if [[ $funcstack[1] == _gridcommons ]]; then _gridcommons "$@"; else compdef _gridcommons gridcommons; fi
`;
}

const described = ({ word, description }: Word): string =>
  quoted(`${word.replaceAll(':', '\\:')}:${description}`);

function placeCase({ path, commands, options, arguments: values }: Place): string {
  const lines = [
    ...(commands.length === 0
      ? []
      : [`offered=(${commands.map(described).join(' ')}); _describe command offered`]),
    ...(values === null ? [] : [offer(values)]),
    `[[ $cur == -* ]] && { offered=(${options.map(described).join(' ')}); _describe option offered }`,
  ];
  return `    ${quoted(path)}) ${lines.join('; ')} ;;`;
}

function offer({ kind, choices }: Values): string {
  if (choices.length > 0) return `compadd -- ${choices.map(quoted).join(' ')}`;
  if (kind === 'text') return ':';
  return kind === 'directory' ? '_files -/' : '_files';
}
