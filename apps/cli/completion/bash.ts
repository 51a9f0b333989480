import { optionsByValues, type Place, quoted, type Values, variadicPatterns } from './words.ts';

/** `source <(gridcommons completion bash)`. Words stand one a line, so that names of files may have spaces. */
export function bashScript(places: readonly Place[]): string {
  const paths = places.slice(1).map(({ path }) => quoted(path));
  const values = optionsByValues(places).map((each) => `    ${each.patterns.join('|')}) ${offer(each.values)}; return ;;`); // prettier-ignore
  return `# Completion of gridcommons for bash: source <(gridcommons completion bash)
_gridcommons() {
  local IFS=$'\\n' cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} path='' last='' i
  COMPREPLY=()
  [[ $cur == '=' ]] && cur=''
  [[ $prev == '=' ]] && prev=\${COMP_WORDS[COMP_CWORD-2]}
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ \${COMP_WORDS[i]} == -* ]] && last=\${COMP_WORDS[i]}
    case "$path \${COMP_WORDS[i]}" in
    ${paths.join('|')}) path="$path \${COMP_WORDS[i]}" ;;
    esac
  done
  case "$path $last" in
    ${variadicPatterns(places).join('|')}) [[ $cur != -* ]] && prev=$last ;;
  esac
  case "$path $prev" in
${values.join('\n')}
  esac
  case "$path" in
${places.map(placeCase).join('\n')}
  esac
}
complete -F _gridcommons gridcommons
`;
}

function placeCase({ path, commands, options, arguments: values }: Place): string {
  const words = [...commands, ...options].map(({ word }) => word);
  const all = values === null ? words : [...words, ...values.choices];
  const files = values === null || values.kind === 'text' ? '' : `; [[ $cur != -* ]] && ${filesOf(values)}`;
  return `    ${quoted(path)}) COMPREPLY=($(compgen -W $${quoted(all.join('\\n'))} -- "$cur"))${files} ;;`;
}

function offer(values: Values): string {
  if (values.choices.length > 0)
    return `COMPREPLY=($(compgen -W $${quoted(values.choices.join('\\n'))} -- "$cur"))`;
  return values.kind === 'text' ? ':' : filesOf(values);
}

const filesOf = ({ kind }: Values): string =>
  `compopt -o filenames 2>/dev/null; COMPREPLY+=($(compgen ${kind === 'directory' ? '-d' : '-f'} -- "$cur"))`;
