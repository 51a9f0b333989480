import { describe, expect, it } from '@jest/globals';
import { type Bytes, canonicalJson, concat, type Json, utf8 } from '#core';
import type { AnyMessage } from '#federation';
import { appendEntry } from './chain.ts';
import { parseTranscript, serializeTranscript, TRANSCRIPT_FORMAT } from './file.ts';

const MESSAGE: AnyMessage = {
  cardHash: 'c'.repeat(64),
  round: 1,
  kind: 'reveal',
  sender: 'north',
  payload: { nonce: 'a'.repeat(64) },
  signature: 'e'.repeat(128),
};
const ENTRY = await appendEntry(null, MESSAGE);
const BLOBS = new Map([['b'.repeat(64), Uint8Array.of(1, 2, 3, 4)]]);
const FILE = serializeTranscript({ entries: [ENTRY], blobs: BLOBS });
const TEXT = new TextDecoder().decode(FILE);

const document = (fields: Readonly<Record<string, Json>>): Bytes => utf8(`${canonicalJson(fields)}\n`);
const wholeEntry: Json = JSON.parse(JSON.stringify(ENTRY));
const whole = { format: TRANSCRIPT_FORMAT, entries: [wholeEntry], blobs: {} };

describe('transcript file', () => {
  it('reads back as what was written, and again as the same bytes', () => {
    const transcript = parseTranscript(FILE);
    expect(transcript).toEqual({ entries: [ENTRY], blobs: BLOBS });
    expect(serializeTranscript(transcript)).toEqual(FILE);
    expect(parseTranscript(document(whole)).blobs.size).toBe(0);
  });

  it.each<[string, Bytes, string]>([
    ['nothing', new Uint8Array(0), 'TRANSCRIPT_MALFORMED'],
    ['bytes that are no UTF-8', Uint8Array.of(0x22, 0xff, 0x22, 0x0a), 'TRANSCRIPT_MALFORMED'],
    ['brackets without end', utf8(`${'['.repeat(1e5)}${']'.repeat(1e5)}\n`), 'TRANSCRIPT_MALFORMED'],
    ['a byte order mark', concat(Uint8Array.of(0xef, 0xbb, 0xbf), FILE), 'TRANSCRIPT_MALFORMED'],
    ['no newline', FILE.slice(0, -1), 'TRANSCRIPT_NOT_CANONICAL'],
    ['a second newline', concat(FILE, utf8('\n')), 'TRANSCRIPT_NOT_CANONICAL'],
    ['white space', concat(utf8(' '), FILE), 'TRANSCRIPT_NOT_CANONICAL'],
    ['a repeated field', utf8(TEXT.replace('{"blobs":', '{"blobs":{},"blobs":')), 'TRANSCRIPT_NOT_CANONICAL'],
    ['an escape nobody needs', utf8(TEXT.replace('north', '\\u006eorth')), 'TRANSCRIPT_NOT_CANONICAL'],
    [
      'a number written otherwise',
      utf8(TEXT.replace('"index":0', '"index":0.0')),
      'TRANSCRIPT_NOT_CANONICAL',
    ],
    ['an infinite number', utf8(TEXT.replace('"index":0', '"index":1e999')), 'JSON_NOT_CANONICAL'],
    ['another document', document({}), 'TRANSCRIPT_MALFORMED'],
    ['a list', utf8('[]\n'), 'TRANSCRIPT_MALFORMED'],
    ['another format', document({ ...whole, format: 'gridcommons/transcript/2' }), 'TRANSCRIPT_MALFORMED'],
    ['a field too many', document({ ...whole, note: '' }), 'TRANSCRIPT_MALFORMED'],
    ['no entries', document({ ...whole, entries: [] }), 'TRANSCRIPT_MALFORMED'],
    [
      'an entry of another shape',
      document({ ...whole, entries: [{ message: null }] }),
      'TRANSCRIPT_MALFORMED',
    ],
    ['a message of another shape', utf8(TEXT.replace('"nonce"', '"other"')), 'MESSAGE_MALFORMED'],
    ['a blob under no hash', document({ ...whole, blobs: { first: '' } }), 'TRANSCRIPT_MALFORMED'],
    [
      'a blob that is no text',
      document({ ...whole, blobs: { ['d'.repeat(64)]: 1 } }),
      'TRANSCRIPT_MALFORMED',
    ],
    ['stray bits in base64', utf8(TEXT.replace('AQIDBA==', 'AQIDBB==')), 'BASE64_MALFORMED'],
  ])('refuses %s', (_name, file, code) => {
    expect(() => parseTranscript(file)).toThrow(expect.objectContaining({ code }));
  });

  it('refuses what is too large before reading it', () => {
    expect(() => parseTranscript(new Uint8Array(384 * 2 ** 20 + 1))).toThrow(
      expect.objectContaining({ code: 'TRANSCRIPT_TOO_LARGE' }),
    );
  });
});
