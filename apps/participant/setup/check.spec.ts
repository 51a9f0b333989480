import { describe, expect, it } from '@jest/globals';
import { checksText, failed, ok, requirePassed, warning } from './check.ts';

const DOWN = failed('platform', { code: 'PLATFORM_UNAVAILABLE', found: 'nobody answers', todo: 'start it' });
const EMPTY = failed('data', { code: 'CSV_EMPTY', found: 'no rows', todo: 'another file' });
const SLOW = warning('clock', { code: 'CLOCK_OFF', found: '3 s', todo: 'NTP' });

describe('requirePassed', () => {
  it('lets what is ok and what is doubtful pass', () => {
    expect(() => requirePassed([ok('node', 'v24'), SLOW])).not.toThrow();
  });

  it('names what failed and what to do, and only a platform that is down may be waited for', () => {
    expect(() => requirePassed([SLOW, DOWN])).toThrow(
      expect.objectContaining({ code: 'PLATFORM_UNAVAILABLE', kind: 'unavailable' }),
    );
    expect(() => requirePassed([DOWN, SLOW, EMPTY])).toThrow(
      expect.objectContaining({
        code: 'CHECKS_FAILED',
        kind: 'invalid',
        message: expect.stringMatching(/start it\n[^]*no rows \(CSV_EMPTY\): another file$/),
        data: { failed: ['platform: PLATFORM_UNAVAILABLE', 'data: CSV_EMPTY'] },
      }),
    );
  });

  it('says each check in one line', () => {
    expect(checksText([ok('node', 'v24'), SLOW]).split('\n')).toEqual([
      'ok       node        v24',
      'warning  clock       3 s (CLOCK_OFF): NTP',
    ]);
  });
});
