import type { Place, Values } from './words.ts';

/** `gridcommons completion fish | source`. */
export function fishScript(places: readonly Place[]): string {
  return `# Completion of gridcommons for fish: gridcommons completion fish | source
function __gridcommons_path
  set -l path ''
  set -l words (commandline -opc)
  for word in $words[2..-1]
    switch "$path $word"
      case ${places
        .slice(1)
        .map(({ path }) => quoted(path))
        .join(' ')}
        set path "$path $word"
    end
  end
  printf '%s' "$path"
end
function __gridcommons_at
  test (__gridcommons_path | string collect --allow-empty) = "$argv[1]"
end
function __gridcommons_after
  set -l options (string match -- '-*' (commandline -opc))
  test (__gridcommons_path | string collect --allow-empty)" $options[-1]" = "$argv[1]"
end
complete -c gridcommons -f
${places.flatMap((place) => [...linesOf(place), ...moreValues(place)]).join('\n')}
`;
}

/** Behind the first value of an option that takes several. */
const moreValues = ({ path, options }: Place): string[] =>
  options.flatMap(({ word, values }) =>
    values?.variadic === true
      ? argumentLines(
          `complete -c gridcommons -n ${quoted(`__gridcommons_after ${quoted(`${path} ${word}`)}`)}`,
          values,
        )
      : [],
  );

function linesOf({ path, commands, options, arguments: values }: Place): string[] {
  const at = `complete -c gridcommons -n ${quoted(`__gridcommons_at ${quoted(path)}`)}`;
  return [
    ...commands.map(({ word, description }) => `${at} -a ${quoted(word)} -d ${quoted(description)}`),
    ...(values === null ? [] : argumentLines(at, values)),
    ...options.map(
      (option) =>
        `${at} -l ${option.word.slice(2)} -d ${quoted(option.description)}${option.values === null ? '' : valueFlags(option.values)}`,
    ),
  ];
}

function argumentLines(at: string, { kind, choices }: Values): string[] {
  if (choices.length > 0) return [`${at} -a ${quoted(choices.join(' '))}`];
  if (kind === 'text') return [];
  return [kind === 'directory' ? `${at} -a '(__fish_complete_directories)'` : `${at} -F`];
}

function valueFlags({ kind, choices }: Values): string {
  if (choices.length > 0) return ` -x -a ${quoted(choices.join(' '))}`;
  if (kind === 'text') return ' -x';
  return kind === 'directory' ? " -x -a '(__fish_complete_directories)'" : ' -r -F';
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
