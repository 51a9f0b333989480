import { join, resolve } from 'node:path';
import { commandLineEnvironment, loadConfig } from '#config';
import type { Output } from '../output.ts';
import { readConfigFile, writeConfigFile } from './config-file.ts';
import { type Configuration, loadConfiguration, profileName } from './configuration.ts';
import { requireValue, type Setting, type SettingKey, settingOf, SETTINGS, settingValue } from './settings.ts'; // prettier-ignore

interface ResolvedSetting {
  readonly key: SettingKey;
  readonly value: string;
  readonly source: 'environment' | 'profile' | 'default';
  /** The variable or the profile that says so. */
  readonly from: string | null;
}

const resolved = (setting: Setting, configuration: Configuration): ResolvedSetting => {
  const found = settingValue(setting, configuration.environment, configuration.profile);
  if (found !== null) return { key: setting.key, ...found };
  return { key: setting.key, value: defaultOf(setting.key, configuration), source: 'default', from: null };
};

/** What verbs take where nothing is said. @throws CONFIG_INVALID of HOST and PORT */
function defaultOf(key: SettingKey, configuration: Configuration): string {
  const { host, port } = loadConfig();
  switch (key) {
    case 'platform':
      return `http://${host}:${port}`;
    case 'key-file':
      return join(resolved(settingOf('data-dir'), configuration).value, 'operator.key');
    case 'data-dir':
      return '.gridcommons';
    case 'participant-dir':
      return '.gridcommons-participant';
    case 'output':
      return 'text';
  }
}

/** @throws CONFIG_KEY_UNKNOWN, CONFIG_FILE_INVALID, CONFIG_VALUE_…, PROFILE_… */
export function getSetting(key: string, profile: string | undefined, output: Output): void {
  const found = resolved(settingOf(key), loadConfiguration(profile, commandLineEnvironment()));
  output.result(found, found.value);
}

/** @throws CONFIG_FILE_INVALID, CONFIG_VALUE_…, PROFILE_… */
export function listSettings(profile: string | undefined, output: Output): void {
  const configuration = loadConfiguration(profile, commandLineEnvironment());
  const settings = SETTINGS.map((setting) => resolved(setting, configuration));
  const lines = settings.map(({ key, value, source, from }) => `${key.padEnd(15)}  ${value}  (${[source, ...(from === null ? [] : [from])].join(' ')})`); // prettier-ignore
  output.result(
    { file: configuration.environment.configFile, profile: configuration.profile.name, settings },
    lines.join('\n'),
  );
}

/** @throws CONFIG_KEY_UNKNOWN, CONFIG_VALUE_SECRET, CONFIG_VALUE_INVALID, CONFIG_FILE_INVALID, FILE_UNWRITABLE */
export function setSetting(key: string, value: string, option: string | undefined, output: Output): void {
  const setting = settingOf(key);
  const checked = requireValue(setting.key, value);
  const kept = setting.isPath ? resolve(checked) : checked;
  const environment = commandLineEnvironment();
  const profile = profileName(option, environment);
  const file = readConfigFile(environment.configFile);
  const values = Object.hasOwn(file, profile) ? file[profile] : {};
  writeConfigFile(environment.configFile, { ...file, [profile]: { ...values, [setting.key]: kept } });
  output.result(
    { profile, key: setting.key, value: kept },
    `${setting.key} is ${kept} in profile ${profile}`,
  );
}

/** What is not there is forgotten already. @throws CONFIG_KEY_UNKNOWN, CONFIG_FILE_INVALID, PROFILE_UNKNOWN, FILE_UNWRITABLE */
export function unsetSetting(key: string, option: string | undefined, output: Output): void {
  const setting = settingOf(key);
  const { environment, file, profile } = loadConfiguration(option, commandLineEnvironment());
  const { [setting.key]: was, ...others } = profile.values;
  if (was !== undefined) writeConfigFile(environment.configFile, { ...file, [profile.name]: others });
  output.result(
    { profile: profile.name, key: setting.key, value: null },
    `${setting.key} is open in profile ${profile.name}`,
  );
}

export function tellPath(output: Output): void {
  const { configFile } = commandLineEnvironment();
  output.result({ file: configFile }, configFile);
}
