import type { CommandLineEnvironment, CommandLineVariable } from '#config';
import { DomainError } from '#core';
import { looksSecret } from './secret.ts';

/** Something a person may set once instead of on every call. */
export interface Setting {
  /** In the file and of `config get|set`. */
  readonly key: SettingKey;
  /** The option that stands above it, and its name in commander's values. */
  readonly option: string;
  readonly attribute: string;
  readonly variable: CommandLineVariable;
  readonly description: string;
  /** Paths are kept absolute: a relative one would mean another file in each directory. */
  readonly isPath: boolean;
}

export const SETTING_KEYS = ['platform', 'key-file', 'data-dir', 'participant-dir', 'output'] as const;
export type SettingKey = (typeof SETTING_KEYS)[number];

export const SETTINGS: readonly Setting[] = [
  {
    key: 'platform',
    option: '--platform',
    attribute: 'platform',
    variable: 'GRIDCOMMONS_PLATFORM',
    description: 'address of the platform',
    isPath: false,
  },
  {
    key: 'key-file',
    option: '--key-file',
    attribute: 'keyFile',
    variable: 'GRIDCOMMONS_KEY_FILE',
    description: 'file that holds the API key',
    isPath: true,
  },
  {
    key: 'data-dir',
    option: '--data-dir',
    attribute: 'dataDir',
    variable: 'GRIDCOMMONS_DATA_DIR',
    description: "the platform's directory",
    isPath: true,
  },
  {
    key: 'participant-dir',
    option: '--dir',
    attribute: 'dir',
    variable: 'GRIDCOMMONS_PARTICIPANT_DIR',
    description: "the participant's directory",
    isPath: true,
  },
  {
    key: 'output',
    option: '--json',
    attribute: 'json',
    variable: 'GRIDCOMMONS_OUTPUT',
    description: 'text or json',
    isPath: false,
  },
];

export type Profile = Readonly<Partial<Record<SettingKey, string>>>;

/** A value and what said so; `default` where nothing did. */
export interface SettingValue {
  readonly value: string;
  readonly source: 'environment' | 'profile';
  /** The variable or the profile. */
  readonly from: string;
}

/** @throws CONFIG_KEY_UNKNOWN */
export function settingOf(key: string): Setting {
  const setting = SETTINGS.find((each) => each.key === key);
  if (setting !== undefined) return setting;
  const name = looksSecret(key) ? 'what looks like a key of a platform' : key;
  throw new DomainError('CONFIG_KEY_UNKNOWN', `expected one of ${SETTING_KEYS.join(', ')}, got ${name}`);
}

/** Environment above profile; null where neither says anything. @throws CONFIG_VALUE_INVALID, CONFIG_VALUE_SECRET of a variable */
export function settingValue(
  { key, variable }: Setting,
  { variables }: Pick<CommandLineEnvironment, 'variables'>,
  profile: { readonly name: string; readonly values: Profile },
): SettingValue | null {
  const told = variables[variable];
  if (told !== undefined) return { value: requireValue(key, told, variable), source: 'environment', from: variable }; // prettier-ignore
  const kept = profile.values[key];
  return kept === undefined ? null : { value: kept, source: 'profile', from: profile.name };
}

/** The value, if it may stand there; what it was is never repeated. @throws CONFIG_VALUE_SECRET, CONFIG_VALUE_INVALID */
export function requireValue(key: SettingKey, value: string, where: string = key): string {
  if (looksSecret(value) || hasCredentials(value)) {
    throw new DomainError(
      'CONFIG_VALUE_SECRET',
      `expected in ${where} the name of a file that holds the key, or an address without credentials, got what looks like a key`,
      'invalid',
      { key },
    );
  }
  const expected = expectation(key, value);
  if (expected === null) return value;
  throw new DomainError('CONFIG_VALUE_INVALID', `expected ${expected} in ${where}`, 'invalid', { key });
}

const LONGEST = 2_000;

/** What is expected instead; null where the value is as it should be. */
function expectation(key: SettingKey, value: string): string | null {
  if (value.trim() === '' || value.length > LONGEST || /\p{Cc}/u.test(value))
    return `1–${LONGEST} characters without control characters`;
  if (key === 'output') return ['text', 'json'].includes(value) ? null : 'text or json';
  return key !== 'platform' || isAddress(value)
    ? null
    : 'an address such as http://127.0.0.1:3000, without a query,';
}

function isAddress(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, search, hash } = new URL(value);
  return ['http:', 'https:'].includes(protocol) && search === '' && hash === '';
}

function hasCredentials(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { username, password } = new URL(value);
  return username !== '' || password !== '';
}
