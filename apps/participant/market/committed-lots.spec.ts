import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { generateSigningKey, HOUR_MS, interval, isoInstant, requireSignature } from '#core';
import { commitmentsHash, LOT_CONTEXT, lotCommitment, lotSeed, lotStatement, MARKET_LOT } from '#market';
import { SiteDirectory } from '../node/site-directory.ts';
import { auditLots, commitToLot, revealOwnLot } from './committed-lots.ts';
import { SessionJournal } from './session-journal.ts';
import type { GraphqlClient, Signer } from './signer.ts';

const SLOTS = [interval(0, HOUR_MS), interval(HOUR_MS, 2 * HOUR_MS)];
const MARKET = { participant: MARKET_LOT, nonce: 'ee'.repeat(32) };
const RIVAL = { participant: 'rival', nonce: '11'.repeat(32) };
const LATE = { participant: 'late', nonce: '22'.repeat(32) };

/** A platform that keeps what it is told, and shows what a test has it show. */
class ToldPlatform implements GraphqlClient {
  commitment = '';
  signature = '';
  nonce: string | null = null;
  /** Besides the node. */
  others = [RIVAL];
  refuses = false;
  seedOf: (slot: number) => string = (slot) => lotSeed('s', SLOTS[slot]!, [MARKET, ...this.reveals]);

  get reveals() {
    return [...this.others, { participant: 'p1', nonce: this.nonce! }];
  }

  async request<T>(query: string, variables: Record<string, unknown>): Promise<T> {
    if (this.refuses && query.startsWith('mutation')) throw new Error('lost');
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- plays whatever platform the test describes
    return this.#answer(query, variables as Record<string, string>) as T;
  }

  #answer(query: string, { commitment, signature, nonce }: Record<string, string>): unknown {
    if (query.includes('commitLot')) return Object.assign(this, { commitment, signature });
    if (query.includes('revealLot')) return Object.assign(this, { nonce });
    const pageInfo = { hasNextPage: false, endCursor: null };
    if (query.includes('marketClearings')) {
      const edges = SLOTS.map(({ startMs }, n) => ({ node: { startsAt: isoInstant(startMs), certificate: { options: { seed: this.seedOf(n) } } } })); // prettier-ignore
      return { marketClearings: { edges, pageInfo } };
    }
    const lots = [
      ...this.others.map((each) => ({ ...each, commitment: lotCommitment('s', each) })),
      { participant: 'p1', commitment: this.commitment, nonce: this.nonce },
    ];
    return {
      marketLots: {
        marketCommitment: lotCommitment('s', MARKET),
        marketNonce: MARKET.nonce,
        commitmentsHash: commitmentsHash('s', lots),
        lots: { edges: lots.map(({ participant, ...lot }) => ({ node: { participantId: participant, ...lot } })), pageInfo }, // prettier-ignore
      },
    };
  }
}

describe('a node’s lot', () => {
  let path: string;
  let signer: Signer;
  let publicKey: string;
  let platform: ToldPlatform;
  const journal = () => new SessionJournal(new SiteDirectory(path));

  beforeEach(async () => {
    path = mkdtempSync(join(tmpdir(), 'gridcommons-lots-'));
    const key = await generateSigningKey();
    [publicKey, platform] = [key.publicKey, new ToldPlatform()];
    signer = { participantId: 'p1', privateKey: key.privateKey };
  });

  afterEach(() => rmSync(path, { recursive: true }));

  const drawn = async () => {
    await commitToLot(platform, signer, 's', journal());
    await revealOwnLot(platform, 's', journal());
  };
  const audited = () => auditLots(platform, journal().keptLots('s', 'p1')!, SLOTS);

  it('is committed to by signature, and revealed as what was committed to', async () => {
    await drawn();
    expect(lotCommitment('s', { participant: 'p1', nonce: platform.nonce! })).toBe(platform.commitment);
    const statement = lotStatement('s', { participant: 'p1', commitment: platform.commitment });
    await expect(
      requireSignature(publicKey, LOT_CONTEXT, statement, platform.signature),
    ).resolves.toBeUndefined();
    expect(await audited()).toEqual({ committed: 2, revealed: 2, faults: [] });
  });

  it('is in the journal before it leaves, and the same after a restart', async () => {
    platform.refuses = true;
    await expect(commitToLot(platform, signer, 's', journal())).rejects.toThrow('lost');
    const { nonce } = journal().lot('s');
    platform.refuses = false;
    await drawn();
    expect(platform.nonce).toBe(nonce);
  });

  it('is another in every session', async () => {
    await drawn();
    await commitToLot(platform, signer, 't', journal());
    expect(journal().lot('t').nonce).not.toBe(journal().lot('s').nonce);
  });

  it('is not revealed where it was not committed to, nor before all commitments are told', async () => {
    await expect(revealOwnLot(platform, 's', journal())).rejects.toMatchObject({ code: 'LOT_NOT_COMMITTED' });
    await commitToLot(platform, signer, 's', journal());
    const silent: GraphqlClient = {
      request: async () => ({ marketLots: { commitmentsHash: null } }) as never,
    };
    await expect(revealOwnLot(silent, 's', journal())).rejects.toMatchObject({ code: 'LOTS_UNKNOWN' });
    expect(platform.nonce).toBeNull();
  });

  it.each<[string, readonly string[], (told: ToldPlatform) => void]>([
    [
      'a commitment that came after nonces were known',
      ['commitments'],
      (told) => void told.others.push(LATE),
    ],
    ['a commitment that is gone', ['commitments'], (told) => void (told.others = [])],
    ['its own nonce left out', ['own'], (told) => void (told.nonce = null)],
    ['seeds of something else', ['seeds'], (told) => void (told.seedOf = () => 'ff'.repeat(32))],
    ['one seed for all slots', ['seeds'], (told) => void (told.seedOf = () => lotSeed('s', SLOTS[0]!, [MARKET, ...told.reveals]))], // prettier-ignore
  ])('is found out against %s', async (_what, faults, change) => {
    await drawn();
    change(platform);
    const { faults: found } = await audited();
    expect(found).toEqual(expect.arrayContaining([...faults]));
  });
});
