import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadConfig } from './config.ts';
import { replayClock } from './replay-clock.ts';

const loadWrong = () =>
  loadConfig({
    PORT: '70000',
    LOG_LEVEL: 'loud',
    DATABASE_URL: 'mysql://u:secret@h/d',
    GRIDCOMMONS_MAX_BODY_BYTES: '1e3',
  });

describe('loadConfig', () => {
  it('needs nothing', () => {
    expect(loadConfig({})).toMatchObject({
      dataDir: resolve('.gridcommons'),
      blobDir: resolve('.gridcommons/blobs'),
      host: '127.0.0.1',
      port: 3000,
      databaseUrl: undefined,
      redisUrl: undefined,
      production: false,
      limits: { blobBytes: 64 * 1_048_576 },
    });
  });

  it('takes an empty variable for none', () => {
    expect(loadConfig({ DATABASE_URL: '', REDIS_URL: '', PORT: '' })).toEqual(loadConfig({}));
  });

  it('names every problem at once and repeats no value', () => {
    expect(loadWrong).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    for (const name of ['PORT', 'LOG_LEVEL', 'DATABASE_URL', 'GRIDCOMMONS_MAX_BODY_BYTES'])
      expect(loadWrong).toThrow(name);
    expect(loadWrong).not.toThrow('secret');
  });

  it('refuses Redis without a database server', () => {
    expect(() => loadConfig({ REDIS_URL: 'redis://localhost' })).toThrow(/REDIS_URL: expected DATABASE_URL/);
  });

  it('takes all three settings of the anchor or none, and an address that is one', () => {
    const whole = {
      LEDGER_ANCHOR_RPC_URL: 'http://127.0.0.1:8545',
      LEDGER_ANCHOR_CONTRACT: `0x${'ab'.repeat(20)}`,
      LEDGER_ANCHOR_KEY_FILE: 'anchor.key',
    };
    expect(loadConfig({}).ledgerAnchor).toBeUndefined();
    expect(loadConfig(whole).ledgerAnchor).toEqual({
      rpcUrl: whole.LEDGER_ANCHOR_RPC_URL,
      contract: whole.LEDGER_ANCHOR_CONTRACT,
      keyFile: 'anchor.key',
    });
    expect(() => loadConfig({ ...whole, LEDGER_ANCHOR_KEY_FILE: '' })).toThrow(/together, or none/);
    expect(() => loadConfig({ ...whole, LEDGER_ANCHOR_CONTRACT: '0x12' })).toThrow(/40 hex digits/);
    expect(() => loadConfig({ ...whole, LEDGER_ANCHOR_RPC_URL: 'ws://h' })).toThrow(/http/);
  });

  it('takes all three settings of an identity provider or none, its keys by https', () => {
    const whole = {
      GRIDCOMMONS_OIDC_ISSUER: 'https://id.example',
      GRIDCOMMONS_OIDC_AUDIENCE: 'gridcommons',
      GRIDCOMMONS_OIDC_JWKS_URL: 'https://id.example/jwks',
    };
    expect(loadConfig({}).oidc).toBeUndefined();
    expect(loadConfig(whole).oidc).toEqual({
      issuer: whole.GRIDCOMMONS_OIDC_ISSUER,
      audience: whole.GRIDCOMMONS_OIDC_AUDIENCE,
      jwksUrl: whole.GRIDCOMMONS_OIDC_JWKS_URL,
    });
    const client = {
      GRIDCOMMONS_OIDC_CLIENT_ID: 'console',
      GRIDCOMMONS_OIDC_AUTHORIZE_URL: 'https://id.example/authorize',
      GRIDCOMMONS_OIDC_TOKEN_URL: 'https://id.example/token',
    };
    expect(loadConfig({ ...whole, ...client }).oidc?.client).toEqual({
      id: 'console',
      authorizeUrl: client.GRIDCOMMONS_OIDC_AUTHORIZE_URL,
      tokenUrl: client.GRIDCOMMONS_OIDC_TOKEN_URL,
    });
    expect(() => loadConfig(client)).toThrow(/beside GRIDCOMMONS_OIDC_ISSUER/);
    expect(() => loadConfig({ ...whole, GRIDCOMMONS_OIDC_CLIENT_ID: 'console' })).toThrow(/together/);
    expect(() =>
      loadConfig({ ...whole, ...client, GRIDCOMMONS_OIDC_TOKEN_URL: 'http://id.example/token' }),
    ).toThrow(/https/);
    expect(() => loadConfig({ ...whole, GRIDCOMMONS_OIDC_AUDIENCE: '' })).toThrow(/together, or none/);
    expect(() => loadConfig({ ...whole, GRIDCOMMONS_OIDC_JWKS_URL: 'http://id.example/jwks' })).toThrow(
      /https/,
    );
  });
});

describe('replayClock', () => {
  it('stands at the instant in its file and moves when the file changes', () => {
    const directory = mkdtempSync(join(tmpdir(), 'gridcommons-clock-'));
    const file = join(directory, 'clock');
    writeFileSync(file, '2026-03-29T00:00:00Z\n');
    const clock = replayClock(file);
    expect(clock.nowMs()).toBe(Date.UTC(2026, 2, 29));
    writeFileSync(file, '2026-03-30T00:00:00+02:00');
    utimesSync(file, 1, 1);
    expect(clock.nowMs()).toBe(Date.UTC(2026, 2, 29, 22));
    writeFileSync(file, 'yesterday');
    expect(() => clock.nowMs()).toThrow(expect.objectContaining({ code: 'INSTANT_MALFORMED' }));
    rmSync(directory, { recursive: true });
  });
});
