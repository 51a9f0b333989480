import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

const VARIABLES = [
  'GRIDCOMMONS_PLATFORM',
  'GRIDCOMMONS_KEY_FILE',
  'GRIDCOMMONS_DATA_DIR',
  'GRIDCOMMONS_PARTICIPANT_DIR',
  'GRIDCOMMONS_OUTPUT',
] as const;

export type CommandLineVariable = (typeof VARIABLES)[number];

/** What the command line is told by the environment; an empty variable is none. */
export interface CommandLineEnvironment {
  /** Absolute path of the configuration file, which need not exist. */
  readonly configFile: string;
  readonly profile: string | undefined;
  readonly variables: Readonly<Partial<Record<CommandLineVariable, string>>>;
}

export function commandLineEnvironment(
  env: Readonly<Record<string, string | undefined>> = process.env,
): CommandLineEnvironment {
  const home = env['XDG_CONFIG_HOME'] || join(homedir(), '.config');
  return {
    configFile: resolve(env['GRIDCOMMONS_CONFIG'] || join(home, 'gridcommons', 'config.json')),
    profile: env['GRIDCOMMONS_PROFILE'] || undefined,
    variables: Object.fromEntries(VARIABLES.flatMap((name) => (env[name] ? [[name, env[name]]] : []))),
  };
}
