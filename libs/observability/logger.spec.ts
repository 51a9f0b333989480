import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { createLogger } from './logger.ts';

describe('createLogger', () => {
  it('keeps secrets out of the log, by name and two levels down', () => {
    const lines: string[] = [];
    const sink = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    });
    const logger = createLogger('info', sink);
    const secret = 'gck_never_seen';
    logger.info(
      { authorization: secret, token: secret, key: secret, privateKey: secret, signature: secret },
      'top',
    );
    logger.info(
      { headers: { authorization: secret, 'gridcommons-signature': secret, cookie: secret } },
      'one down',
    );
    logger.info({ req: { headers: { authorization: secret } } }, 'two down');
    expect(lines).toHaveLength(3);
    expect(lines.join('')).not.toContain(secret);
    expect(lines.join('')).toContain('[redacted]');
  });

  it('keeps the values of a failed statement out of the log', () => {
    const lines: string[] = [];
    const sink = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    });
    const value = '31415926';
    const driverError = Object.assign(new Error('duplicate key'), { detail: `(quantity_wh)=(${value})` });
    const failed = Object.assign(new Error('duplicate key'), {
      query: 'INSERT INTO market_order VALUES ($1)',
      parameters: [value],
      detail: driverError.detail,
      driverError,
    });
    createLogger('info', sink).error({ err: failed }, 'unexpected error');
    expect(lines.join('')).toContain('INSERT INTO market_order');
    expect(lines.join('')).not.toContain(value);
  });
});
