import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DomainError } from '#core';
import { requireInput } from '#inputs';
import { z } from 'zod';
import { type Profile, requireValue, SETTING_KEYS } from './settings.ts';

const MAX_BYTES = 65_536;
const PROFILE_NAME = /^[A-Za-z0-9][\w-]{0,39}$/;

const CONFIG = z.strictObject({
  profiles: z.record(z.string(), z.partialRecord(z.enum(SETTING_KEYS), z.string())),
});

export type ConfigFile = Readonly<Record<string, Profile>>;

/** @throws PROFILE_NAME_INVALID */
export function requireProfileName(name: string): string {
  if (PROFILE_NAME.test(name)) return name;
  throw new DomainError('PROFILE_NAME_INVALID', 'expected a profile of 1–40 letters, digits, - and _');
}

/** The profiles of a file, none where there is no file. @throws CONFIG_FILE_INVALID with what is wrong with it */
export function readConfigFile(path: string): ConfigFile {
  if (!existsSync(path)) return {};
  try {
    if (statSync(path).size > MAX_BYTES) throw new RangeError(`more than ${MAX_BYTES} bytes`);
    const { profiles } = requireInput(JSON.parse(readFileSync(path, 'utf8')), CONFIG);
    for (const [name, values] of Object.entries(profiles)) {
      requireProfileName(name);
      for (const key of SETTING_KEYS) {
        const value = values[key];
        if (value !== undefined) requireValue(key, value, `${name}.${key}`);
      }
    }
    return profiles;
  } catch (error) {
    // The parser's own words would repeat what stands in the file.
    const reason = error instanceof SyntaxError ? 'no JSON' : (error as Error).message;
    const code = error instanceof DomainError && error.code === 'CONFIG_VALUE_SECRET' ? error.code : 'CONFIG_FILE_INVALID'; // prettier-ignore
    throw new DomainError(code, `expected {"profiles": {name: {…}}} in ${path}: ${reason}`, 'invalid', {
      path,
    });
  }
}

/** Replaces the file as a whole; only its owner can read it. @throws FILE_UNWRITABLE */
export function writeConfigFile(path: string, profiles: ConfigFile): void {
  const partial = `${path}.${process.pid}.partial`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(partial, `${JSON.stringify({ profiles }, null, 2)}\n`, { flag: 'wx', mode: 0o600 });
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    const { code = 'an error' } = error as NodeJS.ErrnoException;
    throw new DomainError('FILE_UNWRITABLE', `expected to write ${path}, got ${code}`, 'conflict', { path });
  }
}
