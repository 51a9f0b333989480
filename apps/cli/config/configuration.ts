import type { Command } from 'commander';
import type { CommandLineEnvironment } from '#config';
import { DomainError } from '#core';
import { trace } from '../terminal.ts';
import { type ConfigFile, readConfigFile, requireProfileName } from './config-file.ts';
import { type Profile, settingOf, SETTINGS, settingValue } from './settings.ts';

const DEFAULT_PROFILE = 'default';

/** Where values come from that no option gives. */
export interface Configuration {
  readonly environment: CommandLineEnvironment;
  readonly file: ConfigFile;
  readonly profile: { readonly name: string; readonly values: Profile };
}

/** Which profile is meant: the option's, the variable's, `default`. @throws PROFILE_NAME_INVALID */
export const profileName = (option: string | undefined, { profile }: CommandLineEnvironment): string =>
  requireProfileName(option ?? profile ?? DEFAULT_PROFILE);

/** @throws CONFIG_FILE_INVALID, CONFIG_VALUE_SECRET, PROFILE_NAME_INVALID, PROFILE_UNKNOWN where one was named */
export function loadConfiguration(
  option: string | undefined,
  environment: CommandLineEnvironment,
): Configuration {
  const name = profileName(option, environment);
  const file = readConfigFile(environment.configFile);
  if (Object.hasOwn(file, name)) return { environment, file, profile: { name, values: file[name]! } };
  if (name === DEFAULT_PROFILE) return { environment, file, profile: { name, values: {} } };
  const known = Object.keys(file);
  throw new DomainError(
    'PROFILE_UNKNOWN',
    `expected a profile of ${environment.configFile} (${known.join(', ') || 'it has none'}), got ${name}`,
    'not-found',
    { profile: name },
  );
}

/** Gives a verb the values that its command line leaves open: of the environment, else of the profile. @throws CONFIG_VALUE_… */
export function configure(verb: Command, { environment, profile }: Configuration): void {
  for (const setting of SETTINGS) {
    const { attribute, key } = setting;
    const open = [undefined, 'default'].includes(verb.getOptionValueSource(attribute));
    if (key === 'output' || !open || !verb.options.some((each) => each.attributeName() === attribute))
      continue;
    const found = settingValue(setting, environment, profile);
    if (found === null) continue;
    trace(`${setting.option} ${found.value}, by ${found.source} ${found.from}`);
    verb.setOptionValueWithSource(attribute, found.value, found.source === 'environment' ? 'env' : 'config');
  }
}

/** Whether results are wanted as JSON where no option says so. @throws CONFIG_VALUE_… */
export const prefersJson = ({ environment, profile }: Configuration): boolean =>
  settingValue(settingOf('output'), environment, profile)?.value === 'json';
