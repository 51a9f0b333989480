import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AnchorChain, deployAnchor } from '#anchor';
import { fromHex, sha256, toHex, utf8 } from '#core';
import { dayTree, inclusionPath, recordDay } from '#ledger';
import { ARTIFACT, compileAnchor } from '../contracts/anchor-artifact.ts';
import { LocalChain } from './harness/local-chain.ts';

/** A day's record and tree over `size` entries' hashes. */
async function dayOf(day: string, size: number) {
  const hashes = await Promise.all(
    Array.from({ length: size }, async (_, i) => toHex(await sha256(utf8(`${day} ${i}`)))),
  );
  const place = { day, firstIndex: 0, previous: '0'.repeat(64), platformKey: 'ab'.repeat(32) };
  const record = await recordDay(place, hashes);
  return {
    record,
    hashes,
    tree: await dayTree(hashes),
    anchor: { root: record.root, head: 'cd'.repeat(32) },
  };
}

const refusal = (code: string, revert?: string) =>
  expect.objectContaining({ code, ...(revert === undefined ? {} : { data: { revert } }) });

describe('the contract that keeps anchors', () => {
  let chain: LocalChain;
  let anchors: AnchorChain;
  let owner: string;
  let stranger: string;

  beforeAll(async () => {
    chain = await LocalChain.start();
    [owner, stranger] = [await chain.fundedKey(1), await chain.fundedKey(2)];
    const { contract } = await deployAnchor(chain.url, owner);
    anchors = await AnchorChain.connect(chain.url, contract);
  });

  afterAll(async () => {
    anchors.close();
    await chain.stop();
  });

  it('is compiled from the source in this repository', async () => {
    expect(await readFile(ARTIFACT, 'utf8')).toBe(await compileAnchor());
  });

  it('keeps a day and tells where it was anchored', async () => {
    const { anchor } = await dayOf('2026-03-29', 5);
    expect(await anchors.anchored('2026-03-29')).toBeNull();
    const mined = await anchors.anchor('2026-03-29', anchor, owner);
    expect(await anchors.anchored('2026-03-29')).toEqual(anchor);
    expect(await anchors.anchoring('2026-03-29')).toEqual(mined);
    expect(await anchors.anchoring('2026-03-30')).toBeNull();
  });

  it('takes days from its owner only', async () => {
    const { anchor } = await dayOf('2026-03-30', 1);
    await expect(anchors.anchor('2026-03-30', anchor, stranger)).rejects.toEqual(
      refusal('ANCHOR_REFUSED', 'NotOwner'),
    );
    expect(await anchors.anchored('2026-03-30')).toBeNull();
  });

  it.each([
    ['a day twice', '2026-03-29'],
    ['a day before one that it keeps', '2026-03-28'],
  ])('does not take %s', async (_, day) => {
    const kept = await anchors.anchored(day);
    const { anchor } = await dayOf(day, 7);
    await expect(anchors.anchor(day, anchor, owner)).rejects.toEqual(
      refusal('ANCHOR_REFUSED', 'DayNotAfter'),
    );
    expect(await anchors.anchored(day)).toEqual(kept);
  });

  it('does not take a day without a root', async () => {
    const empty = { root: '0'.repeat(64), head: 'cd'.repeat(32) };
    await expect(anchors.anchor('2026-04-30', empty, owner)).rejects.toEqual(
      refusal('ANCHOR_REFUSED', 'Empty'),
    );
  });

  it('finds the path from every entry of a day to its root, whatever their number, and from no other byte, place or path', async () => {
    for (const [n, size] of [1, 2, 3, 5, 8, 13].entries()) {
      const day = `2026-04-0${n + 1}`;
      const { record, hashes, tree, anchor } = await dayOf(day, size);
      await anchors.anchor(day, anchor, owner);
      for (const [index, leaf] of hashes.entries()) {
        const path = inclusionPath(tree, record, index);
        const asked = (other: { leaf?: string; at?: number; path?: readonly string[] }) =>
          anchors.verify(day, other.leaf ?? leaf, [other.at ?? index, size], other.path ?? path);
        expect(await asked({})).toBe(true);
        expect(await asked({ leaf: altered(leaf) })).toBe(false);
        expect(await asked({ path: [...path, anchor.root] })).toBe(false);
        expect(await asked({ at: size })).toBe(false);
        if (size === 1) continue;
        expect(await asked({ at: (index + 1) % size })).toBe(false);
        expect(await asked({ path: path.slice(1) })).toBe(false);
        expect(await asked({ path: [altered(path[0]!), ...path.slice(1)] })).toBe(false);
      }
    }
  }, 60_000);

  it('finds nothing in a day that it does not keep, nor in one of no entries', async () => {
    const { hashes } = await dayOf('2026-03-29', 1);
    expect(await anchors.verify('2026-05-01', hashes[0]!, [0, 1], [])).toBe(false);
    expect(await anchors.verify('2026-03-29', hashes[0]!, [0, 0], [])).toBe(false);
  });

  it('is missed where no contract is, and its chain where nobody answers', async () => {
    const nobody = await AnchorChain.connect(chain.url, `0x${'9'.repeat(40)}`);
    await expect(nobody.anchored('2026-03-29')).rejects.toEqual(refusal('ANCHOR_CONTRACT_UNKNOWN'));
    nobody.close();
    await expect(AnchorChain.connect(chain.url, '0x12')).rejects.toEqual(refusal('ANCHOR_ADDRESS_INVALID'));
    const closed = 'http://127.0.0.1:1/secret';
    const failure = await AnchorChain.connect(closed, anchors.address).catch((error: unknown) => error);
    expect(failure).toEqual(refusal('ANCHOR_UNREACHABLE'));
    expect(String(failure)).not.toContain('secret');
  });
});

/** With another last bit. */
function altered(hash: string): string {
  const bytes = fromHex(hash);
  bytes[31]! ^= 1;
  return toHex(bytes);
}
