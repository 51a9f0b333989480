import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { AnyMessage } from '#federation';
import { appendEntry, requireChain, type TranscriptEntry } from './chain.ts';

const MESSAGES = ['north', 'east', 'south', 'west'].map((sender): AnyMessage => ({
  cardHash: 'c'.repeat(64),
  round: 1,
  kind: 'reveal',
  sender,
  payload: { nonce: 'a'.repeat(64) },
  signature: 'e'.repeat(128),
}));

async function chain(): Promise<TranscriptEntry[]> {
  const entries: TranscriptEntry[] = [];
  for (const message of MESSAGES) entries.push(await appendEntry(entries.at(-1) ?? null, message));
  return entries;
}

const refusal = (code: string, index: number): unknown => expect.objectContaining({ code, data: { index } });
const OTHER = 'f'.repeat(64);

describe('chain', () => {
  it('begins with 64 zeros', async () => {
    expect((await chain())[0]).toMatchObject({ index: 0, previous: '0'.repeat(64) });
  });

  it('is followed from any entry seen before', async () => {
    const entries = await chain();
    const head = { index: 3, hash: entries[3]!.hash };
    expect(await requireChain(entries)).toEqual(head);
    for (let seen = 1; seen <= 4; seen++) {
      expect(await requireChain(entries.slice(seen), entries[seen - 1])).toEqual(head);
    }
    expect(await requireChain([])).toBeNull();
  });

  it('names a fork of what was seen', async () => {
    const entries = await chain();
    const other = await appendEntry({ index: 1, hash: OTHER }, MESSAGES[2]!);
    await expect(requireChain([other], entries[1])).rejects.toEqual(refusal('TRANSCRIPT_FORKED', 2));
  });

  it('names the first entry that is wrong', async () => {
    const entries = await chain();
    const changed: [TranscriptEntry[], number][] = [
      [entries.slice(1), 0],
      [entries.toSpliced(1, 1), 1],
      [entries.toSpliced(1, 2, entries[2]!, entries[1]!), 1],
      [[...entries, entries[3]!], 4],
      [entries.with(2, { ...entries[2]!, previous: OTHER }), 2],
      [entries.with(2, { ...entries[2]!, hash: OTHER }), 2],
      [entries.with(2, { ...entries[2]!, message: MESSAGES[0]! }), 2],
    ];
    for (const [wrong, index] of changed) {
      await expect(requireChain(wrong)).rejects.toEqual(refusal('TRANSCRIPT_BROKEN', index));
    }
  });

  it('notices any change of any message', async () => {
    const entries = await chain();
    const change = fc.record(
      { round: fc.nat({ max: 9 }), sender: fc.string(), signature: fc.string() },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 3 }), change, async (at, fields) => {
        const message = { ...MESSAGES[at]!, ...fields };
        fc.pre(JSON.stringify(message) !== JSON.stringify(MESSAGES[at]));
        const wrong = entries.with(at, { ...entries[at]!, message });
        await expect(requireChain(wrong)).rejects.toEqual(refusal('TRANSCRIPT_BROKEN', at));
      }),
    );
  });
});
