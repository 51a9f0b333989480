import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deployAnchor } from '#anchor';
import { run } from './harness/command-line.ts';
import { LedgerDesk } from './harness/ledger-desk.ts';
import { LocalChain } from './harness/local-chain.ts';

/** A platform that is told of a chain; the tests go through its days in this order. */
describe('a ledger that is anchored', () => {
  let directory: string;
  let chain: LocalChain;
  let contract: string;
  let desk: LedgerDesk;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gridcommons-anchored-'));
    chain = await LocalChain.start();
    const key = await chain.fundedKey(1);
    ({ contract } = await deployAnchor(chain.url, key));
    const keyFile = join(directory, 'anchor.key');
    await writeFile(keyFile, key);
    desk = await LedgerDesk.start({
      LEDGER_ANCHOR_RPC_URL: chain.url,
      LEDGER_ANCHOR_CONTRACT: contract,
      LEDGER_ANCHOR_KEY_FILE: keyFile,
    });
    await desk.settle();
  }, 60_000);

  afterAll(async () => {
    await desk.stop();
    await chain.stop();
    await rm(directory, { recursive: true });
  });

  it('tells every member where a day is kept, once it is over', async () => {
    await desk.nextDay();
    const [anchor] = await desk.anchors();
    expect(anchor).toEqual({
      chainId: chain.chainId,
      contract,
      transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      block: 2,
    });
  });

  it('sends no day again after a restart', async () => {
    const sent = chain.sent;
    await desk.market.platform.restart();
    expect(await desk.anchors()).toHaveLength(1);
    expect(chain.sent).toBe(sent);
  });

  it('is verified by who asks the chain', async () => {
    const file = desk.file('ledger.proofs');
    await desk.as(desk.market.firms.buyer, 'export', '--out', file);
    const verify = [
      'ledger',
      'verify',
      '--input',
      file,
      '--rpc',
      chain.url,
      '--contract',
      contract,
      '--json',
    ];
    const { exitCode, stdout } = await run(verify);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      verified: true,
      checks: [{ name: 'days' }, { name: 'entries' }, { name: 'countersignatures' }, { name: 'anchors' }],
    });
  });
});
