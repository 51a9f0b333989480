import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Json } from '#core';
import { DurableLog, writeDurably } from './durable-log.ts';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'durable-'));
  file = join(directory, 'said.jsonl');
});
afterEach(() => rmSync(directory, { recursive: true }));

const written = (entries: readonly unknown[]): void => {
  const log = DurableLog.open(file);
  for (const entry of entries) log.append(entry);
};
const reopened = () => DurableLog.open<Json>(file).entries;

describe('a durable log', () => {
  it('is empty before the first entry and makes no file by being opened', () => {
    expect(reopened()).toEqual([]);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('holds what was appended, in order, after every opening; its owner alone reads it', () => {
    written([{ kind: 'deal' }, 'ä\nb']);
    written([3]);
    expect(reopened()).toEqual([{ kind: 'deal' }, 'ä\nb', 3]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each(['{"kind":"upl', '{"a":"ä', '7', '\u0000\u0000'])(
    'forgets a last line that never finished (%j) and goes on after it',
    (torn) => {
      written([1, 2]);
      appendFileSync(file, Buffer.from(torn).subarray(0, Buffer.byteLength(torn)));
      expect(reopened()).toEqual([1, 2]);
      written([3]);
      expect(readFileSync(file, 'utf8')).toBe('1\n2\n3\n');
    },
  );

  it('cut at any byte keeps a prefix of whole entries', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 6 }), fc.nat(), (values, place) => {
        // As JSON has them: −0 is 0.
        const entries = JSON.parse(JSON.stringify(values)) as Json[];
        rmSync(file, { force: true });
        written(entries);
        const bytes = entries.length === 0 ? Buffer.alloc(0) : readFileSync(file);
        const kept = bytes.subarray(0, place % (bytes.length + 1));
        writeFileSync(file, kept);
        const whole = kept.filter((byte) => byte === 0x0a).length;
        expect(reopened()).toEqual(entries.slice(0, whole));
        expect(statSync(file).size).toBe(kept.lastIndexOf(0x0a) + 1);
      }),
      { numRuns: 50 },
    );
  });

  it.each(['{"secret":"0123', '', 'undefined'])('refuses to guess what a finished line said: %j', (line) => {
    written([1]);
    appendFileSync(file, `${line}\n2\n`);
    const before = readFileSync(file);
    expect(reopened).toThrow(expect.objectContaining({ code: 'LOG_CORRUPT', data: { file, line: 2 } }));
    expect(reopened).toThrow(`expected JSON in line 2 of ${file}, got something else`);
    expect(readFileSync(file)).toEqual(before);
  });
});

describe('writeDurably', () => {
  it('replaces a file whole, for its owner alone, whatever an earlier try left behind', () => {
    writeDurably(file, 'old');
    writeFileSync(`${file}.tmp`, 'half of somethi');
    writeDurably(file, Uint8Array.of(1, 2, 3));
    expect([...readFileSync(file)]).toEqual([1, 2, 3]);
    expect(readdirSync(directory)).toEqual(['said.jsonl']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
