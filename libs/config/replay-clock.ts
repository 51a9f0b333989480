import { readFileSync, statSync } from 'node:fs';
import { type Clock, parseInstant } from '#core';

/**
 * A business clock that stands at the ISO 8601 instant written in `file`, for replays of past days. Whoever replays
 * writes the file to move time on; it is read again when its modification time or size changes.
 * @throws INSTANT_MALFORMED when the file does not hold one instant; the file system's error when it cannot be read.
 */
export function replayClock(file: string): Clock {
  let seen = '';
  let nowMs = 0;
  const read = (): number => {
    const { mtimeMs, size } = statSync(file);
    const version = `${mtimeMs} ${size}`;
    if (version !== seen) {
      nowMs = parseInstant(readFileSync(file, 'utf8').trim());
      seen = version;
    }
    return nowMs;
  };
  read();
  return { nowMs: read };
}
