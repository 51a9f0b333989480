import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { commandLineEnvironment } from './command-line.ts';

describe('commandLineEnvironment', () => {
  it.each([
    [{}, join(homedir(), '.config/gridcommons/config.json')],
    [{ XDG_CONFIG_HOME: '/x' }, '/x/gridcommons/config.json'],
    [{ XDG_CONFIG_HOME: '/x', GRIDCOMMONS_CONFIG: '/y/c.json' }, '/y/c.json'],
    [{ XDG_CONFIG_HOME: '', GRIDCOMMONS_CONFIG: '' }, join(homedir(), '.config/gridcommons/config.json')],
  ])('of %j has its file at %s', (env, configFile) => {
    expect(commandLineEnvironment(env).configFile).toBe(configFile);
  });

  it('takes an empty variable for none, and no other variables', () => {
    const env = {
      GRIDCOMMONS_PROFILE: '',
      GRIDCOMMONS_PLATFORM: '',
      GRIDCOMMONS_OUTPUT: 'json',
      PATH: '/bin',
    };
    expect(commandLineEnvironment(env)).toMatchObject({
      profile: undefined,
      variables: { GRIDCOMMONS_OUTPUT: 'json' },
    });
    expect(Object.keys(commandLineEnvironment(env).variables)).toEqual(['GRIDCOMMONS_OUTPUT']);
  });
});
