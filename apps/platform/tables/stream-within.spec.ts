import { Readable, Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { streamWithin } from './stream-within.ts';

const taken: string[] = [];
const taking = () =>
  new Writable({
    write(chunk, _encoding, done) {
      taken.push(String(chunk));
      done();
    },
  });

describe('streamWithin', () => {
  it('writes all there is', async () => {
    await streamWithin(Readable.from(['a', 'b']), taking(), 60_000);
    expect(taken).toEqual(['a', 'b']);
  });

  it('ends both sides with a code where the client does not take it in time', async () => {
    const source = Readable.from(['a', 'b']);
    const sink = new Writable({
      write() {
        // Never done.
      },
    });
    await expect(streamWithin(source, sink, 5)).rejects.toMatchObject({ code: 'EXPORT_TIME' });
    expect([source.destroyed, sink.destroyed]).toEqual([true, true]);
  });

  it('says what went wrong otherwise', async () => {
    const broken = Readable.from(
      (async function* () {
        yield 'a';
        throw new Error('database gone');
      })(),
    );
    await expect(streamWithin(broken, taking(), 60_000)).rejects.toThrow('database gone');
  });
});
