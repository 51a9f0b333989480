import { beforeAll, describe, expect, it } from '@jest/globals';
import { concat, sha256Hex, utf8 } from '#core';
import {
  agreementKeyPair,
  maskKey,
  seededDither,
  thresholdAggregator,
  thresholdParameters,
} from '#encryption';
import {
  agreementHashOf,
  type BlobReference,
  encodeValues,
  type Released,
  summedGroups,
  type TaskCard,
} from '#federation';
import type { SiteNode } from '../node/node.ts';
import { requireTrueSums } from './true-sums.ts';

const NAMES = ['north', 'east', 'south', 'west', 'up', 'down'];
const ENCRYPTION = thresholdParameters({ values: 5, lanes: 3, fractionBits: 8, maxSites: 16 });
const ACTIVE = [1, 2];
const CARD = {
  encryption: ENCRYPTION,
  release: { sums: 'blocks', blocks: [NAMES.slice(0, 3), NAMES.slice(3)] },
} as unknown as TaskCard;

const valuesOf = (site: number) => Float64Array.from({ length: 5 }, (_, i) => site + i / 4);
const sumOver = (sites: readonly number[]) =>
  Float64Array.from({ length: 5 }, (_, i) => sites.reduce((sum, site) => sum + valuesOf(site)[i]!, 0));
const GROUPS = [sumOver([0, 1, 2]), sumOver([3, 4, 5])];

describe('released sums before a site trains from them', () => {
  const blobs = new Map<string, Uint8Array>();
  const node = {
    client: { getBlob: async (blob: string) => blobs.get(blob)! },
  } as unknown as SiteNode;
  let released: Released;

  const stored = async (bytes: Uint8Array): Promise<BlobReference> => {
    const blob = await sha256Hex(bytes);
    blobs.set(blob, bytes);
    return { blob, bytes: bytes.length };
  };

  beforeAll(async () => {
    using aggregator = await thresholdAggregator(ENCRYPTION);
    const cardHash = await sha256Hex(utf8('true sums'));
    const component = { cardHash, round: 1, chunk: 0 };
    const dealings = NAMES.map(() => aggregator.deal(2, 4));
    const keys = ACTIVE.map(() => agreementKeyPair());
    const shared = maskKey(keys[0]!.privateKey, keys[1]!.publicKey, cardHash);
    const uploads = await Promise.all(
      dealings.map(async ({ secret }, site) => {
        const values = valuesOf(site);
        const [slots] = encodeValues(
          values,
          ENCRYPTION,
          seededDither(secret, { cardHash, step: '0', values }),
        );
        return stored(aggregator.encrypt(secret, slots!, component));
      }),
    );
    const answers = await Promise.all(
      ACTIVE.map(async (index) => {
        const parts = summedGroups(CARD, NAMES).map(async (members, group) =>
          aggregator.answer({
            shares: members.map((name) => dealings[NAMES.indexOf(name)]!.shares[index - 1]!),
            index,
            active: ACTIVE,
            maskKeys: new Map([[index === 1 ? 2 : 1, shared]]),
            agreementHash: await agreementHashOf('u', ACTIVE, group),
            component,
          }),
        );
        return stored(concat(...(await Promise.all(parts))));
      }),
    );
    released = { release: {} as Released['release'], cohort: NAMES, uploads, answers };
  }, 60_000);

  const judged = async (changed: Partial<Released>, groups = GROUPS): Promise<string> => {
    using aggregator = await thresholdAggregator(ENCRYPTION);
    try {
      await requireTrueSums(node, CARD, { ...released, ...changed }, groups, aggregator);
      return 'true';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it('are those of the ciphertexts, group by group, or nothing is trained', async () => {
    expect(await judged({})).toBe('true');
    expect(await judged({}, GROUPS.toReversed())).toBe('SUM_FALSE');
    const shifted = GROUPS.map((values) => values.map((value, i) => (i === 2 ? value + 2 ** -8 : value)));
    expect(await judged({}, shifted)).toBe('SUM_FALSE');
    expect(await judged({ uploads: [released.uploads[1]!, ...released.uploads.slice(1)] })).toBe(
      'CHECKSUM_MISMATCH',
    );
  });
});
