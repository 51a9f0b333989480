import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AnyMessage, MemberKind, Message } from '#federation';
import { SiteDirectory } from '../node/site-directory.ts';
import { Outbox } from './outbox.ts';

const CARD = 'c'.repeat(64);
let workspace: string;
let directory: SiteDirectory;
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'outbox-'));
  directory = new SiteDirectory(workspace);
});
afterEach(() => rmSync(workspace, { recursive: true }));

const message = (kind: MemberKind, round: number, blob: string): Message<MemberKind> => ({
  cardHash: CARD,
  round,
  kind,
  sender: 'org-0',
  payload: { blob: blob.repeat(64), bytes: 3 },
  signature: blob.repeat(128),
});

describe('what a site has said', () => {
  it('is kept with its bytes and its secret, for every later start', () => {
    const said = new Outbox(directory, CARD).record(
      message('upload', 1, 'a'),
      [Uint8Array.of(1, 2, 3)],
      'nonce',
    );
    const later = new Outbox(directory, CARD);
    expect(later.find('upload', 1)).toEqual(said);
    expect([...later.bytes(said.blobs[0]!)]).toEqual([1, 2, 3]);
    expect(said.secret).toBe('nonce');
    expect(later.find('upload', 2)).toBeUndefined();
    expect(later.find('answer', 1)).toBeUndefined();
    expect(new Outbox(directory, 'd'.repeat(64)).find('upload', 1)).toBeUndefined();
  });

  it.each(['upload', 'ready', 'answer'] as const)('is one %s a round, ever', (kind) => {
    const outbox = new Outbox(directory, CARD);
    outbox.record(message(kind, 1, 'a'), [Uint8Array.of(1)]);
    for (const again of [outbox, new Outbox(directory, CARD)]) {
      expect(() => again.record(message(kind, 1, 'a'), [Uint8Array.of(2)])).toThrow(
        expect.objectContaining({ code: 'ALREADY_SAID' }),
      );
      expect(() => again.record(message(kind, 1, 'b'), [Uint8Array.of(2)])).toThrow(
        expect.objectContaining({ code: 'ALREADY_SAID' }),
      );
    }
    expect([...outbox.bytes(`${kind}-1-0.bin`)]).toEqual([1]);
    outbox.record(message(kind, 2, 'b'), [Uint8Array.of(2)]);
    expect([...outbox.bytes(`${kind}-1-0.bin`), ...outbox.bytes(`${kind}-2-0.bin`)]).toEqual([1, 2]);
  });

  it('has its bytes on disk before it is in the log', () => {
    const outbox = new Outbox(directory, CARD);
    // The second blob cannot be written: nothing has been said.
    expect(() => outbox.record(message('deal', 1, 'a'), [Uint8Array.of(1), null as never])).toThrow('data');
    expect(new Outbox(directory, CARD).find('deal', 1)).toBeUndefined();
    expect(readdirSync(directory.file('federation', CARD))).toContain('deal-1-0.bin');
  });

  it('agrees with the transcript, or the site falls silent', () => {
    const outbox = new Outbox(directory, CARD);
    const said = message('upload', 1, 'a') as AnyMessage;
    const restored = expect.objectContaining({
      code: 'LOG_OLDER_THAN_TRANSCRIPT',
      data: { kind: 'upload', round: 1 },
    });
    expect(() => outbox.requireKnows(said)).toThrow(restored);
    outbox.record(message('upload', 1, 'a'), []);
    expect(() => outbox.requireKnows(said)).not.toThrow();
    expect(() => outbox.requireKnows(message('upload', 1, 'b') as AnyMessage)).toThrow(restored);
  });
});
