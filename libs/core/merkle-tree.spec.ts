import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { fromHex, toHex } from './bytes.ts';
import { auditPath, isInTree, merkleRoot, merkleTree } from './merkle-tree.ts';

/** The leaves and roots that implementations of RFC 6962 share as test vectors (certificate-transparency). */
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map(fromHex);
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const leaves = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 40 });
/** The same leaf in two places has each place's path. */
const differentLeaves = leaves.filter((all) => new Set(all.map((leaf) => leaf.join())).size === all.length);

describe('merkleTree', () => {
  it.each(ROOTS.map((root, size) => ({ size, root })))(
    'has the published root of $size leaves',
    async ({ size, root }) => {
      expect(toHex(await merkleRoot(await merkleTree(LEAVES.slice(0, size))))).toBe(root);
    },
  );

  it('has the published path of the sixth of seven leaves', async () => {
    expect(auditPath(await merkleTree(LEAVES.slice(0, 7)), 5).map(toHex)).toEqual([
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
  });

  it('leads from every leaf to the root, whatever their number', async () => {
    await fc.assert(
      fc.asyncProperty(leaves, async (all) => {
        const tree = await merkleTree(all);
        const root = await merkleRoot(tree);
        const found = await Promise.all(
          all.map((leaf, i) => isInTree(leaf, i, all.length, auditPath(tree, i), root)),
        );
        expect(found).toEqual(all.map(() => true));
      }),
      { numRuns: 50 },
    );
  });

  it('leads from no other leaf, place, size or path to it', async () => {
    await fc.assert(
      fc.asyncProperty(differentLeaves, fc.nat(), fc.nat(), fc.nat(255), async (all, which, where, bits) => {
        const tree = await merkleTree(all);
        const root = await merkleRoot(tree);
        const index = which % all.length;
        const path = auditPath(tree, index);
        const leaf = all[index]!;
        const size = all.length;
        const longer = Uint8Array.of(...leaf, bits);
        expect(await isInTree(longer, index, size, path, root)).toBe(false);
        expect(await isInTree(leaf, index, size, [...path, root], root)).toBe(false);
        expect(await isInTree(leaf, (index + 1 + (where % size)) % (size + 1), size, path, root)).toBe(false);
        fc.pre(path.length > 0);
        expect(await isInTree(leaf, index, size, path.slice(1), root)).toBe(false);
        const at = where % path.length;
        const altered = path[at]!.slice();
        altered[where % 32]! ^= bits || 1;
        expect(await isInTree(leaf, index, size, path.with(at, altered), root)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  it('does not take a node for a leaf, nor a leaf past the end', async () => {
    const tree = await merkleTree(LEAVES.slice(0, 4));
    const root = await merkleRoot(tree);
    const inner = new Uint8Array([...tree[0]![0]!, ...tree[0]![1]!]);
    expect(await isInTree(inner, 0, 2, [tree[1]![1]!], root)).toBe(false);
    expect(await isInTree(LEAVES[0]!, 4, 4, auditPath(tree, 0), root)).toBe(false);
    expect(await isInTree(LEAVES[0]!, -1, 4, auditPath(tree, 0), root)).toBe(false);
    expect(await isInTree(LEAVES[0]!, 0, 0, [], root)).toBe(false);
  });
});
